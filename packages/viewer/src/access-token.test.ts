import { tamperings } from '@iroko/testing';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { signAccessToken, verifyAccessToken } from './access-token';

const ISSUED_AT = new Date('2026-03-01T08:00:00Z');
const CLAIMS = {
  userId: '01940000-0000-7000-8000-000000000001',
  accountId: '01940000-0000-7000-8000-000000000002',
  sessionId: '01940000-0000-7000-8000-000000000003',
};
const unauthenticated = (reason: string) =>
  expect.objectContaining({ code: 'UNAUTHENTICATED', details: { reason } });

let pair: { privateKey: CryptoKey; publicKey: CryptoKey };
let token: string;

const findKey = async (kid: string) => (kid === 'k1' ? pair.publicKey : undefined);
const verify = (text: string, at = ISSUED_AT) => verifyAccessToken(text, findKey, at);

beforeAll(async () => {
  pair = await generateKeyPair('EdDSA', { extractable: true });
  token = await signAccessToken({ kid: 'k1', privateKey: pair.privateKey }, CLAIMS, ISSUED_AT);
});

it('an access token says who it speaks for, and for 15 minutes', async () => {
  expect(await verify(token)).toEqual({ ...CLAIMS, kid: 'k1', expiresAtMs: ISSUED_AT.getTime() + 900_000 });
  await expect(verify(token, new Date(ISSUED_AT.getTime() + 899_000))).resolves.toBeDefined();
});

it('an expired access token is refused and told that it expired', async () => {
  await expect(verify(token, new Date(ISSUED_AT.getTime() + 900_000))).rejects.toEqual(
    unauthenticated('expired'),
  );
});

it('an access token with any character changed, added or removed is refused (10,000 random ways)', async () => {
  for (const text of tamperings(token, 10_000)) {
    await expect(verify(text)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  }
}, 300_000);

it('each of the sixteen endings that decode to one signature but the one we wrote is refused', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const others = [...alphabet].map((last) => token.slice(0, -1) + last).filter((text) => text !== token);
  for (const text of others) await expect(verify(text)).rejects.toEqual(unauthenticated('malformed'));
});

it('a token that a stranger signed under our key id is refused', async () => {
  const stranger = await generateKeyPair('EdDSA');
  const forged = await signAccessToken({ kid: 'k1', privateKey: stranger.privateKey }, CLAIMS, ISSUED_AT);
  await expect(verify(forged)).rejects.toEqual(unauthenticated('malformed'));
});

it('a token signed with a key that we do not publish is refused', async () => {
  const foreign = await signAccessToken({ kid: 'k2', privateKey: pair.privateKey }, CLAIMS, ISSUED_AT);
  await expect(verify(foreign)).rejects.toEqual(unauthenticated('unknown'));
});

describe('a token with our signature that is no access token is refused', () => {
  const sign = (change: (jwt: SignJWT) => SignJWT, header: Record<string, string> = {}) =>
    change(
      new SignJWT({ acc: CLAIMS.accountId, sid: CLAIMS.sessionId })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt', ...header })
        .setIssuer('iroko')
        .setAudience('iroko')
        .setSubject(CLAIMS.userId)
        .setIssuedAt(ISSUED_AT)
        .setExpirationTime(ISSUED_AT.getTime() / 1000 + 900),
    ).sign(pair.privateKey);

  it.each<[string, (jwt: SignJWT) => SignJWT, Record<string, string>]>([
    ['for another audience', (jwt) => jwt.setAudience('elsewhere'), {}],
    ['of another issuer', (jwt) => jwt.setIssuer('elsewhere'), {}],
    ['of another type', (jwt) => jwt, { typ: 'JWT' }],
    ['whose subject is no id', (jwt) => jwt.setSubject('root'), {}],
  ])('%s', async (_, change, header) => {
    await expect(verify(await sign(change, header))).rejects.toEqual(unauthenticated('malformed'));
  });
});

it('an unsigned token and one signed with the public key as a shared secret are refused', async () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = token.split('.')[1] ?? '';
  const none = `${encode({ alg: 'none', kid: 'k1', typ: 'at+jwt' })}.${payload}.${'A'.repeat(86)}`;
  await expect(verify(none)).rejects.toEqual(unauthenticated('malformed'));
  const { x = '' } = await exportJWK(pair.publicKey);
  const secret = await importJWK({ kty: 'oct', k: x }, 'HS256');
  const confused = await new SignJWT({ acc: CLAIMS.accountId, sid: CLAIMS.sessionId })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'at+jwt' })
    .setSubject(CLAIMS.userId)
    .sign(secret);
  await expect(verify(confused)).rejects.toEqual(unauthenticated('malformed'));
});
