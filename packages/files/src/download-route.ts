/**
 * `GET /files/:id`: the one way out for bytes, by a signed link and nothing else.
 */
import type { Database } from '@iroko/database';
import { ApiError, notFound } from '@iroko/errors';
import type { HttpReply, HttpRequest, Route } from '@iroko/http';
import { requestedRange } from './byte-range';
import { attachmentHeader } from './file-name';
import type { Files } from './files';

export function downloadRoutes(database: Database, files: Files): Route[] {
  return (['GET', 'HEAD'] as const).map((method) => ({
    method,
    path: '/files/:id',
    description:
      'Answers a file by a signed link (`downloadUrl`), for a quarter of an hour. Takes one range of bytes.',
    handler: (request) => download(database, files, request),
  }));
}

async function download(database: Database, files: Files, request: HttpRequest): Promise<HttpReply> {
  const id = request.params.id ?? '';
  const link = files.links.check(id, request.query, Date.now());
  // A link that was never ours is one to a file that never was.
  if (!link.ok && link.reason === 'INVALID') throw notFound('File', id);
  if (!link.ok) throw new ApiError('FORBIDDEN', 'This link has expired. Ask for a new one.');
  const db = database.forAccount({ accountId: link.accountId, requestId: request.requestId });
  const { size } = await files.find(db, id);
  const range = requestedRange(request.headers.range, size);
  if (range === 'unsatisfiable') return { status: 416, headers: { 'content-range': `bytes */${size}` } };
  const { row, stream } = await files.open(db, id, range);
  return {
    status: range ? 206 : 200,
    headers: {
      'content-type': row.contentType,
      'content-length': range ? range.end - range.start + 1 : size,
      'content-disposition': attachmentHeader(row.name),
      'accept-ranges': 'bytes',
      etag: `"${row.sha256.toString('hex')}"`,
      'cache-control': 'private, no-store',
      // Should a browser show it after all, nothing in it runs.
      'content-security-policy': "sandbox; default-src 'none'",
      ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${size}` } : {}),
    },
    body: stream,
  };
}
