/** Files of a submission: each name once. The same file again changes nothing, another one under its name waits. */
import { type AccountTransaction, newId } from '@iroko/database';
import type { SubmissionServices } from '../services';
import { addAttachment, attachmentHash, type ReceivedFile } from './attachments.sql';

export interface Attached {
  added: string[];
  /** Names under which another file is there. */
  differing: string[];
}

export async function attachFiles(
  services: SubmissionServices,
  tx: AccountTransaction,
  submissionId: string,
  files: readonly ReceivedFile[],
): Promise<Attached> {
  const added: string[] = [];
  const differing: string[] = [];
  for (const file of files) {
    if ((await addAttachment(tx, newId(), submissionId, file)) > 0) {
      await services.files.keep(tx, file.fileId);
      added.push(file.name);
      continue;
    }
    const there = await attachmentHash(tx, submissionId, file.name);
    if (!there?.sha256?.equals(file.sha256)) differing.push(file.name);
  }
  return { added, differing };
}
