/**
 * `POST /files`: the one way in for bytes. They go to the storage as they arrive; memory does not grow with them.
 */
import { pipeline } from 'node:stream/promises';
import type { AccountDatabase, Database } from '@iroko/database';
import { ApiError, badInput } from '@iroko/errors';
import type { HttpReply, HttpRequest, Route } from '@iroko/http';
import { actorOf, requirePermission } from '@iroko/viewer';
import busboy from 'busboy';
import type { FileRow } from './file.sql';
import type { Files } from './files';
import { tooLarge } from './measure';

/** Boundaries and headers of the parts, which count towards Content-Length but not towards the file. */
const MULTIPART_OVERHEAD = 65_536;

export function uploadRoute(database: Database, files: Files): Route {
  return {
    method: 'POST',
    path: '/files',
    description:
      'Stores a file and answers its id. The body is the file itself (with `?name=`), or multipart/form-data with one file. Needs files.upload. A file that nothing refers to is removed after a day.',
    handler: (request) => upload(database, files, request),
  };
}

async function upload(database: Database, files: Files, request: HttpRequest): Promise<HttpReply> {
  const viewer = await request.viewer();
  requirePermission(viewer, 'files.upload');
  const db = database.forAccount(actorOf(viewer, request.requestId));
  const multipart = /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '');
  const allowed = files.limitBytes + (multipart ? MULTIPART_OVERHEAD : 0);
  if (Number(request.headers['content-length']) > allowed) throw tooLarge(files.limitBytes);
  const row = await (multipart ? storeMultipart(files, db, request) : storeBody(files, db, request)).catch(
    (error: unknown) => {
      throw error instanceof ApiError || !request.body.destroyed ? error : interrupted();
    },
  );
  const { id, name, size, contentType } = row;
  return { status: 201, json: { id, name, size, sha256: row.sha256.toString('hex'), contentType } };
}

function storeBody(files: Files, db: AccountDatabase, request: HttpRequest): Promise<FileRow> {
  const contentType = request.headers['content-type'];
  return files.store(db, request.body, {
    name: request.query.get('name') ?? '',
    ...(contentType ? { contentType } : {}),
  });
}

async function storeMultipart(files: Files, db: AccountDatabase, request: HttpRequest): Promise<FileRow> {
  const form = openForm(request);
  const stored: Promise<FileRow>[] = [];
  form.on('file', (_field, content, { filename, mimeType }) => {
    const storing = files.store(db, content, { name: filename, contentType: mimeType });
    // A file that is too large is refused without reading the rest of it.
    storing.catch((error: Error) => form.destroy(error));
    stored.push(storing);
  });
  let surplus = false;
  form.on('filesLimit', () => {
    surplus = true;
  });
  const fault = await pipeline(request.body, form).then(
    () => undefined,
    (error: unknown) => error,
  );
  const outcomes = await Promise.allSettled(stored);
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  if (refused?.reason instanceof ApiError) throw refused.reason;
  const [row] = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  if (row && (fault || surplus)) await files.discard(db, row);
  if (fault) throw endsEarly(fault) ? interrupted() : fault;
  if (refused) throw refused.reason;
  if (!row) throw badInput('The form has no file. Send one part with a filename.', { path: ['body'] });
  if (surplus) throw badInput('The form has more than one file. Send one at a time.', { path: ['body'] });
  return row;
}

function openForm(request: HttpRequest): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 20, fieldSize: 10_000, parts: 25 },
    });
  } catch {
    throw badInput('The content-type of this form cannot be read: a boundary is missing.', {
      path: ['content-type'],
    });
  }
}

const endsEarly = (error: unknown) =>
  error instanceof Error && /Unexpected end of form|aborted|premature|ECONNRESET/i.test(error.message);

const interrupted = () =>
  badInput('The upload ended before the whole file had arrived. Nothing was kept; send it again.', {
    path: ['body'],
  });
