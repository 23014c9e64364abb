import fc from 'fast-check';
import { decide, type Standing } from './joining';

const nobody: Standing = {
  linkedMember: null,
  memberByEmail: null,
  person: 'NOBODY',
  invited: false,
  emailKey: 'ada@health.example.org',
  allowedDomains: [],
};

it.each<[string, Partial<Standing>, string]>([
  ['whom the subject was before counts first', { linkedMember: 'a', memberByEmail: 'b' }, 'MEMBER'],
  ['also without an address', { linkedMember: 'a', emailKey: null }, 'MEMBER'],
  ['then the member with the confirmed address', { memberByEmail: 'b', person: 'OURS' }, 'LINK'],
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
    { person: 'ELSEWHERE', allowedDomains: ['health.example.org'] },
    'NOBODY',
  ],
  ['nor by an invitation of this account', { person: 'ELSEWHERE', invited: true }, 'NOBODY'],
  ['a stranger who is invited accepts', { invited: true }, 'ACCEPT'],
  ['so does somebody who was in this account alone', { invited: true, person: 'OURS' }, 'ACCEPT'],
  [
    'an invitation says more than a domain',
    { invited: true, allowedDomains: ['health.example.org'] },
    'ACCEPT',
  ],
  [
    'an invitation is nothing to an address that was not confirmed',
    { invited: true, emailKey: null },
    'NOBODY',
  ],
  ['a member has nothing to accept', { invited: true, memberByEmail: 'b', person: 'OURS' }, 'LINK'],
])('%s', (_, standing, kind) => {
  expect(decide({ ...nobody, ...standing })).toMatchObject({ kind });
});

it('whatever stands, only a member of the account becomes somebody who is there', () => {
  const id = fc.option(fc.constantFrom('a', 'b'), { nil: null });
  fc.assert(
    fc.property(
      id,
      id,
      fc.constantFrom('NOBODY', 'OURS', 'ELSEWHERE'),
      fc.boolean(),
      fc.option(fc.emailAddress(), { nil: null }),
      (linked, mail, person, invited, key) => {
        const standing = {
          ...nobody,
          linkedMember: linked,
          memberByEmail: mail,
          person,
          invited,
          emailKey: key,
        };
        const decision = decide(standing);
        if ('userId' in decision) expect([linked, mail]).toContain(decision.userId);
        else expect(decision.kind === 'ACCEPT').toBe(invited && key !== null && person !== 'ELSEWHERE');
      },
    ),
  );
});
