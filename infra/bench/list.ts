/** Every benchmark there is. */
import type { Benchmark } from './benchmark';
import { diff } from './diff/diff';
import { gatewayFederated, gatewayList } from './gateway/gateway';

export const BENCHMARKS: readonly Benchmark[] = [diff, gatewayList, gatewayFederated];
