/**
 * Ours and the baseline in turn, so that a machine that grows slower or warmer meets both alike. One run of
 * each warms up and is thrown away.
 */
import type { BenchmarkOptions } from './benchmark';
import { median, spread } from './statistics';

export type Run = () => Promise<number>;

export interface RoundsResult {
  value: number;
  baseline: number;
  runs: { value: number[]; baseline: number[] };
}

export async function alternate(
  sides: { ours: Run; baseline: Run },
  { rounds, report }: Pick<BenchmarkOptions, 'rounds' | 'report'>,
  unit: string,
): Promise<RoundsResult> {
  report('Warming up');
  await sides.ours();
  await sides.baseline();
  const runs = { value: [] as number[], baseline: [] as number[] };
  for (let round = 1; round <= rounds; round += 1) {
    const value = await sides.ours();
    const baseline = await sides.baseline();
    runs.value.push(value);
    runs.baseline.push(baseline);
    report(`Round ${round}: ${value.toFixed(2)} ${unit}, baseline ${baseline.toFixed(2)} ${unit}`);
  }
  report(`Ours ${spread(runs.value)} ${unit}; baseline ${spread(runs.baseline)} ${unit}`);
  return { value: median(runs.value), baseline: median(runs.baseline), runs };
}
