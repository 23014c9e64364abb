/**
 * Whether a server takes a credential. The address and the secret come from one row of the viewer's account, and the
 * answer's body is not shown: the check is no way to read what stands behind an address.
 */
import { performance } from 'node:perf_hooks';
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, isId } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import { type Answer, type Outbound, OutboundError } from '@iroko/outbound';
import { openCredential, type Seal } from '@iroko/secrets';
import { type ConnectionCheckType, CredentialKind } from './credential-type';
import { sealedCredential } from './credentials.sql';

/** No request runs longer than a few seconds. */
const CALL_TIMEOUT_MS = 5000;
/** What DHIS2 says about one user without its groups is far smaller. */
const ANSWER_BYTES_MAX = 65_536;

export interface CheckServices {
  readonly outbound: Outbound;
  readonly credentialSeal: Seal;
}

/** Throws NOT_FOUND, and CONFLICT when no secret is kept. What the server does is no error but the answer. */
export async function checkConnection(
  db: AccountDatabase,
  { outbound, credentialSeal }: CheckServices,
  id: string,
): Promise<ConnectionCheckType> {
  const row = isId(id) ? await sealedCredential(db, id) : undefined;
  if (!row) throw notFound('ExternalCredential', id);
  const { kind, url, login, secretSealed } = row;
  if (secretSealed === null) throw conflict('No secret is kept for this address. Give it again first.');
  const plain = openCredential(credentialSeal, { accountId: db.account, id, url, secretSealed });
  const began = performance.now();
  const seen = await ask(outbound, kind, url, authorizationOf(kind, login, plain));
  const durationMs = Math.round(performance.now() - began);
  await db.transaction((tx) =>
    recordChange(tx, {
      subjectType: 'ExternalCredential',
      subjectId: id,
      action: 'CHECK',
      before: null,
      after: { url, ok: seen.ok, status: seen.status },
    }),
  );
  return { ...seen, durationMs };
}

type Seen = Pick<ConnectionCheckType, 'ok' | 'message' | 'status'>;

async function ask(
  outbound: Outbound,
  kind: CredentialKind,
  url: string,
  authorization: string,
): Promise<Seen> {
  try {
    const answer = await outbound.call({
      method: 'GET',
      url: kind === CredentialKind.DHIS2 ? below(url, 'api/me?fields=id') : url,
      headers: { authorization, accept: 'application/json' },
      timeoutMs: CALL_TIMEOUT_MS,
      maxBytes: ANSWER_BYTES_MAX,
      whenTooLarge: 'cut',
    });
    return { status: answer.status, ...judged(kind, answer) };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { ok: false, status: null, message: error.message };
  }
}

/** What the header of a call says. */
export function authorizationOf(kind: CredentialKind, login: string, secret: string): string {
  if (kind === CredentialKind.BEARER) return `Bearer ${secret}`;
  if (login === '') return `ApiToken ${secret}`;
  return `Basic ${Buffer.from(`${login}:${secret}`).toString('base64')}`;
}

function judged(kind: CredentialKind, { status, body }: Answer): Pick<Seen, 'ok' | 'message'> {
  const refused = (message: string) => ({ ok: false, message });
  if (status === 401 || status === 403) return refused('The server does not take this login or secret.');
  if (status >= 300 && status < 400)
    return refused('The server sends calls to another address. Give that address.');
  if (status >= 400) return refused(`The server answered ${status}. Is the address right?`);
  if (kind === CredentialKind.DHIS2 && !hasId(body)) {
    return refused('This is no DHIS2: give the address that stands before /api.');
  }
  return { ok: true, message: 'The server took login and secret.' };
}

function hasId(body: Buffer): boolean {
  try {
    const me = JSON.parse(body.toString()) as { id?: unknown } | null;
    return typeof me?.id === 'string';
  } catch {
    return false;
  }
}

/** A path below an address, also below one that does not end with a slash. */
export function below(url: string, path: string): string {
  const base = new URL(url);
  base.search = '';
  base.hash = '';
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return new URL(path, base).href;
}
