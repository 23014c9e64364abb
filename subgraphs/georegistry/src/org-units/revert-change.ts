/** Taking an edit of a unit back, as a new edit of the draft under the same rules. */
import { type ChangeEvent, editToRevert } from '@iroko/changes';
import type { AccountDatabase } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { type UnitFields, updateUnit } from './edit-unit';
import { contentOf, type StateRow } from './state';
import { CONTENT_FIELDS } from './unit-content';
import { lockUnit } from './unit-in-draft';

/**
 * Throws NOT_FOUND for an event that is none of a unit, BAD_USER_INPUT for one that edited no unit (a creation, a
 * removal), CONFLICT with the fields that were changed since, and what an edit throws.
 */
export async function revertUnitChange(
  db: AccountDatabase,
  eventId: string,
  reason: string | null,
): Promise<StateRow> {
  const edit = await editToRevert(db, eventId, 'OrgUnit', CONTENT_FIELDS, reason, refuseLineage);
  return db.transaction(async (tx) => {
    const { state } = await lockUnit(tx, edit.subjectId);
    edit.requireUnchanged(contentOf(state));
    const fields = edit.fields as UnitFields;
    return updateUnit(tx, edit.subjectId, state.revision, fields, { revert: edit.words });
  });
}

/** A lineage changes several units, and is taken back as a whole. */
function refuseLineage({ action, after }: ChangeEvent): void {
  if (after?.lineageId === undefined) return;
  throw badInput(
    `A ${action} concerns several units: undoLineage takes it back as a whole while its version is a draft.`,
    { path: ['event'], lineageId: after.lineageId },
  );
}
