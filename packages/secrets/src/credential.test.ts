import { CREDENTIAL_PURPOSE, credentialContext, openCredential, Seal } from './index';

const seal = new Seal(Buffer.alloc(32, 1), CREDENTIAL_PURPOSE);
const place = { accountId: 'account', id: 'credential', url: 'https://dhis2.example.org/' };
const secretSealed = seal.close(Buffer.from('district'), credentialContext(place));

it('the secret opens for the account, record and address it was given for', () => {
  expect(openCredential(seal, { ...place, secretSealed })).toBe('district');
});

it.each([
  ['account', { accountId: 'other' }],
  ['record', { id: 'other' }],
  ['address', { url: 'https://evil.example.org/' }],
])('and for no other %s, whatever stands in the row', (_, other) => {
  expect(() => openCredential(seal, { ...place, ...other, secretSealed })).toThrow();
});
