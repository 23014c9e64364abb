/**
 * Reading a GraphQL request from HTTP: `GET` with a query string, or `POST` with JSON.
 */
import type { Readable } from 'node:stream';
import { badInput, limitExceeded, payloadTooLarge } from '@iroko/errors';
import type { HttpRequest } from '../route';

export interface GraphQLParameters {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
}

/** The media type of a request that no server can read as GraphQL. Answered with 415. */
export class UnsupportedMediaType extends Error {
  override name = 'UnsupportedMediaType';
}

export function parametersOfQueryString(query: URLSearchParams): GraphQLParameters {
  return checkedParameters({
    query: query.get('query') ?? undefined,
    operationName: query.get('operationName') || undefined,
    variables: jsonOf(query, 'variables'),
    extensions: jsonOf(query, 'extensions'),
  });
}

/** Throws PAYLOAD_TOO_LARGE beyond `limitBytes`, naming `limitSetting`; BAD_USER_INPUT for what is no JSON. */
export async function parametersOfBody(
  request: HttpRequest,
  limitBytes: number,
  limitSetting: string | undefined,
): Promise<GraphQLParameters> {
  demandJson(request.headers['content-type'], request.headers['content-encoding']);
  const tooLarge = () =>
    payloadTooLarge(
      `The request body is larger than ${limitBytes} bytes, the limit${limitSetting ? ` set by ${limitSetting}` : ''}.`,
      limitBytes,
    );
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
  const text = await textOf(request.body, limitBytes, tooLarge);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badInput('The request body is no JSON. Send {"query": "…", "variables": {…}}.');
  }
  if (Array.isArray(body)) {
    throw limitExceeded(
      'A batch of operations in one request is not taken; the limit is 1 and no setting raises it. Send them one by one.',
      'batch size',
      1,
      body.length,
    );
  }
  return checkedParameters(body);
}

/** Only a type that browsers ask about before they send it: no foreign page can post an operation. */
function demandJson(contentType: string | undefined, encoding: string | undefined): void {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((part) => part.startsWith('charset='))?.slice('charset='.length);
  if (type !== 'application/json' || (charset && !/^"?utf-?8"?$/.test(charset))) {
    throw new UnsupportedMediaType('Send the operation as application/json in UTF-8.');
  }
  if (encoding && encoding !== 'identity') {
    throw new UnsupportedMediaType('Send the operation uncompressed.');
  }
}

function textOf(body: Readable, limitBytes: number, tooLarge: () => Error): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) {
        body.removeAllListeners('data');
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    const cutShort = () => reject(badInput('The request ended before its body was complete.'));
    body.once('end', () => {
      body.removeListener('close', cutShort);
      resolve(Buffer.concat(chunks, size).toString('utf8'));
    });
    body.once('error', reject);
    body.once('close', cutShort);
  });
}

function jsonOf(query: URLSearchParams, name: string): unknown {
  const text = query.get(name);
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badInput(`The parameter ${name} is no JSON.`, { path: [name] });
  }
}

/** Throws BAD_USER_INPUT for what is no operation. */
export function checkedParameters(body: unknown): GraphQLParameters {
  if (!isRecord(body)) throw badInput('The request body is no JSON object with a query.');
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || query === '') {
    throw badInput('The request has no query: give the text of an operation as a string.', {
      path: ['query'],
    });
  }
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw badInput('The operationName is no string.', { path: ['operationName'] });
  }
  return {
    query,
    operationName: operationName || undefined,
    variables: optionalRecord(variables, 'variables'),
    extensions: optionalRecord(extensions, 'extensions'),
  };
}

function optionalRecord(value: unknown, name: string): Record<string, unknown> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw badInput(`The ${name} are no JSON object.`, { path: [name] });
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
