/** Opening, releasing and discarding drafts for a person, with the events that tell of it. */
import { recordChange } from '@iroko/changes';
import type { AccountDatabase } from '@iroko/database';
import { requireEveryUnit } from '@iroko/viewer';
import { checkedText } from '../name-rules';
import { translatingRefusals } from '../refusals';
import { discardDraft, lockDraft, releaseDraft } from './drafts';
import type { VersionRow } from './version';

/** The draft of the source, opened when there is none. Throws NOT_FOUND, CONFLICT while a job holds it. */
export function openVersion(db: AccountDatabase, sourceId: string): Promise<VersionRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const before = await lockDraft(tx, sourceId);
      const isNew = before.source.draftVersionNumber === null;
      if (isNew)
        await record(tx, before.draft, 'CREATE', null, { number: before.draft.number, status: 'DRAFT' });
      return before.draft;
    }),
  );
}

/** Makes the draft a released version. Throws NOT_FOUND, CONFLICT without a draft or while a job holds it. */
export function releaseVersion(
  db: AccountDatabase,
  sourceId: string,
  words: { name?: string | undefined; description?: string | undefined; reason?: string | undefined },
): Promise<VersionRow> {
  requireEveryUnit(db.actor, 'A release');
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const name = words.name === undefined ? undefined : checkedText(words.name, ['name']);
      const version = await releaseDraft(tx, sourceId, { name, description: words.description });
      const after = { number: version.number, status: 'RELEASED', name: version.name };
      await record(tx, version, 'RELEASE', { status: 'DRAFT' }, after, words.reason);
      return version;
    }),
  );
}

/** Takes back everything the draft changed. Throws NOT_FOUND, CONFLICT without a draft or while a job holds it. */
export function discardVersion(
  db: AccountDatabase,
  sourceId: string,
  reason: string | undefined,
): Promise<{ changedUnits: number; removedUnits: number }> {
  requireEveryUnit(db.actor, 'Discarding a draft');
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const { draft, states, removals } = await discardDraft(tx, sourceId);
      const before = { number: draft.number, status: 'DRAFT', changedUnits: states, removedUnits: removals };
      await record(tx, draft, 'DISCARD', before, null, reason);
      return { changedUnits: states, removedUnits: removals };
    }),
  );
}

type Transaction = Parameters<typeof recordChange>[0];

async function record(
  tx: Transaction,
  version: VersionRow,
  action: string,
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  reason?: string,
): Promise<void> {
  await recordChange(tx, {
    subjectType: 'SourceVersion',
    subjectId: version.id,
    action,
    before,
    after: after && { ...after, dataSourceId: version.dataSourceId },
    reason: reason ?? null,
  });
}
