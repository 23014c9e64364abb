/** What a benchmark is, and what it answers. See docs/benchmarks.md for how to read the figures. */
import type { Cleanup } from './cleanup';

export interface BenchmarkOptions {
  /** How much data: units of the tree. */
  rows: number;
  /** The same seed makes the same data. */
  seed: string;
  /** Measured runs of each side; one more before them warms up. */
  rounds: number;
  /** Whatever was started registers its end here. */
  cleanup: Cleanup;
  /** Progress for a person, on stderr. */
  report(line: string): void;
}

export interface Measurement {
  /** The median of ours. */
  value: number;
  /** The median of what it is compared with. */
  baseline: number;
  /** Every measured run, in order. */
  runs: { value: number[]; baseline: number[] };
  /** Of the process under test, in MiB; null where the system does not tell. */
  peakRssMb: number | null;
  /** Whatever else is worth keeping beside the figure. */
  details?: Record<string, unknown>;
}

export interface Benchmark {
  name: string;
  description: string;
  unit: 's' | 'ms' | 'requests/s' | 'events/s';
  /** What the ratio value / baseline shall be. */
  goal: { atMost: number } | { atLeast: number };
  defaultRows: number;
  run(options: BenchmarkOptions): Promise<Measurement>;
}

export function meetsGoal(goal: Benchmark['goal'], ratio: number): boolean {
  return 'atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast;
}

export function goalInWords(goal: Benchmark['goal']): string {
  return 'atMost' in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`;
}
