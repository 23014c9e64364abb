/**
 * When two e-mail addresses are one. Case, Unicode form and the way a domain is written make no difference between
 * people; a plus sign or an accent does.
 */
import { domainToASCII } from 'node:url';

/** RFC 5321: an address has at most 254 characters, its local part 64 bytes. */
const ADDRESS_LENGTH_MAX = 254;
const LOCAL_BYTES_MAX = 64;

export interface EmailAddress {
  /** As written, without surrounding space. */
  address: string;
  /** Folded: equal for two ways of writing one address. */
  key: string;
}

/** Unquoted: any printable characters but the ones with a meaning, dots between them. RFC 6531 allows non-ASCII. */
const ATOM = "[\\p{L}\\p{N}\\p{M}!#$%&'*+/=?^_`{|}~-]+";
const DOT_ATOM = new RegExp(`^${ATOM}(\\.${ATOM})*$`, 'u');
/** Quoted: printable characters, with a backslash before a quote or a backslash. */
const QUOTED = /^"([\p{L}\p{N}\p{M}\p{P}\p{S} ])+"$/u;
const QUOTED_INSIDE = /^(?:[^"\\]|\\["\\])+$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The address with its key, or undefined for what is no address. */
export function parseEmail(text: string): EmailAddress | undefined {
  const address = text.trim().normalize('NFC');
  const at = address.lastIndexOf('@');
  if (at < 1 || address.length > ADDRESS_LENGTH_MAX) return undefined;
  const local = address.slice(0, at);
  const domain = domainKey(address.slice(at + 1));
  if (domain === undefined || !isLocalPart(local)) return undefined;
  return { address, key: `${local.toLowerCase().normalize('NFC')}@${domain}` };
}

function isLocalPart(local: string): boolean {
  if (Buffer.byteLength(local) > LOCAL_BYTES_MAX) return false;
  return DOT_ATOM.test(local) || (QUOTED.test(local) && QUOTED_INSIDE.test(local.slice(1, -1)));
}

/** The domain in its ASCII form, lower case. Addresses of machines (`[192.0.2.1]`) are not people's. */
function domainKey(domain: string): string | undefined {
  const ascii = domainToASCII(domain.toLowerCase());
  const labels = ascii.split('.');
  const isName = labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
  return ascii.length <= 253 && isName ? ascii : undefined;
}
