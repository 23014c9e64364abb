import fc from 'fast-check';
import { notPublic, unwrapped } from './addresses';

it.each([
  ['127.0.0.1', 'this machine'],
  ['127.255.255.254', 'this machine'],
  ['0.0.0.0', 'this machine'],
  ['::1', 'this machine'],
  ['::', 'this machine'],
  ['10.1.2.3', 'a private network'],
  ['172.16.0.1', 'a private network'],
  ['172.31.255.255', 'a private network'],
  ['192.168.1.1', 'a private network'],
  ['100.64.0.1', "a carrier's own network"],
  ['100.100.100.200', "a carrier's own network"],
  ['169.254.169.254', 'the local link, where metadata services are'],
  ['168.63.129.16', 'a metadata service'],
  ['192.0.0.192', 'a reserved network'],
  ['198.18.0.1', 'a network for measurements'],
  ['224.0.0.1', 'many machines at once'],
  ['255.255.255.255', 'a reserved network'],
  ['fe80::1%eth0', 'a network that is not public'],
  ['fd00:ec2::254', 'a network that is not public'],
  ['ff02::1', 'a network that is not public'],
  ['::ffff:127.0.0.1', 'this machine'],
  ['::ffff:a9fe:a9fe', 'the local link, where metadata services are'],
  ['0:0:0:0:0:ffff:10.0.0.1', 'a private network'],
  ['::127.0.0.1', 'a network that is not public'],
  ['64:ff9b::10.0.0.1', 'a private network'],
  ['64:ff9b:1::10.0.0.1', 'a network that is not public'],
  ['2002:7f00:1::', 'a tunnel'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'a reserved network'],
  ['2001:db8::1', 'a network for documentation'],
])('%s leads to %s', (address, kind) => {
  expect(notPublic(address)).toBe(kind);
});

it.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '169.253.255.255',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:801::200e',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
])('%s is public', (address) => {
  expect(notPublic(address)).toBeUndefined();
});

it('an IPv4 address is judged alike, wrapped or not', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(unwrapped(`::ffff:${address}`)).toBe(address);
      expect(unwrapped(`64:ff9b::${address}`)).toBe(address);
      expect(notPublic(`::ffff:${address}`)).toBe(notPublic(address));
    }),
  );
});

it('an IPv6 address is judged, however it is written', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const canonical = unwrapped(address);
      expect(unwrapped(canonical)).toBe(canonical);
      expect(notPublic(address.toUpperCase())).toBe(notPublic(canonical));
    }),
  );
});
