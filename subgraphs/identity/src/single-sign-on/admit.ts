/**
 * From what a provider says to a member of the account: looked up, joined, or refused with the reason in the log.
 */
import { personal, recordChange, recordChanges } from '@iroko/changes';
import { type AccountTransaction, newId, type SystemTransaction } from '@iroko/database';
import { giveRole, insertMembership, insertPerson } from '../accounts/found-account.sql';
import { type EmailAddress, parseEmail } from '../users/email';
import { decide } from './joining';
import { keepSubject, memberByDhis2Id, memberByEmail, memberOfSubject, personExists } from './members.sql';
import type { ProvenIdentity } from './proven-identity';
import { SignInProviderKind } from './provider-type';
import type { ProviderRow } from './providers.sql';

export type Admission = { userId: string } | { refusal: string };

const NAME_LENGTH_MAX = 200;

/** Within one transaction; `inside` is its handle of the provider's account. */
export async function admit(
  whole: SystemTransaction,
  inside: AccountTransaction,
  provider: ProviderRow,
  proven: ProvenIdentity,
): Promise<Admission> {
  if (provider.kind === SignInProviderKind.DHIS2) {
    const member = await memberByDhis2Id(inside, proven.subject);
    return member ?? { refusal: 'No member of this account has your DHIS2 user. Ask its administrator.' };
  }
  const email = proven.confirmedEmail === null ? undefined : parseEmail(proven.confirmedEmail);
  const linked = await memberOfSubject(inside, provider.id, proven.subject);
  const decision = decide({
    linkedMember: linked?.userId ?? null,
    memberByEmail: email ? ((await memberByEmail(inside, email.key))?.userId ?? null) : null,
    personByEmail: email !== undefined && (await personExists(whole, email.key)) !== undefined,
    emailKey: email?.key ?? null,
    allowedDomains: provider.allowedDomains,
  });
  if (decision.kind === 'NOBODY') return { refusal: decision.message };
  if (decision.kind === 'MEMBER') return { userId: decision.userId };
  if (decision.kind === 'LINK') return link(inside, provider, proven, decision.userId);
  return email ? join(whole, inside, provider, proven, email) : { refusal: 'There is no address.' };
}

async function link(
  inside: AccountTransaction,
  provider: ProviderRow,
  { subject }: ProvenIdentity,
  userId: string,
): Promise<Admission> {
  await keepSubject(inside, provider.id, subject, userId);
  await recordChange(inside, {
    subjectType: 'Membership',
    subjectId: userId,
    action: 'LINK_SIGN_IN',
    before: null,
    after: { providerId: provider.id, subject: personal(subject, userId) },
  });
  return { userId };
}

async function join(
  whole: SystemTransaction,
  inside: AccountTransaction,
  provider: ProviderRow,
  proven: ProvenIdentity,
  email: EmailAddress,
): Promise<Admission> {
  const userId = newId();
  const person = {
    id: userId,
    email: email.address,
    emailKey: email.key,
    passwordHash: null,
    firstName: shownName(proven.firstName),
    lastName: shownName(proven.lastName),
    language: null,
  };
  if ((await insertPerson(whole, person)) === 0) {
    // Somebody with this address came to be at this moment, elsewhere.
    return { refusal: 'You are not a member of this account. Ask its administrator for an invitation.' };
  }
  await insertMembership(inside, userId);
  const roleIds = provider.joiningRoleId === null ? [] : [provider.joiningRoleId];
  for (const roleId of roleIds) await giveRole(inside, userId, roleId);
  await keepSubject(inside, provider.id, proven.subject, userId);
  await recordChanges(inside, [
    {
      subjectType: 'Membership',
      subjectId: userId,
      action: 'CREATE',
      before: null,
      after: { userId, roleIds, providerId: provider.id, email: personal(email.address, userId) },
    },
  ]);
  return { userId };
}

/** As one types it oneself: one line, not longer than a profile takes. */
function shownName(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, ' ')
    .trim()
    .slice(0, NAME_LENGTH_MAX);
}
