import fc from 'fast-check';
import { parseEmail } from './email';

const key = (text: string) => parseEmail(text)?.key;

it.each([
  ['case', 'Ada.Lovelace@Example.ORG', 'ada.lovelace@example.org'],
  ['surrounding space', '  ada@example.org\n', 'ada@example.org'],
  ['the Unicode form of an accent', 'Rene\u0301@example.org', 'ren\u00e9@example.org'],
  ['the way its domain is written', 'ada@bücher.example', 'ada@xn--bcher-kva.example'],
])('%s makes no difference between addresses', (_, one, other) => {
  expect(key(one)).toBeDefined();
  expect(key(one)).toBe(key(other));
});

it.each([
  ['a plus sign', 'ada+lists@example.org', 'ada@example.org'],
  ['an accent', 'rené@example.org', 'rene@example.org'],
  ['a dot', 'a.da@example.org', 'ada@example.org'],
])('%s does', (_, one, other) => {
  expect(key(one)).toBeDefined();
  expect(key(one)).not.toBe(key(other));
});

it.each([
  "o'neill@example.org",
  'user/department=sales@example.org',
  '"john smith"@example.org',
  '"with\\"quote"@example.org',
  '"a@b"@example.org',
  'x@localhost',
  '用户@例子.广告',
  `${'a'.repeat(64)}@example.org`,
  'a@1.example',
])('%s is an address', (text) => {
  expect(key(text)).toBeDefined();
});

it.each([
  ['empty', ''],
  ['without a sign', 'ada.example.org'],
  ['without a local part', '@example.org'],
  ['without a domain', 'ada@'],
  ['with a space', 'ada lovelace@example.org'],
  ['with two dots', 'ada..lovelace@example.org'],
  ['with a NUL', 'ada\u0000@example.org'],
  ['with a line break inside', 'ada@example.org\nbcc:eve@example.org'],
  ['of a machine', 'ada@[192.0.2.1]'],
  ['with a number for a domain', 'ada@127.1'],
  ['with a port', 'ada@example.org:25'],
  ['with an open quote', '"ada@example.org'],
  ['with a local part of 65 bytes', `${'a'.repeat(65)}@example.org`],
  ['of 10,000 characters', `${'a'.repeat(10_000)}@example.org`],
  ['with half a surrogate pair', 'a\ud800@example.org'],
])('an address %s is none', (_, text) => {
  expect(key(text)).toBeUndefined();
});

it('folding an address again changes nothing, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' })), (text) => {
      const once = key(text);
      if (once !== undefined) expect(key(once)).toBe(once);
    }),
  );
});
