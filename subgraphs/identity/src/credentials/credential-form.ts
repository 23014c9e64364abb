/**
 * What a credential must look like, before anything of it is kept.
 */
import { badInput } from '@iroko/errors';
import { type Outbound, OutboundError } from '@iroko/outbound';
import { CredentialKind } from './credential-type';

const LOGIN_LENGTH_MAX = 200;
const SECRET_LENGTH_MAX = 4000;

/** The address as it is compared and called: two ways of writing one are one. Throws BAD_USER_INPUT. */
export async function checkedAddress(outbound: Outbound, url: string, path: string[]): Promise<string> {
  try {
    await outbound.check(url);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw badInput(error.message, { path, reason: error.reason });
  }
  const { href, hash } = new URL(url);
  return hash === '' ? href : href.slice(0, -hash.length);
}

/** HTTP Basic ends the login at its first colon. */
export function checkedLogin(kind: CredentialKind, text: string | null, path: string[]): string {
  const login = (text ?? '').trim().normalize('NFC');
  if (kind === CredentialKind.BEARER && login !== '') {
    throw badInput('A bearer token has no login; leave it out.', { path });
  }
  if (kind === CredentialKind.BASIC && login === '') {
    throw badInput('HTTP Basic needs a login.', { path });
  }
  if (login.length > LOGIN_LENGTH_MAX || /[:\p{Cc}\p{Cs}]/u.test(login)) {
    throw badInput(
      `A login has at most ${LOGIN_LENGTH_MAX} characters, and neither a colon nor a control character.`,
      { path },
    );
  }
  return login;
}

/** A token is sent as it is, so it must be one word of printable ASCII; a password may be anything. */
export function checkedSecret(kind: CredentialKind, login: string, text: string, path: string[]): string {
  if (text === '' || text.length > SECRET_LENGTH_MAX) {
    throw badInput(`The secret has ${text.length} characters; 1 to ${SECRET_LENGTH_MAX} are allowed.`, {
      path,
    });
  }
  const isToken = kind === CredentialKind.BEARER || login === '';
  if (isToken && !/^[\x21-\x7e]+$/.test(text)) {
    throw badInput('A token is one word of printable ASCII characters.', { path });
  }
  return text;
}
