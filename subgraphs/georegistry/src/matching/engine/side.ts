/**
 * One side of a match: units as columns, so that a hundred thousand of them are a few arrays. The engine works on
 * sides in the order of their keys, so that its answer does not depend on the order of rows.
 */

export interface MatchSide {
  /** Unique on this side: what the source calls the unit. */
  keys: string[];
  /** The name first, then other names. */
  names: string[][];
  /** Empty where there is none. */
  codes: string[];
  /** What kind of place it is, as any label; null where not known. */
  types: (string | null)[];
  /** The index of the unit right above, -1 where there is none. */
  parents: Int32Array;
  /** Degrees; NaN where not known. 0 is a coordinate like any other. */
  longitudes: Float64Array;
  latitudes: Float64Array;
}

export const sizeOf = (side: MatchSide): number => side.keys.length;

/** The side with its units in the order of their keys, and where each stood before. */
export function inKeyOrder(side: MatchSide): { side: MatchSide; original: Int32Array } {
  const { keys } = side;
  const original = Int32Array.from(keys.keys());
  original.sort((a, b) => compareText(keys[a] as string, keys[b] as string));
  const position = new Int32Array(keys.length);
  original.forEach((from, to) => {
    position[from] = to;
  });
  const pick = <Value>(values: ArrayLike<Value>): Value[] =>
    Array.from(original, (from) => values[from] as Value);
  const numbers = (values: Float64Array) => Float64Array.from(original, (from) => values[from] as number);
  return {
    original,
    side: {
      keys: pick(keys),
      names: pick(side.names),
      codes: pick(side.codes),
      types: pick(side.types),
      parents: Int32Array.from(original, (from) => {
        const parent = side.parents[from] as number;
        return parent < 0 ? -1 : (position[parent] as number);
      }),
      longitudes: numbers(side.longitudes),
      latitudes: numbers(side.latitudes),
    },
  };
}

/** By code units, not by a locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An order of sides by what they hold, the smaller first; 0 for two that nothing tells apart. */
export function compareSides(a: MatchSide, b: MatchSide): number {
  if (sizeOf(a) !== sizeOf(b)) return sizeOf(a) - sizeOf(b);
  const [one, other] = [inKeyOrder(a).side, inKeyOrder(b).side];
  for (let unit = 0; unit < sizeOf(one); unit++) {
    const order = compareText(told(one, unit), told(other, unit));
    if (order !== 0) return order;
  }
  return 0;
}

function told(side: MatchSide, unit: number): string {
  return JSON.stringify([
    side.keys[unit],
    side.names[unit],
    side.codes[unit],
    side.types[unit],
    side.parents[unit],
    side.longitudes[unit],
    side.latitudes[unit],
  ]);
}

/** How far each unit is from a root; what stands in a circle counts as far as it was followed. */
export function depthsOf({ parents }: MatchSide): Int32Array {
  const depths = new Int32Array(parents.length).fill(-1);
  for (let unit = 0; unit < parents.length; unit++) {
    const way: number[] = [];
    let at = unit;
    while (at >= 0 && depths[at] === -1 && way.length < 64) {
      way.push(at);
      at = parents[at] as number;
    }
    let depth = at < 0 ? -1 : (depths[at] as number);
    while (way.length > 0) depths[way.pop() as number] = ++depth;
  }
  return depths;
}
