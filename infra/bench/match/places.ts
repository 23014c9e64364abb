/** A list of places as the generators of the match benchmark take and give it, and its form for the matcher. */
import type { MatchSide } from '@iroko/georegistry';

export interface Place {
  reference: string;
  name: string;
  type: string | null;
  /** The reference of the place right above; null for a root. */
  parent: string | null;
  longitude: number | null;
  latitude: number | null;
}

/** Which place of a spoiled copy each place of the original is; null for one that was dropped. */
export type Labels = Map<string, string | null>;

export interface SpoiledCopy {
  places: Place[];
  labels: Labels;
}

export function sideOf(places: readonly Place[]): MatchSide {
  const index = new Map(places.map(({ reference }, at) => [reference, at]));
  return {
    keys: places.map(({ reference }) => reference),
    names: places.map(({ name }) => [name]),
    codes: places.map(() => ''),
    types: places.map(({ type }) => type),
    parents: Int32Array.from(places, ({ parent }) => (parent === null ? -1 : (index.get(parent) ?? -1))),
    longitudes: Float64Array.from(places, ({ longitude }) => longitude ?? Number.NaN),
    latitudes: Float64Array.from(places, ({ latitude }) => latitude ?? Number.NaN),
  };
}

/** The places that have none below them. */
export function leaves(places: readonly Place[]): Place[] {
  const above = new Set(places.map(({ parent }) => parent));
  return places.filter(({ reference }) => !above.has(reference));
}
