/**
 * Many changes of a draft at once: checked as one tree, and written in one statement. Whatever is refused, nothing is
 * written.
 */
import type { AccountTransaction } from '@iroko/database';
import { ApiError, badInput, conflict } from '@iroko/errors';
import {
  createDraftPaths,
  foreignTypes,
  movesAnything,
  typeViolations,
  unreachedUnits,
} from './draft-tree.sql';
import { findReplaced, numberNewUnits, writeKeys } from './draft-unit.sql';
import { countDraftUnits, insertNewUnits, writeDraft } from './write-draft.sql';

const NAMED = 20;

export interface WrittenUnits {
  added: number;
  changed: number;
  removed: number;
}

/**
 * Writes what `draft_unit` holds into the draft of that number, which is locked. Throws CONFLICT when units would stand
 * below one that goes or in a circle, BAD_USER_INPUT for a place that types do not allow, FORBIDDEN for a type that the
 * actor may not create.
 */
export async function writeDraftUnits(
  tx: AccountTransaction,
  dataSourceId: string,
  draft: number,
  say: (step: string) => Promise<void>,
): Promise<WrittenUnits> {
  await findReplaced(tx);
  await numberNewUnits(tx, dataSourceId);
  await writeKeys(tx);
  const counts = await countDraftUnits(tx);
  if (counts.added + counts.changed + counts.removed === 0) return counts;
  await say('Building the tree');
  const { moves } = await movesAnything(tx);
  await createDraftPaths(tx, dataSourceId, moves);
  if (moves) await refuseUnreached(tx);
  await refuseTypes(tx);
  await say(`Writing ${counts.added + counts.changed + counts.removed} changes`);
  await insertNewUnits(tx, dataSourceId);
  await writeDraft(tx, dataSourceId, draft);
  return counts;
}

async function refuseUnreached(tx: AccountTransaction): Promise<void> {
  const units = await unreachedUnits(tx, NAMED);
  if (units.length === 0) return;
  const names = units.map(({ name }) => JSON.stringify(name)).join(', ');
  const [first] = units;
  const reason = first?.parentGoes
    ? 'would be left below a unit that goes. Let them go too, move them, or keep the unit above'
    : 'would stand below themselves, or deeper than 64 levels';
  throw conflict(`${names} ${reason}.`, { unitIds: units.map(({ unitId }) => unitId) });
}

async function refuseTypes(tx: AccountTransaction): Promise<void> {
  const foreign = await foreignTypes(tx);
  if (foreign.length > 0) {
    throw new ApiError(
      'FORBIDDEN',
      `Units of the types ${foreign.map(({ name }) => JSON.stringify(name)).join(', ')} are created by members of certain roles, and you hold none of them.`,
      { permission: 'org_units.edit' },
    );
  }
  const violations = await typeViolations(tx, NAMED);
  const [first] = violations;
  if (!first) return;
  const what = first.typeName === null ? 'a unit without a type' : `a ${JSON.stringify(first.typeName)}`;
  throw badInput(
    `${JSON.stringify(first.name)} is ${what}, which may not stand below a ${JSON.stringify(first.parentTypeName)}. Change the place or the type, or allow it in the type of the parent.`,
    { rule: 'TYPE_NOT_ALLOWED_BELOW', unitIds: violations.map(({ unitId }) => unitId) },
  );
}
