/**
 * A small tree of org units in a released version, written directly: subgraphs that only refer to places need none
 * of georegistry's services to have some.
 */
import { type AccountDatabase, newId } from '@iroko/database';
import { insertDraft, insertSource, insertUnit, releaseDraft } from './released-units.sql';

export interface SeededUnits {
  dataSourceId: string;
  /** The ids of the units, in the order of their names. */
  unitIds: string[];
}

export interface SeedUnitsOptions {
  sourceName?: string;
  /** False leaves the version a draft. */
  release?: boolean;
}

/**
 * Makes a source whose version 1 has these units side by side. The first has the reference `ref-1` and the code
 * `C1`, and so on; a name serves as its own key, so write it in plain lower case.
 */
export async function seedReleasedUnits(
  db: AccountDatabase,
  names: readonly string[],
  { sourceName = `source ${newId()}`, release = true }: SeedUnitsOptions = {},
): Promise<SeededUnits> {
  const dataSourceId = newId();
  const unitIds = names.map(() => newId());
  await db.transaction(async (tx) => {
    await insertSource(tx, { id: dataSourceId, name: sourceName });
    await insertDraft(tx, { id: newId(), dataSourceId });
    for (const [index, name] of names.entries()) {
      await insertUnit(tx, { id: unitIds[index] as string, dataSourceId, number: index + 1, name });
    }
    if (release) await releaseDraft(tx, dataSourceId);
  });
  return { dataSourceId, unitIds };
}
