import { AllowList } from './allow-list';

it('a range allows its addresses, wrapped ones too, and no others', () => {
  const list = new AllowList(['10.0.0.0/8', 'fd00::/8']);
  for (const address of ['10.0.0.1', '10.255.255.255', '::ffff:10.0.0.1', 'fd12::1']) {
    expect(list.hasAddress(address)).toBe(true);
  }
  for (const address of ['11.0.0.1', '127.0.0.1', '::1', 'fe80::1']) {
    expect(list.hasAddress(address)).toBe(false);
  }
});

it('a host is allowed on its port alone, however it is written', () => {
  const list = new AllowList(['DHIS2.intern:8080', '[::1]:9000', '127.1:9000']);
  expect(list.hasTarget('dhis2.intern', 8080)).toBe(true);
  expect(list.hasTarget('dhis2.intern', 80)).toBe(false);
  expect(list.hasTarget('sub.dhis2.intern', 8080)).toBe(false);
  expect(list.hasTarget('[::1]', 9000)).toBe(true);
  expect(list.hasTarget('127.0.0.1', 9000)).toBe(true);
});

it.each([
  '10.0.0.1',
  'localhost',
  'localhost:0',
  'localhost:70000',
  '10.0.0.0/33',
  '10.0.0/8',
  'a/b',
  ':80',
  '*',
  'fd00::/129',
  '10.0.0.0/8/8',
])('an entry %s is refused at the start, with the name of the setting', (entry) => {
  expect(() => new AllowList([entry])).toThrow('OUTBOUND_ALLOW');
});
