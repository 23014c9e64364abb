import fc from 'fast-check';
import { base32 } from './base32';
import { codeOfStep, matchingStep, otpauthUri, stepAt } from './totp';

/** The secret of the test vectors of RFC 6238, appendix B. */
const rfcSecret = Buffer.from('12345678901234567890');
const secret = rfcSecret;
const now = 1_700_000_000_000;
const step = stepAt(now);
const anyTime = { milliseconds: now, lastStep: 0 };

it.each([
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
])('the code %d seconds after 1970 is the one of RFC 6238', (seconds, code) => {
  expect(codeOfStep(rfcSecret, stepAt(seconds * 1000), 8)).toBe(code);
  expect(codeOfStep(rfcSecret, stepAt(seconds * 1000))).toBe(code.slice(2));
});

it.each([-1, 0, 1])('a clock that is off by %d steps is taken', (drift) => {
  expect(matchingStep(secret, codeOfStep(secret, step + drift), anyTime)).toBe(step + drift);
});

it.each([-2, 2])('a clock that is off by %d steps is refused', (drift) => {
  expect(matchingStep(secret, codeOfStep(secret, step + drift), anyTime)).toBeUndefined();
});

it('a code is refused once it or a later one was taken', () => {
  const code = codeOfStep(secret, step);
  expect(matchingStep(secret, code, { milliseconds: now, lastStep: step - 1 })).toBe(step);
  expect(matchingStep(secret, code, { milliseconds: now, lastStep: step })).toBeUndefined();
  expect(matchingStep(secret, code, { milliseconds: now, lastStep: step + 1 })).toBeUndefined();
});

it('space within a code does not matter', () => {
  const code = codeOfStep(secret, step);
  expect(matchingStep(secret, ` ${code.slice(0, 3)} ${code.slice(3)} `, anyTime)).toBe(step);
});

it('nothing but the six digits of these three steps is taken', () => {
  const good = [-1, 0, 1].map((drift) => codeOfStep(secret, step + drift));
  const digits = fc.integer({ min: 0, max: 999_999 }).map((number) => String(number).padStart(6, '0'));
  fc.assert(
    fc.property(fc.oneof(fc.string(), digits), (text) => {
      fc.pre(!good.includes(text.replace(/\s/g, '')));
      expect(matchingStep(secret, text, anyTime)).toBeUndefined();
    }),
  );
});

it.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 of %j is the one of RFC 4648, without padding', (text, encoded) => {
  expect(base32(Buffer.from(text))).toBe(encoded);
});

it('apps read the secret and whose it is from the address', () => {
  const uri = new URL(otpauthUri(secret, 'ada+x@example.org'));
  expect(uri.protocol).toBe('otpauth:');
  expect(decodeURIComponent(uri.pathname)).toContain('Iroko:ada+x@example.org');
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    secret: base32(secret),
    issuer: 'Iroko',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});
