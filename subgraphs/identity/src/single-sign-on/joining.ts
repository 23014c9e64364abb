/**
 * Who somebody is in the account, by what its provider says of them. The rules, in this order:
 *
 * 1. Whom this subject was at an earlier sign-in, while they are a member.
 * 2. The member with this address, when the provider confirmed it. From then on rule 1 holds.
 * 3. Nobody yet, when the account lets addresses of this domain join, and there is no such person anywhere.
 * 4. Else nobody. Somebody who is known elsewhere is never made a member by what this account's provider says: they
 *    accept an invitation with a proof of their own.
 *
 * With DHIS2 there is one rule: the member who has this DHIS2 user id in the account.
 */
export interface Standing {
  /** The lasting member whom this subject was before. */
  linkedMember: string | null;
  /** The lasting member with the confirmed address. */
  memberByEmail: string | null;
  /** Whether anybody, in whichever account, has the confirmed address. */
  personByEmail: boolean;
  /** The key of the address; null when the provider confirmed none. */
  emailKey: string | null;
  allowedDomains: readonly string[];
}

export type Decision =
  | { kind: 'MEMBER'; userId: string }
  | { kind: 'LINK'; userId: string }
  | { kind: 'JOIN' }
  | { kind: 'NOBODY'; message: string };

export function decide(standing: Standing): Decision {
  const { linkedMember, memberByEmail, personByEmail, emailKey, allowedDomains } = standing;
  if (linkedMember !== null) return { kind: 'MEMBER', userId: linkedMember };
  if (emailKey === null) {
    return { kind: 'NOBODY', message: 'The provider tells no confirmed e-mail address of yours.' };
  }
  if (memberByEmail !== null) return { kind: 'LINK', userId: memberByEmail };
  const domain = emailKey.slice(emailKey.lastIndexOf('@') + 1);
  if (!personByEmail && allowedDomains.includes(domain)) return { kind: 'JOIN' };
  return {
    kind: 'NOBODY',
    message: 'You are not a member of this account. Ask its administrator for an invitation.',
  };
}
