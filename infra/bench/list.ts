/** Every benchmark there is. */
import type { Benchmark } from './benchmark';

export const BENCHMARKS: readonly Benchmark[] = [];
