/**
 * The address that a request is counted by where something is limited: whoever has one IPv6 address mostly has 2^64 of
 * them, so those count as one.
 */
import { isIPv6 } from 'node:net';

/** An IPv4 address as it is; of an IPv6 address its /64 network. Empty when nobody knows. */
export function countedAddress(remoteAddress: string | undefined): string {
  const address = (remoteAddress ?? '').split('%')[0] ?? '';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  return isIPv6(address) ? `${network64(address)}::/64` : address;
}

function network64(address: string): string {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // An embedded IPv4 address stands for two groups.
  const afterLength = after.length + (after.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : 8 - before.length - afterLength;
  const groups = [...before, ...new Array<string>(Math.max(zeros, 0)).fill('0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
