/**
 * Who somebody is in the account, by what its provider says of them. The rules, in this order:
 *
 * 1. Whom this subject was at an earlier sign-in, while they are a member.
 * 2. The member with this address, when the provider confirmed it. From then on rule 1 holds.
 * 3. Whoever the account has invited at this address: a new person, or one who was in this account alone before.
 * 4. Nobody yet, when the account lets addresses of this domain join, and there is no such person anywhere.
 * 5. Else nobody. Somebody who is known elsewhere is never made a member by what this account's provider says: the
 *    account chooses its provider and whom it invites, so both together are still the account's word alone, and would
 *    show it the person's name and phone. They follow the link in the mail, which proves that they read it.
 *
 * With DHIS2 there is one rule: the member who has this DHIS2 user id in the account.
 */
export interface Standing {
  /** The lasting member whom this subject was before. */
  linkedMember: string | null;
  /** The lasting member with the confirmed address. */
  memberByEmail: string | null;
  /** Whose the confirmed address is: nobody's, of somebody who was in this account alone, or of anybody else. */
  person: 'NOBODY' | 'OURS' | 'ELSEWHERE';
  /** Whether the account has an open invitation for the confirmed address. */
  invited: boolean;
  /** The key of the address; null when the provider confirmed none. */
  emailKey: string | null;
  allowedDomains: readonly string[];
}

export type Decision =
  | { kind: 'MEMBER'; userId: string }
  | { kind: 'LINK'; userId: string }
  | { kind: 'ACCEPT' }
  | { kind: 'JOIN' }
  | { kind: 'NOBODY'; message: string };

export function decide(standing: Standing): Decision {
  const { linkedMember, memberByEmail, person, invited, emailKey, allowedDomains } = standing;
  if (linkedMember !== null) return { kind: 'MEMBER', userId: linkedMember };
  if (emailKey === null) {
    return { kind: 'NOBODY', message: 'The provider tells no confirmed e-mail address of yours.' };
  }
  if (memberByEmail !== null) return { kind: 'LINK', userId: memberByEmail };
  if (invited && person !== 'ELSEWHERE') return { kind: 'ACCEPT' };
  const domain = emailKey.slice(emailKey.lastIndexOf('@') + 1);
  if (person === 'NOBODY' && allowedDomains.includes(domain)) return { kind: 'JOIN' };
  if (invited) {
    return {
      kind: 'NOBODY',
      message: 'You are invited: follow the link in the mail first, then sign in here.',
    };
  }
  return {
    kind: 'NOBODY',
    message: 'You are not a member of this account. Ask its administrator for an invitation.',
  };
}
