/**
 * From what a provider says to a member of the account: looked up, joined, or refused with the reason in the log.
 */
import { personal, recordChange, recordChanges } from '@iroko/changes';
import { type AccountTransaction, newId, type SystemTransaction } from '@iroko/database';
import { ApiError } from '@iroko/errors';
import { giveRole, insertMembership, insertPerson } from '../accounts/found-account.sql';
import { hasOpenInvitation, type InvitationRow, lockOpenInvitation } from '../invitations/invitations.sql';
import { refuseWhatIsNoLongerHeld, takeInvitation } from '../invitations/take-invitation';
import { lockGranting } from '../roles/granter.sql';
import { type EmailAddress, parseEmail } from '../users/email';
import { decide } from './joining';
import { keepSubject, memberByDhis2Id, memberByEmail, memberOfSubject, personOfAddress } from './members.sql';
import type { ProvenIdentity } from './proven-identity';
import { SignInProviderKind } from './provider-type';
import type { ProviderRow } from './providers.sql';

export type Admission = { userId: string } | { refusal: string };

const NAME_LENGTH_MAX = 200;
const TAKEN = 'You are not a member of this account. Ask its administrator for an invitation.';

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
  const known = email && (await personOfAddress(whole, inside.account, email.key));
  const invitation = email && (await invitationToTake(inside, email.key));
  const decision = decide({
    linkedMember: linked?.userId ?? null,
    memberByEmail: email ? ((await memberByEmail(inside, email.key))?.userId ?? null) : null,
    person: known ? (known.ours ? 'OURS' : 'ELSEWHERE') : 'NOBODY',
    invited: invitation !== undefined,
    emailKey: email?.key ?? null,
    allowedDomains: provider.allowedDomains,
  });
  if (decision.kind === 'NOBODY') return { refusal: decision.message };
  if (decision.kind === 'MEMBER') return { userId: decision.userId };
  if (decision.kind === 'LINK') return link(inside, provider, proven, decision.userId);
  if (!email) return { refusal: 'There is no address.' };
  if (decision.kind === 'ACCEPT' && invitation) {
    return accept(whole, inside, provider, { proven, email, known: known?.userId ?? null, invitation });
  }
  return join(whole, inside, provider, proven, email);
}

/** Locked in the order of those who grant; whoever has no invitation does not wait for them. */
async function invitationToTake(
  inside: AccountTransaction,
  emailKey: string,
): Promise<InvitationRow | undefined> {
  if (!(await hasOpenInvitation(inside, emailKey))) return undefined;
  await lockGranting(inside);
  return lockOpenInvitation(inside, emailKey);
}

interface Invited {
  proven: ProvenIdentity;
  email: EmailAddress;
  /** The person of the address, when there is one. */
  known: string | null;
  invitation: InvitationRow;
}

/** The invitation is taken as if its link had been followed. */
async function accept(
  whole: SystemTransaction,
  asNobody: AccountTransaction,
  provider: ProviderRow,
  { proven, email, known, invitation }: Invited,
): Promise<Admission> {
  try {
    await refuseWhatIsNoLongerHeld(asNobody, invitation);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { refusal: error.message };
  }
  const userId = known ?? (await writePerson(whole, proven, email, invitation));
  if (userId === null) return { refusal: TAKEN };
  const inside = whole.accountTransaction({ ...asNobody.actor, userId });
  const how = { providerId: provider.id };
  await takeInvitation(whole, inside, invitation, { userId, isNew: known === null, how });
  return link(inside, provider, proven, userId);
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
  const userId = await writePerson(whole, proven, email);
  if (userId === null) return { refusal: TAKEN };
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

/** Null when somebody with this address came to be at this moment, elsewhere. */
async function writePerson(
  whole: SystemTransaction,
  proven: ProvenIdentity,
  email: EmailAddress,
  invitation?: InvitationRow,
): Promise<string | null> {
  const id = newId();
  const written = await insertPerson(whole, {
    id,
    email: email.address,
    emailKey: email.key,
    passwordHash: null,
    firstName: shownName(proven.firstName) || (invitation?.firstName ?? ''),
    lastName: shownName(proven.lastName) || (invitation?.lastName ?? ''),
    language: invitation?.language ?? null,
  });
  return written === 0 ? null : id;
}

/** As one types it oneself: one line, not longer than a profile takes. */
function shownName(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, ' ')
    .trim()
    .slice(0, NAME_LENGTH_MAX);
}
