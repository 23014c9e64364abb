/** What stands in a source's draft after an import, read straight from the tables, and sources to import into. */
import { createSource } from '../sources/edit-source';
import type { ImportGround } from './imports';

/** A unit as the newest version has it. */
export interface Imported {
  unitId: string;
  reference: string;
  name: string;
  /** Names from the root down, the unit's own last. */
  names: string[];
  longitude: number | null;
  latitude: number | null;
  revision: number;
  attributes: Record<string, string> | null;
}

/** A source of its own, so that tests share a database and nothing else. */
export async function freshSource(ground: ImportGround): Promise<string> {
  return (await createSource(ground.db, { name: `Source ${Math.random()}` })).id;
}

/** All units of the newest version, by their names from the root down. */
export const importedUnits = ({ db }: ImportGround, dataSourceId: string) =>
  db.rows<Imported>(db.sql`
    WITH RECURSIVE open AS (
      SELECT s.* FROM georegistry.org_unit_state s
      WHERE s.account_id = ${db.account} AND s.data_source_id = ${dataSourceId} AND s.to_version IS NULL
    ), tree AS (
      SELECT o.unit_id, ARRAY[o.name] AS names FROM open o WHERE o.parent_id IS NULL
      UNION ALL
      SELECT o.unit_id, t.names || o.name FROM tree t JOIN open o ON o.parent_id = t.unit_id
    )
    SELECT o.unit_id AS "unitId", u.reference, o.name, t.names, o.longitude, o.latitude, o.revision, o.attributes
    FROM open o JOIN tree t ON t.unit_id = o.unit_id
    JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = o.unit_id
    ORDER BY t.names, u.reference`);

export const importedNames = async (ground: ImportGround, dataSourceId: string): Promise<string[]> =>
  (await importedUnits(ground, dataSourceId)).map(({ names }) => names.join(' / '));

/** How many states the source has, of all versions, and when the last was written: what an idle import leaves as is. */
export const writtenStates = ({ db }: ImportGround, dataSourceId: string) =>
  db.one<{ states: number; revisions: number; lastWritten: Date | null }>(db.sql`
    SELECT count(*) AS states, coalesce(sum(s.revision), 0)::integer AS revisions, max(s.written_at) AS "lastWritten"
    FROM georegistry.org_unit_state s
    WHERE s.account_id = ${db.account} AND s.data_source_id = ${dataSourceId}`);

/** Holds back every write of the table, so that a job stands still in the middle of its writing. */
export async function holdWrites(
  { database }: Pick<ImportGround, 'database'>,
  table: 'georegistry.org_unit_state' | 'georegistry.link' = 'georegistry.org_unit_state',
): Promise<{
  /** Resolves when a writer waits. */
  reached(withinMs?: number): Promise<void>;
  letGo(): Promise<void>;
}> {
  const client = await database.pool.connect();
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${table} IN SHARE MODE`);
  return {
    reached: (withinMs) =>
      until(async () => {
        const { rowCount } = await client.query(
          'SELECT 1 FROM pg_locks WHERE NOT granted AND relation = $1::regclass',
          [table],
        );
        return rowCount === 1;
      }, withinMs),
    async letGo() {
      await client.query('ROLLBACK');
      client.release();
    },
  };
}

/** Looks until it is so; fails after the time. */
export async function until(isSo: () => Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`This did not come about within ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
