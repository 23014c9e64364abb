/**
 * Accepting an invitation, as a new person or as the one that the address belongs to.
 */
import type { Database } from '@iroko/database';
import { type ApiError, conflict } from '@iroko/errors';
import type { Viewer } from '@iroko/viewer';
import { checkedLanguage, checkedName } from '../accounts/account-form';
import { goodLink, refusedLink, useLink } from '../mail-links/mail-link';
import type { Passwords } from '../passwords/passwords';
import { mailedPerson, writeMailedPerson } from '../people/mailed-person';
import { knownPerson } from '../people/mailed-person.sql';
import { lockGranting } from '../roles/granter.sql';
import type { RequestOrigin } from '../sign-in/source';
import type { InvitationPreviewType } from './invitation-type';
import { accountOfInvitation, type InvitationRow, invitationById, lockInvitation } from './invitations.sql';
import { refuseWhatIsNoLongerHeld, takeInvitation } from './take-invitation';

export interface AcceptInvitationInput {
  token: string;
  /** Chosen now, or the present one of somebody who has a user; not needed by who signed in as them. */
  password: string | null;
  firstName: string | null;
  lastName: string | null;
  language: string | null;
}

interface Services {
  database: Database;
  passwords: Passwords;
}

/**
 * Answers the slug of the account. Throws BAD_USER_INPUT (link, weak password), UNAUTHENTICATED (wrong password of a
 * known person), RATE_LIMITED, FORBIDDEN (deactivated), CONFLICT (revoked, member already, no longer to be given).
 */
export async function acceptInvitation(
  services: Services,
  viewer: Viewer,
  input: AcceptInvitationInput,
  from: RequestOrigin,
): Promise<string> {
  const { database } = services;
  const { link, account, invitation } = await invitationOf(database, input.token);
  const address = {
    email: invitation.email,
    emailKey: invitation.emailKey,
    firstName: checkedName(input.firstName ?? invitation.firstName, ['firstName'], { mayBeEmpty: true }),
    lastName: checkedName(input.lastName ?? invitation.lastName, ['lastName'], { mayBeEmpty: true }),
    language: input.language === null ? invitation.language : checkedLanguage(input.language, ['language']),
  };
  // Who signed in at a provider of an account is proven to that account alone, so here they prove themselves again.
  const signedIn = viewer.kind === 'user' && !viewer.confined ? viewer.userId : null;
  const person = await mailedPerson(services, address, { password: input.password ?? '', signedIn }, from);
  await database.system.transaction(async (tx) => {
    await useLink(tx, link);
    const userId = await writeMailedPerson(tx, person, from);
    const inside = tx.accountTransaction({
      accountId: account.accountId,
      userId,
      requestId: from.requestId,
    });
    // Before the invitation, in the order of those who grant: else two would wait for one another.
    await lockGranting(inside);
    const locked = await lockInvitation(inside, invitation.id);
    if (locked?.status !== 'OPEN') throw refusedInvitation(locked);
    await refuseWhatIsNoLongerHeld(inside, locked);
    await takeInvitation(tx, inside, locked, { userId, isNew: person.kind === 'new' });
  });
  return account.slug;
}

/** What the holder of a link may know. Throws BAD_USER_INPUT and CONFLICT. */
export async function previewInvitation(database: Database, token: string): Promise<InvitationPreviewType> {
  const { account, invitation } = await invitationOf(database, token);
  const person = await knownPerson(database.system, invitation.emailKey);
  return { accountName: account.name, email: invitation.email, hasUser: person?.passwordHash != null };
}

async function invitationOf(database: Database, token: string) {
  const link = await goodLink(database.system, ['ACCEPT_INVITATION'], token);
  const account = await accountOfInvitation(database.system, link.subjectId);
  const invitation =
    account?.open === true
      ? await invitationById(
          database.forAccount({ accountId: account.accountId, requestId: link.id }),
          link.subjectId,
        )
      : undefined;
  if (!account || invitation?.status !== 'OPEN') throw refusedInvitation(invitation);
  return { link, account, invitation };
}

function refusedInvitation(invitation: InvitationRow | undefined): ApiError {
  if (invitation?.status === 'ACCEPTED') {
    return refusedLink('used', 'This link was used before, and a link works once.');
  }
  if (invitation?.status === 'EXPIRED') {
    return refusedLink('expired', 'This invitation has expired. Ask for a new one.');
  }
  return conflict('This invitation was taken back. Ask whoever invited you for a new one.');
}
