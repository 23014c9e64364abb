import fc from 'fast-check';
import { clearedCookie, cookieFor, newBrowserSecret, provenSecrets, secretsOf } from './browser-secret';

const browserSecret = newBrowserSecret();
const { state, nonce, verifier } = secretsOf(browserSecret);
const cookie = cookieFor(state, browserSecret, 'https://iroko.example.org').split(';')[0];

it('the browser that began is known again, also among other cookies', () => {
  expect(provenSecrets(state, cookie)).toEqual({ state, nonce, verifier });
  expect(provenSecrets(state, `a=b; ${cookie}; c=d`)).toEqual({ state, nonce, verifier });
});

it('the three secrets are different, and none tells the one they come from', () => {
  expect(new Set([state, nonce, verifier, browserSecret]).size).toBe(4);
});

it('another browser is not: without the cookie, with one of its own, with a changed one', () => {
  const other = newBrowserSecret();
  expect(provenSecrets(state, undefined)).toBeUndefined();
  expect(provenSecrets(state, cookie?.replace(browserSecret, other))).toBeUndefined();
  expect(provenSecrets(secretsOf(other).state, cookie)).toBeUndefined();
});

it('whatever else stands for state and cookies is no proof and no crash', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, two) => {
      expect(provenSecrets(one, two)).toBeUndefined();
      expect(provenSecrets(state, two)).toBeUndefined();
    }),
  );
});

it('the cookie is for our sign-in alone, hidden from pages, and on TLS never sent in clear', () => {
  const text = cookieFor(state, browserSecret, 'https://iroko.example.org');
  for (const part of ['HttpOnly', 'SameSite=Lax', 'Secure', 'Path=/sign-in', 'Max-Age=600']) {
    expect(text.split('; ')).toContain(part);
  }
  expect(cookieFor(state, browserSecret, 'http://127.0.0.1:4000')).not.toContain('Secure');
  expect(clearedCookie(state)).toContain('Max-Age=0');
});
