/** Every benchmark there is. */
import type { Benchmark } from './benchmark';
import { gatewayFederated, gatewayList } from './gateway/gateway';

export const BENCHMARKS: readonly Benchmark[] = [gatewayList, gatewayFederated];
