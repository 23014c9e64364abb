/**
 * Taking a change back: the fields that an event changed become what they were before it, as a new edit of the draft
 * under the same rules. What was changed again since is not taken back unseen.
 */
import { isDeepStrictEqual } from 'node:util';
import { type ChangeEvent, readChange } from '@iroko/changes';
import { type AccountDatabase, isId } from '@iroko/database';
import { badInput, conflict, notFound } from '@iroko/errors';
import { type EditWords, type UnitFields, updateUnit } from './edit-unit';
import { contentOf, type StateRow } from './state';
import { CONTENT_FIELDS, type ContentField, type UnitContent } from './unit-content';
import { lockUnit } from './unit-in-draft';

/**
 * Throws NOT_FOUND for an event that is none of a unit, BAD_USER_INPUT for one that edited no unit (a creation, a
 * removal), CONFLICT with the fields that were changed since, and what an edit throws.
 */
export async function revertUnitChange(
  db: AccountDatabase,
  eventId: string,
  words: EditWords = {},
): Promise<StateRow> {
  const event = isId(eventId) ? await readChange(db, eventId) : undefined;
  if (event?.subjectType !== 'OrgUnit') throw notFound('ChangeEvent', eventId);
  const { fields, before, after } = editOf(event);
  return db.transaction(async (tx) => {
    const { state } = await lockUnit(tx, event.subjectId);
    const since = changedSince(fields, contentOf(state), after);
    if (since.length > 0) {
      throw conflict(
        `Changed again since: ${since.join(', ')}. Take the later change back first, or edit the unit.`,
        {
          fields: since,
        },
      );
    }
    const edit = Object.fromEntries(fields.map((field) => [field, before[field]])) as UnitFields;
    return updateUnit(tx, event.subjectId, state.revision, edit, { ...words, action: 'REVERT' });
  });
}

interface RecordedEdit {
  fields: ContentField[];
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

function editOf({ action, before, after }: ChangeEvent): RecordedEdit {
  if (after?.lineageId !== undefined) {
    throw badInput(
      `A ${action} concerns several units: undoLineage takes it back as a whole while its version is a draft.`,
      { path: ['event'], lineageId: after.lineageId },
    );
  }
  const fields = CONTENT_FIELDS.filter((field) => before && after && field in before && field in after);
  if (before && after && fields.length > 0) return { fields, before, after };
  throw badInput(`A change of the kind ${action} is no edit that could be taken back.`, { path: ['event'] });
}

/** The fields that are no longer what the event made of them. */
export function changedSince(
  fields: readonly ContentField[],
  now: UnitContent,
  after: Readonly<Record<string, unknown>>,
): ContentField[] {
  return fields.filter((field) => !isDeepStrictEqual(asJson(now[field]), asJson(after[field])));
}

/** As the log keeps it, apart from the order of keys. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
