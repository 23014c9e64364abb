import { readBearer } from './bearer';

const API_TOKEN = `iroko_${'a'.repeat(43)}`;

it('no header is nobody', () => {
  expect(readBearer(undefined)).toBeUndefined();
});

it.each([
  [`Bearer ${API_TOKEN}`, { kind: 'api', token: API_TOKEN }],
  [`bearer ${API_TOKEN}`, { kind: 'api', token: API_TOKEN }],
  ['Bearer aa.bb.cc', { kind: 'access', token: 'aa.bb.cc' }],
])('%s is read', (header, expected) => {
  expect(readBearer(header)).toEqual(expected);
});

it.each([
  ['an empty header', ''],
  ['another scheme', 'Basic YWRtaW46ZGlzdHJpY3Q='],
  ['a token without a scheme', API_TOKEN],
  ['a scheme without a token', 'Bearer '],
  ['two tokens', `Bearer ${API_TOKEN}, Bearer ${API_TOKEN}`],
  ['an API token that was cut', `Bearer ${API_TOKEN.slice(0, -1)}`],
  ['an API token that is too long', `Bearer ${API_TOKEN}a`],
  ['a word', 'Bearer undefined'],
  ['a token of 10,000 characters', `Bearer ${'a'.repeat(5000)}.${'b'.repeat(4000)}.${'c'.repeat(1000)}`],
  ['characters that no token has', 'Bearer aa.bb.cç'],
])('%s is refused, never taken for nobody', (_, header) => {
  expect(() => readBearer(header)).toThrow(
    expect.objectContaining({ code: 'UNAUTHENTICATED', details: { reason: 'malformed' } }),
  );
});
