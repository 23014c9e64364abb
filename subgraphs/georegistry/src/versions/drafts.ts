/**
 * The life of a draft: opened by the first edit after a release, held by a job while one fills it, released or
 * discarded. Every writer of a source locks the source first and its draft second, so nobody waits in a circle.
 */
import { type AccountTransaction, isId, newId } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import { type JobStatus, jobsById } from '@iroko/jobs';
import type { SourceRow } from '../sources/source';
import { sourceForWriting } from '../sources/source.sql';
import { discardContent } from './discard.sql';
import type { VersionRow } from './version';
import {
  deleteVersion,
  draftForWriting,
  draftOfSource,
  insertDraft,
  releaseVersionRow,
  setHold,
} from './version.sql';

const ENDED: readonly JobStatus[] = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

export interface LockedDraft {
  source: SourceRow;
  draft: VersionRow;
}

export interface DraftWriter {
  /** The job that writes, when one does: it passes its own hold. */
  jobId?: string;
}

/** Locks the source for the transaction. Throws NOT_FOUND. */
export async function lockSource(tx: AccountTransaction, sourceId: string): Promise<SourceRow> {
  const source = isId(sourceId) ? await sourceForWriting(tx, sourceId) : undefined;
  if (!source) throw notFound('DataSource', sourceId);
  return source;
}

/** Like `lockSource`. Throws CONFLICT when the source is read-only. */
export async function lockWritableSource(tx: AccountTransaction, sourceId: string): Promise<SourceRow> {
  const source = await lockSource(tx, sourceId);
  refuseReadOnly(source);
  return source;
}

/** Throws CONFLICT when nothing of the source may change: not its units, not its groups, by hand or by import. */
export function refuseReadOnly(source: Pick<SourceRow, 'readOnly' | 'name'>): void {
  if (!source.readOnly) return;
  throw conflict(
    `The source ${JSON.stringify(source.name)} is read-only: neither edits nor imports change it. Set readOnly of the source to false first.`,
    { fields: ['readOnly'] },
  );
}

/** A source locked for writing, with its draft when it has one. */
export interface LockedForEdit {
  source: SourceRow;
  draft: VersionRow | undefined;
}

/**
 * Locks source and draft until the transaction ends, without opening a draft. Throws NOT_FOUND, and CONFLICT for a
 * read-only source, or naming the job that holds the draft.
 */
export async function lockForEdit(
  tx: AccountTransaction,
  sourceId: string,
  writer: DraftWriter = {},
): Promise<LockedForEdit> {
  // Looked at before waiting for the lock: a job that writes a million rows holds it for minutes.
  const seen = isId(sourceId) ? await draftOfSource(tx, sourceId) : undefined;
  if (seen) await refuseHeld(tx, seen, writer);
  const source = await lockWritableSource(tx, sourceId);
  const draft = await draftForWriting(tx, sourceId);
  if (draft) await endDeadHold(tx, draft, writer);
  return { source, draft };
}

/** The draft, opened now when there was none. */
export async function openedDraft(tx: AccountTransaction, locked: LockedForEdit): Promise<VersionRow> {
  return locked.draft ?? (await insertDraft(tx, newId(), locked.source.id));
}

/** Like `lockForEdit`, and opens the draft when there is none. */
export async function lockDraft(
  tx: AccountTransaction,
  sourceId: string,
  writer: DraftWriter = {},
): Promise<LockedDraft> {
  const locked = await lockForEdit(tx, sourceId, writer);
  return { source: locked.source, draft: await openedDraft(tx, locked) };
}

/** Throws CONFLICT while a job holds the draft of the source. */
export async function refuseHeldDraft(tx: AccountTransaction, sourceId: string): Promise<void> {
  const seen = isId(sourceId) ? await draftOfSource(tx, sourceId) : undefined;
  if (seen) await refuseHeld(tx, seen, {});
}

/** As `refuseHeld`, for a draft that is locked. */
async function endDeadHold(tx: AccountTransaction, draft: VersionRow, writer: DraftWriter): Promise<void> {
  await refuseHeld(tx, draft, writer);
  if (draft.heldByJobId !== null && draft.heldByJobId !== writer.jobId) await setHold(tx, draft.id, null);
}

/** A job that ended holds nothing any more, also where its worker died before it could say so. */
async function refuseHeld(tx: AccountTransaction, draft: VersionRow, writer: DraftWriter): Promise<void> {
  const holder = draft.heldByJobId;
  if (holder === null || holder === writer.jobId) return;
  const [job] = await jobsById(tx, [holder]);
  if (job && ENDED.includes(job.status)) return;
  throw conflict(`The job ${holder} is filling this draft. Wait for it, or cancel it.`, { jobId: holder });
}

/** Reserves the draft for a job, opening it when there is none: edits by others answer CONFLICT until `endHold`. */
export async function holdDraft(
  tx: AccountTransaction,
  sourceId: string,
  jobId: string,
): Promise<LockedDraft> {
  const locked = await lockDraft(tx, sourceId, { jobId });
  await setHold(tx, locked.draft.id, jobId);
  return { ...locked, draft: { ...locked.draft, heldByJobId: jobId } };
}

/** Ends the job's hold; nothing happens when it holds nothing, so it may be called again. */
export async function endHold(tx: AccountTransaction, sourceId: string, jobId: string): Promise<void> {
  const draft = await draftForWriting(tx, sourceId);
  if (draft?.heldByJobId === jobId) await setHold(tx, draft.id, null);
}

/** Makes the draft a released version for ever: one row, whatever its size. */
export async function releaseDraft(
  tx: AccountTransaction,
  sourceId: string,
  words: { name?: string | undefined; description?: string | undefined } = {},
): Promise<VersionRow> {
  const draft = await existingDraft(tx, sourceId);
  return releaseVersionRow(tx, draft.id, words.name ?? draft.name, words.description ?? draft.description);
}

/** Takes back everything the draft changed, and the draft itself. Units that began in it keep their identity. */
export async function discardDraft(
  tx: AccountTransaction,
  sourceId: string,
  writer: DraftWriter = {},
): Promise<{ draft: VersionRow; states: number; removals: number }> {
  const draft = await existingDraft(tx, sourceId, writer);
  const counts = await discardContent(tx, sourceId, draft.number);
  await deleteVersion(tx, draft.id);
  return { draft, ...counts };
}

/** The draft, locked with its source. Throws NOT_FOUND, CONFLICT without a draft or while a job holds it. */
export async function existingDraft(
  tx: AccountTransaction,
  sourceId: string,
  writer: DraftWriter = {},
): Promise<VersionRow> {
  const seen = isId(sourceId) ? await draftOfSource(tx, sourceId) : undefined;
  if (seen) await refuseHeld(tx, seen, writer);
  await lockSource(tx, sourceId);
  const draft = await draftForWriting(tx, sourceId);
  if (!draft) throw conflict('The source has no draft. It was released or discarded already.');
  await endDeadHold(tx, draft, writer);
  return draft;
}
