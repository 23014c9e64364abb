/** Matching by what both sides write alike: the reference, or the code. Only what is unique on both sides is a match. */
import { type MatchSide, sizeOf } from './engine/side';

export interface ExactPairs {
  pairs: { left: number; right: number }[];
  /** Values that several units of one side bear: they tell nothing, and nothing is linked by them. */
  ambiguous: number;
}

export function matchExactly(left: MatchSide, right: MatchSide, by: 'REFERENCE' | 'CODE'): ExactPairs {
  const [ours, theirs] = [byValue(left, by), byValue(right, by)];
  const pairs: ExactPairs['pairs'] = [];
  let ambiguous = 0;
  for (const [value, units] of ours) {
    const others = theirs.get(value);
    if (!others) continue;
    if (units.length > 1 || others.length > 1) ambiguous++;
    else pairs.push({ left: units[0] as number, right: others[0] as number });
  }
  return { pairs, ambiguous };
}

function byValue(side: MatchSide, by: 'REFERENCE' | 'CODE'): Map<string, number[]> {
  const values = by === 'REFERENCE' ? side.keys : side.codes;
  const units = new Map<string, number[]>();
  for (let unit = 0; unit < sizeOf(side); unit++) {
    const value = (values[unit] as string).trim();
    if (value === '') continue;
    const list = units.get(value);
    if (list) list.push(unit);
    else units.set(value, [unit]);
  }
  return units;
}
