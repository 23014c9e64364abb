/**
 * What resolvers look up while they answer, in batches: fifty units with parent and groups are three statements.
 * A key that is no id finds nothing, like an id that never was.
 */
import { isId } from '@iroko/database';
import { inOrderOf } from '@iroko/graph';
import type { GeoContext } from './context';
import { type GroupRow, groupsById } from './groups/group.sql';
import type { MatchRunRow } from './matching/match-run';
import { runsById } from './matching/match-run.sql';
import type { StateRow } from './org-units/state';
import {
  childCounts,
  currentStates,
  lastStates,
  pathsInVersion,
  statesInVersion,
  unitsWithChildren,
} from './org-units/state.sql';
import { geometriesByHash, type ShapeRow, shapesByHash } from './shapes/shape.sql';
import type { SourceRow } from './sources/source';
import { sourcesById } from './sources/source.sql';
import { type TypeRow, typesById } from './types/type.sql';
import { seesDrafts, type VersionRow } from './versions/version';
import { type VersionName, versionsById, versionsByNumber } from './versions/version.sql';

const ids = (keys: readonly string[]): string[] => keys.filter(isId);

/** A unit in a version of its source. */
export interface StateKey {
  unitId: string;
  dataSourceId: string;
  number: number;
}

const stateKey = (key: StateKey): string => `${key.unitId} ${key.dataSourceId} ${key.number}`;

/** Calls once per version among the keys (nearly always one) and puts the answers into the order of the keys. */
async function byVersion<Value>(
  keys: readonly StateKey[],
  batch: (ids: string[], source: string, number: number) => Promise<Map<string, Value>>,
): Promise<(Value | undefined)[]> {
  const versions = new Map<string, StateKey[]>();
  for (const key of keys) {
    const version = `${key.dataSourceId} ${key.number}`;
    const group = versions.get(version);
    if (group) group.push(key);
    else versions.set(version, [key]);
  }
  const found = new Map<string, Value>();
  await Promise.all(
    [...versions.values()].map(async (group) => {
      const { dataSourceId, number } = group[0] as StateKey;
      const wanted = group.map((key) => key.unitId);
      const answers = await batch(wanted, dataSourceId, number);
      for (const key of group) {
        const value = answers.get(key.unitId);
        if (value !== undefined) found.set(stateKey(key), value);
      }
    }),
  );
  return keys.map((key) => found.get(stateKey(key)));
}

export const loaders = {
  source: (context: GeoContext) =>
    context.loader<string, SourceRow | undefined>('source', async (keys) =>
      inOrderOf(keys, await sourcesById(context.db, ids(keys)), (row) => row.id),
    ),

  version: (context: GeoContext) =>
    context.loader<string, VersionRow | undefined>('version', async (keys) =>
      inOrderOf(keys, await versionsById(context.db, ids(keys)), (row) => row.id),
    ),

  versionByNumber: (context: GeoContext) =>
    context.loader<VersionName, VersionRow | undefined>(
      'versionByNumber',
      async (keys) => {
        const rows = await versionsByNumber(context.db, keys);
        const found = new Map(rows.map((row) => [`${row.dataSourceId} ${row.number}`, row]));
        return keys.map((key) => found.get(`${key.dataSourceId} ${key.number}`));
      },
      (key) => `${key.dataSourceId} ${key.number}`,
    ),

  type: (context: GeoContext) =>
    context.loader<string, TypeRow | undefined>('type', async (keys) =>
      inOrderOf(keys, await typesById(context.db, ids(keys)), (row) => row.id),
    ),

  matchRun: (context: GeoContext) =>
    context.loader<string, MatchRunRow | undefined>('matchRun', async (keys) =>
      inOrderOf(keys, await runsById(context.db, ids(keys)), (row) => row.id),
    ),

  group: (context: GeoContext) =>
    context.loader<string, GroupRow | undefined>('group', async (keys) =>
      inOrderOf(keys, await groupsById(context.db, ids(keys)), (row) => row.id),
    ),

  /** Units as the current version of their source has them. */
  currentUnit: (context: GeoContext) =>
    context.loader<string, StateRow | undefined>('currentUnit', async (keys) =>
      inOrderOf(
        keys,
        await currentStates(context.db, ids(keys), seesDrafts(context.viewer)),
        (row) => row.unitId,
      ),
    ),

  /** Like `currentUnit`, and a unit that the current version holds no more as the last one before had it. */
  knownUnit: (context: GeoContext) =>
    context.loader<string, StateRow | undefined>('knownUnit', async (keys) => {
      const current = await loaders.currentUnit(context).loadMany([...keys]);
      const gone = keys.filter((_, index) => current[index] === undefined);
      const last =
        gone.length === 0 ? [] : await lastStates(context.db, ids(gone), seesDrafts(context.viewer));
      const found = new Map(last.map((row) => [row.unitId, row]));
      return keys.map((key, index) => {
        const row = current[index];
        if (row instanceof Error) throw row;
        return row ?? found.get(key.toLowerCase());
      });
    }),

  state: (context: GeoContext) =>
    context.loader<StateKey, StateRow | undefined>(
      'state',
      (keys) =>
        byVersion(keys, async (wanted, source, number) => {
          const rows = await statesInVersion(context.db, ids(wanted), source, number);
          return new Map(rows.map((row) => [row.unitId, row]));
        }),
      stateKey,
    ),

  path: (context: GeoContext) =>
    context.loader<StateKey, Buffer | undefined>(
      'path',
      (keys) =>
        byVersion(keys, async (wanted, _source, number) => {
          const rows = await pathsInVersion(context.db, ids(wanted), number);
          return new Map(rows.map((row) => [row.unitId, row.path]));
        }),
      stateKey,
    ),

  childCount: (context: GeoContext) =>
    context.loader<StateKey, number | undefined>(
      'childCount',
      (keys) =>
        byVersion(keys, async (wanted, source, number) => {
          const rows = await childCounts(context.db, wanted, source, number);
          return new Map(rows.map((row) => [row.parentId, row.count]));
        }),
      stateKey,
    ),

  hasChildren: (context: GeoContext) =>
    context.loader<StateKey, boolean | undefined>(
      'hasChildren',
      (keys) =>
        byVersion(keys, async (wanted, source, number) => {
          const rows = await unitsWithChildren(context.db, wanted, source, number);
          return new Map(rows.map((row) => [row.unitId, true]));
        }),
      stateKey,
    ),

  /** By the hexadecimal hash. */
  shape: (context: GeoContext) =>
    context.loader<string, Omit<ShapeRow, 'wkb'> | undefined>('shape', async (keys) => {
      const rows = await shapesByHash(context.db, keys.map(fromHex));
      return inOrderOf(keys, rows, (row) => row.hash.toString('hex'));
    }),

  /** By the hexadecimal hash: geometries of a level of simplification. */
  geometry: (context: GeoContext, level: number) =>
    context.loader<string, Buffer | undefined>(`geometry ${level}`, async (keys) => {
      const rows = await geometriesByHash(context.db, keys.map(fromHex), level);
      const found = new Map(rows.map((row) => [row.hash.toString('hex'), row.wkb]));
      return keys.map((key) => found.get(key));
    }),
};

const fromHex = (hash: string): Buffer => Buffer.from(hash, 'hex');
