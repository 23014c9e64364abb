/** Lists of units as tests of the matcher write them, and as it takes them. */
import type { MatchSide } from '../matching/engine/side';

export interface ListedUnit {
  key: string;
  name: string;
  aliases?: string[];
  code?: string;
  type?: string;
  /** The key of the unit above. */
  parent?: string;
  /** Longitude and latitude. */
  at?: [number, number];
}

export function side(units: readonly ListedUnit[]): MatchSide {
  const index = new Map(units.map(({ key }, at) => [key, at]));
  return {
    keys: units.map(({ key }) => key),
    names: units.map(({ name, aliases = [] }) => [name, ...aliases]),
    codes: units.map(({ code = '' }) => code),
    types: units.map(({ type }) => type ?? null),
    parents: Int32Array.from(units, ({ parent }) => index.get(parent ?? '') ?? -1),
    longitudes: Float64Array.from(units, ({ at }) => at?.[0] ?? Number.NaN),
    latitudes: Float64Array.from(units, ({ at }) => at?.[1] ?? Number.NaN),
  };
}

const SYLLABLES = ['ka', 'lu', 'mbo', 'ti', 'nze', 'ro', 'wa', 'shi'];

/** So many villages with names of their own, a kilometre or more from each other. */
export function villages(count: number, prefix: string): ListedUnit[] {
  return Array.from({ length: count }, (_, n) => {
    const syllable = (at: number) => SYLLABLES[Math.floor(n / 8 ** at) % 8];
    return {
      key: `${prefix}${n}`,
      name: `Centre de santé ${syllable(0)}${syllable(1)}${syllable(2)}mi`,
      at: [20 + (n % 37) * 0.11, 3 + Math.floor(n / 37) * 0.13],
    };
  });
}
