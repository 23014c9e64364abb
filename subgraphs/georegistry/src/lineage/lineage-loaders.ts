/** What resolvers of lineage look up while they answer, in batches: fifty units cost as many statements as one. */
import { isId } from '@iroko/database';
import type { GeoContext } from '../context';
import type { StateKey } from '../loaders';
import type { StateRow } from '../org-units/state';
import type { LineageRole, LineageRow, LineageUnitRow } from './lineage';
import { lineagesById, lineagesOfUnits, namedUnits } from './lineage.sql';
import { standingUnits, unitsBefore } from './succession.sql';

export type TakenPart = LineageRow & { unitId: string; role: LineageRole; ended: boolean };

export interface UnitBefore {
  unitId: string;
  lineageId: string;
  reference: string;
  name: string;
  code: string;
  ended: boolean;
}

/** Of a version as this viewer reads it: by its number, one loader each. */
type VersionKey = Omit<StateKey, 'unitId'>;

const named = (what: string, { dataSourceId, number }: VersionKey) => `${what} ${dataSourceId} ${number}`;

/** Rows of keys, put together by the unit that was asked for. */
function byUnit<Row>(keys: readonly string[], rows: readonly Row[], unitOf: (row: Row) => string): Row[][] {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const list = found.get(unitOf(row));
    if (list) list.push(row);
    else found.set(unitOf(row), [row]);
  }
  return keys.map((key) => found.get(key.toLowerCase()) ?? []);
}

export const lineageLoaders = {
  lineage: (context: GeoContext) =>
    context.loader<string, LineageRow | undefined>('lineage', async (keys) => {
      const rows = await lineagesById(context.db, keys.filter(isId));
      const found = new Map(rows.map((row) => [row.id, row]));
      return keys.map((key) => found.get(key.toLowerCase()));
    }),

  units: (context: GeoContext) =>
    context.loader<string, LineageUnitRow[]>('unitsOfLineage', async (keys) =>
      byUnit(keys, await namedUnits(context.db, keys), (row) => row.lineageId),
    ),

  /** The operations up to a version that each took part in, also by moving along. */
  parts: (context: GeoContext, version: VersionKey) =>
    context.loader<string, TakenPart[]>(named('operations', version), async (keys) =>
      byUnit(keys, await lineagesOfUnits(context.db, keys, version.number), (row) => row.unitId),
    ),

  /** The ids of the units that stand in the place of each. */
  standing: (context: GeoContext, version: VersionKey) =>
    context.loader<string, string[]>(named('standing', version), async (keys) => {
      const rows = await standingUnits(context.db, keys, version.dataSourceId, version.number);
      return byUnit(keys, rows, (row) => row.askedId).map((list) => list.map(({ unitId }) => unitId));
    }),

  before: (context: GeoContext, version: VersionKey) =>
    context.loader<string, UnitBefore[]>(named('before', version), async (keys) =>
      byUnit(
        keys,
        await unitsBefore(context.db, keys, version.dataSourceId, version.number),
        (row) => row.askedId,
      ),
    ),
};

/** The operations that were about a unit, and not only about those above it. */
export async function operationsOn(context: GeoContext, key: StateKey): Promise<TakenPart[]> {
  const parts = await lineageLoaders.parts(context, key).load(key.unitId);
  return parts.filter(({ role }) => role !== 'MOVED');
}

/** The operation that ended the unit last, as far as it does not stand again. */
export function endOf(state: StateRow | undefined, operations: readonly TakenPart[]): TakenPart | undefined {
  if (state && state.closedDate === null) return undefined;
  return operations.filter(({ ended }) => ended).at(-1);
}
