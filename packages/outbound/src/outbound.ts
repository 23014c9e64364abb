/**
 * The one way to call a server of somebody else. Whoever names an address in Iroko can be anybody with an account,
 * so what is called is checked first, then pinned, and what comes back is limited in time and size.
 *
 * Redirects are answers like others: a server that is fine could send us to one that is not. Connections are not
 * kept, answers are asked for unpacked, and proxies of the environment are not used.
 */
import { lookup } from 'node:dns/promises';
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { AllowList } from './allow-list';
import { OutboundError } from './outbound-error';
import { checkedUrl, type Resolve, resolveTarget, type Target } from './target';

export interface OutboundOptions {
  /** The setting OUTBOUND_ALLOW. */
  allow: readonly string[];
  /** The system's resolver without it. */
  resolve?: Resolve;
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** For everything from the name to the last byte of the answer. */
  timeoutMs: number;
  /** Of the answer's body. */
  maxBytes: number;
  /** What becomes of an answer with a larger body: an error (as without it), or only its beginning is read. */
  whenTooLarge?: 'refuse' | 'cut';
  signal?: AbortSignal;
}

export interface Answer {
  /** Any, 3xx included. */
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** There was more of the body, which was not read. */
  cut: boolean;
}

const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true });

export class Outbound {
  private readonly allow: AllowList;
  private readonly resolve: Resolve;

  /** Throws for an entry of OUTBOUND_ALLOW that cannot be understood. */
  constructor({ allow, resolve = resolveBySystem }: OutboundOptions) {
    this.allow = new AllowList(allow);
    this.resolve = resolve;
  }

  /**
   * Whether an address may be called, for the moment in which somebody names it; every call checks again. A name
   * that leads nowhere yet is not refused. Throws OutboundError URL, REFUSED or TIMEOUT.
   */
  async check(url: string, timeoutMs = 5000): Promise<void> {
    const checked = checkedUrl(url);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      await unless(signal, undefined, resolveTarget(checked, this.allow, this.resolve));
    } catch (error) {
      if (!(error instanceof OutboundError && error.reason === 'NAME')) throw error;
    }
  }

  /** Answers whatever the server says, and throws OutboundError when it says nothing that can be taken. */
  async call(call: Call): Promise<Answer> {
    const url = checkedUrl(call.url);
    const late = AbortSignal.timeout(call.timeoutMs);
    const target = await unless(late, call.signal, resolveTarget(url, this.allow, this.resolve));
    const stop = call.signal ? AbortSignal.any([late, call.signal]) : late;
    try {
      return await read(await send(target, call, stop), call);
    } catch (error) {
      throw asOutboundError(error, url, late, call.signal);
    }
  }
}

/** A resolver cannot be told to stop, but nobody has to wait for it. */
function unless<Result>(
  late: AbortSignal,
  caller: AbortSignal | undefined,
  work: Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(late.aborted ? tooLate() : stopped());
    if (late.aborted || caller?.aborted) stop();
    late.addEventListener('abort', stop, { once: true });
    caller?.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => {
      late.removeEventListener('abort', stop);
      caller?.removeEventListener('abort', stop);
    });
  });
}

function send({ url, addresses }: Target, call: Call, signal: AbortSignal): Promise<IncomingMessage> {
  const pinned: LookupFunction = (_hostname, options, answer) => {
    const [first] = addresses;
    if (options.all) answer(null, [...addresses]);
    else answer(null, first.address, first.family);
  };
  const options: RequestOptions = {
    method: call.method,
    headers: { 'user-agent': 'Iroko', ...call.headers, 'accept-encoding': 'identity' },
    agent: false,
    lookup: pinned,

    signal,
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve);
    request.on('error', reject);
    request.on('close', () => reject(new Error('closed without an answer')));
    request.end(call.body);
  });
}

async function read(message: IncomingMessage, { maxBytes, whenTooLarge = 'refuse' }: Call): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early hangs up, so what is not wanted is not transferred either.
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > maxBytes) break;
  }
  if (size > maxBytes && whenTooLarge === 'refuse') {
    throw new OutboundError('TOO_LARGE', `The answer is larger than ${maxBytes} bytes.`);
  }
  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    body: Buffer.concat(chunks).subarray(0, maxBytes),
    cut: size > maxBytes,
  };
}

const tooLate = () => new OutboundError('TIMEOUT', 'There was no whole answer in time.');
const stopped = () => new OutboundError('STOPPED', 'The call was given up.');

/** Codes of Node for a certificate that does not fit, beside those that begin with ERR_TLS or ERR_SSL. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_(TLS|SSL)|EPROTO/;

function asOutboundError(error: unknown, url: URL, late: AbortSignal, caller?: AbortSignal): OutboundError {
  if (error instanceof OutboundError) return error;
  if (caller?.aborted) return stopped();
  if (late.aborted) return tooLate();
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (CERTIFICATE.test(code)) {
    return new OutboundError('TLS', `No safe connection to ${url.hostname}: ${code}.`, { cause: error });
  }
  const said = code === '' ? '' : `: ${code}`;
  return new OutboundError('CONNECTION', `${url.host} gave no answer${said}.`, { cause: error });
}
