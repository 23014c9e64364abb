/** Deleting a source, which hides everything in it, and bringing it back. */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { checkRestorable, freedKey } from '../deletion';
import { translatingRefusals } from '../refusals';
import { checkRevision } from '../revisions';
import { lockSource, refuseHeldDraft } from '../versions/drafts';
import type { SourceRow } from './source';
import { deletedSource, setSourceDeleted } from './source.sql';

/** Throws NOT_FOUND, and CONFLICT for another revision or while a job holds the draft. */
export function deleteSource(db: AccountDatabase, id: string, expectedRevision: number): Promise<SourceRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      await refuseHeldDraft(tx, id);
      const source = await lockSource(tx, id);
      checkRevision(expectedRevision, source.revision, []);
      await refuseHeldDraft(tx, id);
      await setSourceDeleted(tx, source.id, freedKey(textKey(source.name), source.id), new Date());
      await record(tx, source, 'DELETE');
      return (await deletedSource(tx, source.id)) ?? source;
    }),
  );
}

/** Throws NOT_FOUND for what is not deleted, and CONFLICT when it is too late or the name is taken by now. */
export function restoreSource(db: AccountDatabase, id: string): Promise<SourceRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const source = isId(id) ? await deletedSource(tx, id) : undefined;
      if (!source?.deletedAt) throw notFound('DataSource', id);
      checkRestorable('source', source.deletedAt);
      await setSourceDeleted(tx, source.id, textKey(source.name), null);
      await record(tx, source, 'RESTORE');
      return lockSource(tx, source.id);
    }),
  );
}

function record(tx: AccountTransaction, source: SourceRow, action: 'DELETE' | 'RESTORE'): Promise<string> {
  const fields = { name: source.name };
  const isDeletion = action === 'DELETE';
  return recordChange(tx, {
    subjectType: 'DataSource',
    subjectId: source.id,
    action,
    before: isDeletion ? fields : null,
    after: isDeletion ? null : fields,
  });
}
