/**
 * The body of an OpenRosa submission: one part `xml_submission_file`, and a part per file, named by the file.
 *
 * Phones split a submission with many files into several requests, each with the XML again. Files are stored as
 * they arrive and expire by themselves when the rest of the request does not come.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError, badInput, payloadTooLarge } from '@iroko/errors';
import busboy from 'busboy';
import type { ReceivedFile } from '../submissions/attachments.sql';
import { SUBMISSION_LIMITS } from '../submissions/submission-xml';

export const XML_PART = 'xml_submission_file';

/** ODK's own servers take 100 MB per request; phones split what is larger. */
export const REQUEST_BYTES_MAX = 100_000_000;
const FILES_MAX = 500;

export interface SubmittedParts {
  xml: Buffer;
  files: ReceivedFile[];
}

export type StoreFile = (content: Readable, name: string, contentType: string) => Promise<ReceivedFile>;

interface Upload {
  headers: IncomingHttpHeaders;
  body: Readable;
}

/** Throws BAD_USER_INPUT for a body that is no whole submission and PAYLOAD_TOO_LARGE for one beyond the limits. */
export async function readSubmissionParts(upload: Upload, store: StoreFile): Promise<SubmittedParts> {
  const announced = Number(upload.headers['content-length'] ?? 0);
  if (announced > REQUEST_BYTES_MAX) throw tooLarge('The request', REQUEST_BYTES_MAX);
  const parts = new Parts(store);
  const parser = openParser(upload.headers);
  parser.on('file', (field, content, { filename, mimeType }) =>
    parts.take(field, content, filename, mimeType),
  );
  for (const limit of ['filesLimit', 'partsLimit', 'fieldsLimit'] as const) {
    parser.on(limit, () => parser.destroy(badInput(`A request has at most ${FILES_MAX} files.`)));
  }
  try {
    await pipeline(upload.body, countBytes, parser);
  } catch (error) {
    await parts.settled();
    if (error instanceof ApiError) throw error;
    throw badInput('The request ended early or is no well-formed multipart/form-data. Send it again.');
  }
  return parts.whole();
}

function openParser(headers: IncomingHttpHeaders): busboy.Busboy {
  try {
    return busboy({
      headers,
      defParamCharset: 'utf8',
      limits: { files: FILES_MAX, fields: 20, fieldSize: 10_000, parts: FILES_MAX + 20, headerPairs: 50 },
    });
  } catch {
    throw badInput('A submission is sent as multipart/form-data with a boundary.');
  }
}

async function* countBytes(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > REQUEST_BYTES_MAX) throw tooLarge('The request', REQUEST_BYTES_MAX);
    yield chunk;
  }
}

class Parts {
  private xml: Promise<Buffer> | undefined;
  private readonly files: Promise<ReceivedFile>[] = [];
  private doubled = false;

  constructor(private readonly store: StoreFile) {}

  take(field: string, content: Readable, filename: string | undefined, mimeType: string): void {
    // A request can break off before whoever stores the part has begun to listen.
    content.on('error', () => undefined);
    if (field === XML_PART) {
      this.doubled ||= this.xml !== undefined;
      this.xml = quiet(wholeXml(content));
    } else this.files.push(quiet(this.store(content, filename || field, mimeType)));
  }

  async whole(): Promise<SubmittedParts> {
    const [xml, ...files] = await Promise.all([this.xml, ...this.files]);
    if (!xml)
      throw badInput(`The request has no file part called ${XML_PART}, so there is no submission in it.`);
    if (this.doubled)
      throw badInput(`The request has more than one part called ${XML_PART}; send one at a time.`);
    return { xml, files: files as ReceivedFile[] };
  }

  /** Waits for what was begun, so that nothing runs on after the answer. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.xml, ...this.files]);
  }
}

/** The promise is awaited later; until then its rejection is not unhandled. */
function quiet<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}

async function wholeXml(content: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read on without keeping, so that the parser reaches the end and the answer names the right reason.
    if (bytes <= SUBMISSION_LIMITS.bytesMax) chunks.push(chunk);
  }
  if (bytes > SUBMISSION_LIMITS.bytesMax) throw tooLarge(XML_PART, SUBMISSION_LIMITS.bytesMax);
  return Buffer.concat(chunks);
}

function tooLarge(what: string, maximum: number): ApiError {
  return payloadTooLarge(
    `${what} is larger than ${maximum} bytes, which is the most that is taken.`,
    maximum,
  );
}
