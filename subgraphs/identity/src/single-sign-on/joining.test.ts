import fc from 'fast-check';
import { decide, type Standing } from './joining';

const nobody: Standing = {
  linkedMember: null,
  memberByEmail: null,
  personByEmail: false,
  emailKey: 'ada@health.example.org',
  allowedDomains: [],
};

it.each<[string, Partial<Standing>, string]>([
  ['whom the subject was before counts first', { linkedMember: 'a', memberByEmail: 'b' }, 'MEMBER'],
  ['also without an address', { linkedMember: 'a', emailKey: null }, 'MEMBER'],
  ['then the member with the confirmed address', { memberByEmail: 'b', personByEmail: true }, 'LINK'],
  ['an address that was not confirmed counts for nothing', { emailKey: null }, 'NOBODY'],
  ['a stranger is nobody', {}, 'NOBODY'],
  ['a stranger of an allowed domain joins', { allowedDomains: ['health.example.org'] }, 'JOIN'],
  ['a subdomain is another domain', { allowedDomains: ['example.org'] }, 'NOBODY'],
  [
    'a domain that only ends alike is another domain',
    { allowedDomains: ['example.org'], emailKey: 'eve@evil-example.org' },
    'NOBODY',
  ],
  [
    'a person of another account never joins by what this provider says',
    { personByEmail: true, allowedDomains: ['health.example.org'] },
    'NOBODY',
  ],
])('%s', (_, standing, kind) => {
  expect(decide({ ...nobody, ...standing })).toMatchObject({ kind });
});

it('whatever stands, only a member of the account becomes somebody who is there', () => {
  const id = fc.option(fc.constantFrom('a', 'b'), { nil: null });
  fc.assert(
    fc.property(
      id,
      id,
      fc.boolean(),
      fc.option(fc.emailAddress(), { nil: null }),
      (linked, mail, known, key) => {
        const standing = {
          ...nobody,
          linkedMember: linked,
          memberByEmail: mail,
          personByEmail: known,
          emailKey: key,
        };
        const decision = decide(standing);
        if ('userId' in decision) expect([linked, mail]).toContain(decision.userId);
        else expect(decision.kind).toBe('NOBODY');
      },
    ),
  );
});
