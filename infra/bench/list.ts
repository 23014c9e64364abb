/** Every benchmark there is. */
import type { Benchmark } from './benchmark';
import { compare } from './compare/compare';
import { diff } from './diff/diff';
import { feed, feedLatency, feedLatency99 } from './feed/feed';
import { logCostOfImports, logCostOfMutations } from './feed/log-cost';
import { gatewayFederated, gatewayList } from './gateway/gateway';
import { invitation, passwordReset, registration, signIn } from './identity/sign-in';
import { viewer } from './identity/viewer';
import { importBenchmark } from './import/import';
import { reimport, reimportHalf } from './import/reimport';
import { matchBenchmark } from './match/match';
import { search } from './search/search';

export const BENCHMARKS: readonly Benchmark[] = [
  importBenchmark,
  reimport,
  reimportHalf,
  diff,
  compare,
  search,
  gatewayList,
  gatewayFederated,
  feed,
  feedLatency,
  feedLatency99,
  logCostOfMutations,
  logCostOfImports,
  matchBenchmark,
  viewer,
  signIn,
  passwordReset,
  registration,
  invitation,
];
