/**
 * Which network addresses belong to the public internet.
 *
 * IPv4 is judged by what is not public; of IPv6 only the global unicast block is, with exceptions. An IPv4 address
 * that is wrapped in an IPv6 one is judged as what it reaches.
 */
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Kinds are words for the refusal. */
const NOT_PUBLIC_IPV4: readonly (readonly [string, string])[] = [
  ['0.0.0.0/8', 'this machine'],
  ['10.0.0.0/8', 'a private network'],
  ['100.64.0.0/10', "a carrier's own network"],
  ['127.0.0.0/8', 'this machine'],
  // The metadata service of a cloud stands in an address that is otherwise public.
  ['168.63.129.16/32', 'a metadata service'],
  ['169.254.0.0/16', 'the local link, where metadata services are'],
  ['172.16.0.0/12', 'a private network'],
  ['192.0.0.0/24', 'a reserved network'],
  ['192.0.2.0/24', 'a network for documentation'],
  ['192.88.99.0/24', 'a reserved network'],
  ['192.168.0.0/16', 'a private network'],
  ['198.18.0.0/15', 'a network for measurements'],
  ['198.51.100.0/24', 'a network for documentation'],
  ['203.0.113.0/24', 'a network for documentation'],
  ['224.0.0.0/4', 'many machines at once'],
  ['240.0.0.0/4', 'a reserved network'],
];

/** Parts of the global block that do not lead to one public machine; 2002::/16 and 2001::/32 wrap IPv4. */
const NOT_PUBLIC_IPV6: readonly (readonly [string, string])[] = [
  ['2001::/23', 'a reserved network'],
  ['2001:db8::/32', 'a network for documentation'],
  ['2002::/16', 'a tunnel'],
  ['3fff::/20', 'a network for documentation'],
];

const GLOBAL_IPV6 = rangeOf('2000::/3');
const SPECIAL = [...NOT_PUBLIC_IPV4, ...NOT_PUBLIC_IPV6].map(
  ([cidr, kind]) => [rangeOf(cidr), kind] as const,
);
/** Of a wrapped IPv4 address: as a socket shows it, and as a translator (NAT64) takes it. */
const WRAPPED_PREFIXES = ['00000000000000000000ffff', '0064ff9b0000000000000000'];

/** What the address leads to when that is not the public internet, in words; undefined when it is. */
export function notPublic(address: string): string | undefined {
  const plain = unwrapped(address);
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
  const special = SPECIAL.find(([range]) => range.check(plain, family));
  if (special) return special[1];
  if (family === 'ipv4' || GLOBAL_IPV6.check(plain, family)) return undefined;
  if (plain === '::1' || plain === '::') return 'this machine';
  return 'a network that is not public';
}

/** One way of writing it, without a zone; a wrapped IPv4 address as IPv4. */
export function unwrapped(address: string): string {
  const [bare = ''] = address.split('%', 1);
  if (isIP(bare) !== 6) return bare;
  // The URL parser writes every IPv6 address in one way, dotted parts included.
  const canonical = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const hex = hexOf(canonical);
  if (!WRAPPED_PREFIXES.includes(hex.slice(0, 24))) return canonical;
  return (hex.slice(24).match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.');
}

function hexOf(canonical: string): string {
  const [head = '', tail] = canonical.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('');
}

/** Throws for what is no range of addresses. */
export function rangeOf(cidr: string): BlockList {
  const [address = '', bits = '', ...more] = cidr.split('/');
  const version = isIP(address);
  const prefix = Number(bits);
  if (version === 0 || more.length > 0 || !/^\d{1,3}$/.test(bits) || prefix > (version === 4 ? 32 : 128)) {
    throw new Error(`${JSON.stringify(cidr)} is no range of addresses.`);
  }
  const range = new BlockList();
  range.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  return range;
}
