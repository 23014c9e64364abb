/** An uploaded definition as bytes. Definitions are small, so they are read whole; larger files are refused unread. */
import type { AccountDatabase } from '@iroko/database';
import { badInput } from '@iroko/errors';
import type { Files } from '@iroko/files';
import { XFORM_LIMITS } from './xform';

export async function readUploadedXml(files: Files, db: AccountDatabase, fileId: string): Promise<Buffer> {
  const { row, stream } = await files.open(db, fileId);
  if (row.size > XFORM_LIMITS.bytesMax) {
    stream.destroy();
    throw badInput(`The file has ${row.size} bytes; an XForm has at most ${XFORM_LIMITS.bytesMax}.`, {
      path: ['fileId'],
    });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
