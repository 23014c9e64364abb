/**
 * A tree of a million is ready in a third of the time when the indexes that only readers need are made after its rows:
 * keeping them up row by row is most of the work. Only for a database of the benchmark's own.
 */
import type { Database } from '@iroko/database';
import { definitionsOf, type IndexDefinition } from './late-indexes.sql';

/** Does the work without those indexes, makes them again as they were, and brings the statistics up to date. */
export async function withLateIndexes<Result>(
  database: Database,
  report: (line: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const { rows } = await database.pool.query<IndexDefinition>(definitionsOf);
  for (const { name } of rows) await database.pool.query(`DROP INDEX ${name}`);
  try {
    return await work();
  } finally {
    report(`Making ${rows.length} indexes`);
    for (const { definition } of rows) await database.pool.query(definition);
    await database.pool.query('VACUUM ANALYZE');
  }
}
