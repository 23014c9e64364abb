/**
 * The address a client is counted by. Whoever has IPv6 has a whole /64 of addresses, so those count as one.
 */
import { isIPv6 } from 'node:net';

/** Hextets of an IPv6 address that name the network. */
const NETWORK_PARTS = 4;

export function countedAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = (plain.split('%', 1)[0] as string).split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const parts = [...front, ...new Array<string>(zeros).fill('0'), ...back];
  return `${parts.slice(0, NETWORK_PARTS).join(':')}::/64`;
}
