/** Making and changing data sources, and choosing which version is the current one. */
import { asRevert, editToRevert, type RevertWords, recordChange } from '@iroko/changes';
import { type AccountDatabase, isId, newId } from '@iroko/database';
import { badInput, notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { requireEveryUnit } from '@iroko/viewer';
import { checkedName } from '../name-rules';
import { translatingRefusals } from '../refusals';
import { checkRevision, differingFields, picked } from '../revisions';
import { lockSource } from '../versions/drafts';
import { insertDraft, versionsById } from '../versions/version.sql';
import type { SourceRow } from './source';
import { chooseVersion, insertSource, type NewSource, saveSource, sourceForWriting } from './source.sql';

/** What can be said of a source; what is left out stays as it is, or takes its default in a new one. */
export interface SourceFields {
  name?: string | undefined;
  description?: string | undefined;
  readOnly?: boolean | undefined;
  public?: boolean | undefined;
  timeZone?: string | null | undefined;
}

const SETTINGS = ['name', 'description', 'readOnly', 'public', 'timeZone'] as const;

/** Makes a source with its first draft. Throws BAD_USER_INPUT, and CONFLICT when the name is taken. */
export function createSource(
  db: AccountDatabase,
  fields: SourceFields & { name: string },
): Promise<SourceRow> {
  requireEveryUnit(db.actor, 'A data source');
  const source = merged(
    { id: newId(), name: '', description: '', readOnly: false, public: false, timeZone: null },
    fields,
  );
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      await insertSource(tx, source);
      await insertDraft(tx, newId(), source.id);
      const { nameKey: _, ...after } = source;
      await recordChange(tx, {
        subjectType: 'DataSource',
        subjectId: source.id,
        action: 'CREATE',
        before: null,
        after,
      });
      return lockSource(tx, source.id);
    }),
  );
}

/** Changes what is given and nothing else. Throws NOT_FOUND, BAD_USER_INPUT, and CONFLICT when changed meanwhile. */
export function updateSource(
  db: AccountDatabase,
  id: string,
  expectedRevision: number,
  fields: SourceFields,
  revert?: RevertWords,
): Promise<SourceRow> {
  requireEveryUnit(db.actor, 'A data source');
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const before = await lockSource(tx, id);
      const after = merged(before, fields);
      const changed = differingFields(picked(before, SETTINGS), picked(after, SETTINGS));
      checkRevision(expectedRevision, before.revision, changed);
      if (changed.length === 0) return before;
      await saveSource(tx, after);
      const change = {
        subjectType: 'DataSource',
        subjectId: id,
        action: 'UPDATE',
        before: picked(before, changed),
        after: picked(after, changed),
      };
      await recordChange(tx, asRevert(change, revert));
      return lockSource(tx, id);
    }),
  );
}

/**
 * Takes an edit back. Throws NOT_FOUND for an event of something else, BAD_USER_INPUT for what is no edit, CONFLICT with
 * the fields that were changed since, and what updateSource throws.
 */
export async function revertSourceChange(
  db: AccountDatabase,
  eventId: string,
  reason: string | null,
): Promise<SourceRow> {
  const edit = await editToRevert(db, eventId, 'DataSource', SETTINGS, reason);
  return db.transaction(async (tx) => {
    const now = await lockSource(tx, edit.subjectId);
    edit.requireUnchanged(picked(now, SETTINGS));
    return updateSource(tx, now.id, now.revision, edit.fields as SourceFields, edit.words);
  });
}

/**
 * Chooses the version that is read when none is named; null goes back to the newest released one.
 * Throws NOT_FOUND for a source or version that is not there, BAD_USER_INPUT for a draft.
 */
export function setCurrentVersion(
  db: AccountDatabase,
  id: string,
  versionId: string | null,
): Promise<SourceRow> {
  requireEveryUnit(db.actor, 'Which version is the current one');
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const before = await lockSource(tx, id);
      let number: number | null = null;
      if (versionId !== null) {
        const [version] = isId(versionId) ? await versionsById(tx, [versionId]) : [];
        if (version?.dataSourceId !== id) throw notFound('SourceVersion', versionId);
        number = version.number;
      }
      if (number === before.chosenVersionNumber) return before;
      await chooseVersion(tx, id, number);
      await recordChange(tx, {
        subjectType: 'DataSource',
        subjectId: id,
        action: 'UPDATE',
        before: { chosenVersionNumber: before.chosenVersionNumber },
        after: { chosenVersionNumber: number },
      });
      return (await sourceForWriting(tx, id)) as SourceRow;
    }),
  );
}

function merged(before: Omit<NewSource, 'nameKey'>, fields: SourceFields): NewSource {
  const name = fields.name === undefined ? before.name : checkedName(fields.name, ['name']);
  return {
    id: before.id,
    name,
    nameKey: textKey(name),
    description: fields.description ?? before.description,
    readOnly: fields.readOnly ?? before.readOnly,
    public: fields.public ?? before.public,
    timeZone: fields.timeZone === undefined ? before.timeZone : checkedTimeZone(fields.timeZone),
  };
}

function checkedTimeZone(zone: string | null): string | null {
  if (zone === null) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone && zone;
  } catch {
    throw badInput(`${JSON.stringify(zone)} is no IANA time zone, such as Africa/Kinshasa.`, {
      path: ['timeZone'],
    });
  }
}
