/**
 * After a change of the master key: what earlier keys sealed is sealed anew, so that those keys can be forgotten.
 * Stopped halfway it goes on where it was when it is called again; what is read meanwhile opens under either key.
 */
import type { Database } from '@iroko/database';
import { type MasterKeys, Seal } from '@iroko/secrets';
import { SEALED_COLUMNS, type SealedColumn, type SealedRow } from './reseal.sql';

const BATCH = 200;

export interface Resealed {
  /** What was sealed, such as `webhook secrets`. */
  name: string;
  resealed: number;
  /** Ids of rows that none of the given keys opens; they stay as they are. */
  unopened: string[];
}

export async function resealSecrets(database: Database, masterKeys: MasterKeys): Promise<Resealed[]> {
  const outcomes: Resealed[] = [];
  for (const column of SEALED_COLUMNS) outcomes.push(await resealColumn(database, masterKeys, column));
  return outcomes;
}

async function resealColumn(
  { system }: Database,
  masterKeys: MasterKeys,
  column: SealedColumn,
): Promise<Resealed> {
  const seal = new Seal(masterKeys, column.purpose);
  const outcome: Resealed = { name: column.name, resealed: 0, unopened: [] };
  for (let after = ''; ; ) {
    const rows = await column.outdated(system, seal.prefix, after, BATCH);
    for (const row of rows) {
      const plain = opened(seal, row, column);
      if (plain === undefined) outcome.unopened.push(row.id);
      else outcome.resealed += await column.replace(system, row, seal.close(plain, column.context(row)));
    }
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return outcome;
    after = last.id;
  }
}

function opened(seal: Seal, row: SealedRow, column: SealedColumn): Buffer | undefined {
  try {
    return seal.open(row.sealed, column.context(row));
  } catch {
    return undefined;
  }
}
