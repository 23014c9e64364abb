/** A version's units as columns for the matcher, with their ids beside them. */
import { type AccountDatabase, isId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { pathsInVersion, statesInVersion } from '../org-units/state.sql';
import type { MatchSide } from './engine/side';
import type { SideSettings } from './match-run';
import { streamUnits, type VersionKey } from './side.sql';

export interface ReadSide {
  side: MatchSide;
  ids: string[];
  /** Whether each unit may be linked; the others tell where these stand. */
  takesPart: Uint8Array;
  indexOf: ReadonlyMap<string, number>;
}

/** Reads within the transaction it is given. Throws NOT_FOUND for the unit of the subtree. */
export async function readSide(
  db: AccountDatabase,
  version: VersionKey,
  settings: SideSettings,
  onUnits: (count: number) => Promise<void>,
): Promise<ReadSide> {
  const subtree = await subtreePath(db, version, settings);
  const ids: string[] = [];
  const parentIds: (string | null)[] = [];
  const points: number[] = [];
  const takesPart: number[] = [];
  const columns = {
    keys: [] as string[],
    names: [] as string[][],
    codes: [] as string[],
    types: [] as (string | null)[],
  };
  for await (const units of streamUnits(db, version, settings, subtree)) {
    for (const unit of units) {
      ids.push(unit.id);
      parentIds.push(unit.parentId);
      points.push(unit.longitude ?? Number.NaN, unit.latitude ?? Number.NaN);
      takesPart.push(unit.takesPart ? 1 : 0);
      columns.keys.push(unit.reference);
      columns.names.push([unit.name, ...unit.aliases]);
      columns.codes.push(textKey(unit.code));
      columns.types.push(unit.typeId);
    }
    await onUnits(ids.length);
  }
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  return {
    ids,
    indexOf,
    takesPart: Uint8Array.from(takesPart),
    side: {
      ...columns,
      parents: Int32Array.from(parentIds, (id) => (id === null ? -1 : (indexOf.get(id) ?? -1))),
      longitudes: Float64Array.from({ length: ids.length }, (_, index) => points[2 * index] as number),
      latitudes: Float64Array.from({ length: ids.length }, (_, index) => points[2 * index + 1] as number),
    },
  };
}

async function subtreePath(
  db: AccountDatabase,
  { dataSourceId, number }: VersionKey,
  { subtree }: SideSettings,
): Promise<Buffer | undefined> {
  if (subtree == null) return undefined;
  const [state] = await statesInVersion(db, [subtree].filter(isId), dataSourceId, number);
  const [root] = state ? await pathsInVersion(db, [subtree], number) : [];
  if (!root) throw notFound('OrgUnit', subtree);
  return root.path;
}
