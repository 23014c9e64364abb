/** Opening and releasing drafts for a person, with the events that tell of it. */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, isId } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { requireEveryUnit } from '@iroko/viewer';
import { followLinks } from '../lineage/follow-links';
import { checkedText } from '../name-rules';
import { requireScore } from '../quality/quality';
import { translatingRefusals } from '../refusals';
import { lockDraft, lockSource, refuseHeldDraft, releaseDraft } from './drafts';
import type { VersionRow } from './version';
import { describeVersion, draftOfSource, versionsById, versionsNamed } from './version.sql';

/** The draft of the source, opened when there is none. Throws NOT_FOUND, CONFLICT while a job holds it. */
export function openVersion(db: AccountDatabase, sourceId: string): Promise<VersionRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const before = await lockDraft(tx, sourceId);
      const isNew = before.source.draftVersionNumber === null;
      if (isNew)
        await recordVersion(tx, before.draft, 'CREATE', null, {
          number: before.draft.number,
          status: 'DRAFT',
        });
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
      await refuseHeldDraft(tx, sourceId);
      if (name) await refuseTakenName(tx, (await lockSource(tx, sourceId)).id, undefined, name);
      const draft = await draftOfSource(tx, (await lockSource(tx, sourceId)).id);
      if (draft) await requireScore(tx, draft);
      const version = await releaseDraft(tx, sourceId, { name, description: words.description });
      const links = await followLinks(tx, version);
      const followed = links.ended > 0 ? { links } : {};
      const after = { number: version.number, status: 'RELEASED', name: version.name, ...followed };
      await recordVersion(tx, version, 'RELEASE', { status: 'DRAFT' }, after, words.reason);
      return version;
    }),
  );
}

/** Names and describes a version, also a released one: what it holds stays. Throws NOT_FOUND, CONFLICT for a taken name. */
export function nameVersion(
  db: AccountDatabase,
  versionId: string,
  words: { name?: string | undefined; description?: string | undefined },
): Promise<VersionRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const [seen] = isId(versionId) ? await versionsById(tx, [versionId]) : [];
      if (!seen) throw notFound('SourceVersion', versionId);
      await lockSource(tx, seen.dataSourceId);
      const name = words.name === undefined ? seen.name : checkedText(words.name, ['name']);
      await refuseTakenName(tx, seen.dataSourceId, seen.id, name);
      const version = await describeVersion(tx, seen.id, name, words.description ?? seen.description);
      const told = ({ name, description }: VersionRow) => ({ name, description });
      await recordVersion(tx, version, 'UPDATE', told(seen), told(version));
      return version;
    }),
  );
}

/** Of the versions of a source no two bear one name, apart from accents and capitals. */
async function refuseTakenName(
  tx: Transaction,
  dataSourceId: string,
  versionId: string | undefined,
  name: string,
): Promise<void> {
  if (name === '') return;
  const key = textKey(name);
  const taken = (await versionsNamed(tx, dataSourceId)).find(
    (version) => version.id !== versionId && textKey(version.name) === key,
  );
  if (!taken) return;
  throw conflict(`Version ${taken.number} of this source bears the name ${JSON.stringify(taken.name)}.`, {
    fields: ['name'],
  });
}

type Transaction = Parameters<typeof recordChange>[0];

export async function recordVersion(
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
