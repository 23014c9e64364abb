/**
 * Keeping what could not be taken: the bytes as they came, the files that came with them, and the reason.
 *
 * A phone sends again until it is told `stored`, so the same bytes are one entry that counts its arrivals.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type AccountDatabase, newId } from '@iroko/database';
import type { SubmissionServices } from '../services';
import type { SentSubmission } from '../submissions/sent-submission';
import type { SubmissionMarks } from '../submissions/submission-xml';
import type { XmlDefect } from '../xml/defect';
import { addQuarantinedFiles, quarantinedContent, upsertQuarantine } from './quarantine.sql';

/** The id of the entry. */
export async function putInQuarantine(
  { files }: SubmissionServices,
  db: AccountDatabase,
  sent: SentSubmission,
  marks: SubmissionMarks,
  defect: XmlDefect,
): Promise<string> {
  const contentHash = createHash('sha256').update(sent.xml).digest();
  const known = await quarantinedContent(db, contentHash);
  const fileId =
    known?.fileId ??
    (await files.store(db, Readable.from([sent.xml]), { name: 'submission.xml', contentType: 'text/xml' }))
      .id;
  return db.transaction(async (tx) => {
    const entry = await upsertQuarantine(tx, {
      id: newId(),
      reason: defect.reason,
      message: defect.message,
      fileId,
      contentHash,
      formId: marks.formId,
      formVersion: marks.version,
      instanceId: marks.instanceId,
      appUserId: sent.appUserId,
    });
    if (entry.fileId === fileId) await files.keep(tx, fileId);
    const kept = await addQuarantinedFiles(tx, entry.id, sent.files);
    for (const id of kept) await files.keep(tx, id);
    return entry.id;
  });
}
