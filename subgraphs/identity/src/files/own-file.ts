/**
 * A file belongs to whoever uploaded it or asked for the job that made it. What other people may see of a file is
 * decided by the record that refers to it, so it is not answered by its bare id.
 */
import type { AccountDatabase } from '@iroko/database';
import { notFound } from '@iroko/errors';
import type { Files } from '@iroko/files';
import type { Viewer } from '@iroko/viewer';
import { seesOwnOfToken } from '../tokens/own-of-token';
import type { FileType } from './file-type';

/** Throws NOT_FOUND, also for a file of somebody else. */
export async function ownFile(
  db: AccountDatabase,
  viewer: Viewer,
  files: Files,
  id: string,
): Promise<FileType> {
  const row = await files.find(db, id);
  const isOwn = seesOwnOfToken(viewer)
    ? row.createdByToken === viewer.tokenId
    : viewer.userId !== null && row.createdBy === viewer.userId;
  if (!isOwn) throw notFound('File', id);
  return { ...row, sha256: row.sha256.toString('hex'), downloadUrl: files.signedUrl(row) };
}
