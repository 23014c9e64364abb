/** Few runs on a shared machine: the median is the figure, the extremes say how much to trust it. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('There is no median of nothing.');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Four significant digits: more would claim a precision that is not there. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** `12.3 (min 11.9, max 14.2)`. */
export function spread(values: readonly number[]): string {
  return `${rounded(median(values))} (min ${rounded(Math.min(...values))}, max ${rounded(Math.max(...values))})`;
}
