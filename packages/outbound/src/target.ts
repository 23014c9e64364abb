/**
 * Where a URL leads: checked, its name resolved once. The connection is made to these addresses and no others, so
 * that a name which answers differently the second time gains nothing.
 */
import { isIP } from 'node:net';
import { notPublic } from './addresses';
import type { AllowList } from './allow-list';
import { OutboundError } from './outbound-error';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** All addresses of a name, as the system resolves it. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

export interface Target {
  url: URL;
  /** At least one. */
  addresses: readonly [ResolvedAddress, ...ResolvedAddress[]];
}

/** What browsers and servers agree on; longer ones are mistakes. */
const URL_LENGTH_MAX = 2048;

/** Throws OutboundError URL for what cannot be called, whatever the operator allows. */
export function checkedUrl(text: string): URL {
  if (text.length > URL_LENGTH_MAX) {
    throw new OutboundError(
      'URL',
      `The address has ${text.length} characters; ${URL_LENGTH_MAX} are allowed.`,
    );
  }
  if (!URL.canParse(text))
    throw new OutboundError('URL', 'This is no address. Give one such as https://example.org/hook.');
  const url = new URL(text);
  if (!['http:', 'https:'].includes(url.protocol)) {
    throw new OutboundError(
      'URL',
      `The address begins with ${url.protocol}; only http: and https: are called.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundError(
      'URL',
      'The address holds a user name or password, which logs would show. Leave it out.',
    );
  }
  url.hash = '';
  return url;
}

/** Throws OutboundError REFUSED or NAME. One address that may not be reached refuses the name. */
export async function resolveTarget(url: URL, allow: AllowList, resolve: Resolve): Promise<Target> {
  const [first, ...others] = await addressesOf(url, resolve);
  if (!first) throw noSuchName(url);
  if (!allow.hasTarget(url.hostname, portOf(url))) {
    for (const { address } of [first, ...others]) {
      const kind = allow.hasAddress(address) ? undefined : notPublic(address);
      if (kind !== undefined) throw refused(url, kind);
    }
  }
  return { url, addresses: [first, ...others] };
}

async function addressesOf(url: URL, resolve: Resolve): Promise<ResolvedAddress[]> {
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(literal);
  if (family !== 0) return [{ address: literal, family }];
  try {
    return await resolve(url.hostname);
  } catch (error) {
    throw noSuchName(url, error);
  }
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

const noSuchName = (url: URL, cause?: unknown) =>
  new OutboundError('NAME', `The name ${url.hostname} leads to no address.`, { cause });

const refused = (url: URL, kind: string) =>
  new OutboundError(
    'REFUSED',
    `${url.hostname} leads to ${kind}, which is not called. An operator can allow it in the setting OUTBOUND_ALLOW, as a CIDR range or as ${url.hostname}:${portOf(url)}.`,
  );
