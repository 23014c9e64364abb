/**
 * Accepting an invitation, as a new person or as the one that the address belongs to.
 */
import { recordChange } from '@iroko/changes';
import type { AccountTransaction, Database } from '@iroko/database';
import { ApiError, conflict } from '@iroko/errors';
import { type Viewer, WHOLE_ACCOUNT } from '@iroko/viewer';
import { checkedLanguage, checkedName } from '../accounts/account-form';
import { goodLink, refusedLink, useLink } from '../mail-links/mail-link';
import { joinAccount } from '../memberships/join';
import type { Passwords } from '../passwords/passwords';
import { mailedPerson, writeMailedPerson } from '../people/mailed-person';
import { knownPerson } from '../people/mailed-person.sql';
import { lockGranting, rightsNow } from '../roles/granter.sql';
import { effectivePermissions, refuseUnheld } from '../roles/granting';
import { rolesByIds } from '../roles/roles.sql';
import { scopeOf } from '../scope/member-scope';
import type { RequestOrigin } from '../sign-in/source';
import type { InvitationPreviewType } from './invitation-type';
import {
  acceptInvitationRow,
  accountOfInvitation,
  type InvitationRow,
  invitationById,
  linkInvitedDhis2User,
  lockInvitation,
  writeFirstProfile,
} from './invitations.sql';
import { presetOf, refuseBeyondInviter } from './preset';

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
    const locked = await lockInvitation(inside, invitation.id);
    if (locked?.status !== 'OPEN') throw refusedInvitation(locked);
    await refuseWhatIsNoLongerHeld(inside, locked);
    const roles = await rolesByIds(inside, locked.roleIds);
    const roleIds = roles.map(({ id }) => id);
    await joinAccount(
      inside,
      userId,
      { ...presetOf(locked), permissions: locked.permissions, roleIds },
      { invitationId: locked.id },
    );
    if (locked.dhis2Id !== null) await linkInvitedDhis2User(inside, userId, locked.dhis2Id);
    if (person.kind === 'new') await writeFirstProfile(tx, userId, locked);
    await acceptInvitationRow(inside, locked.id, userId);
    await recordChange(inside, {
      subjectType: 'Invitation',
      subjectId: locked.id,
      action: 'ACCEPT',
      before: null,
      after: { userId },
    });
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

/** Whoever invites may have lost what they give, or a role may have grown: then the invitation gives nothing. */
async function refuseWhatIsNoLongerHeld(
  inside: AccountTransaction,
  { invitedBy, ...invitation }: InvitationRow,
): Promise<void> {
  if (invitedBy === null) return;
  await lockGranting(inside);
  const rights = await rightsNow(inside, invitedBy);
  const held = {
    permissions: new Set<string>(rights ? effectivePermissions([rights]) : []),
    everyPermission: rights?.everyPermission === true,
    scope: rights ? scopeOf(rights) : WHOLE_ACCOUNT,
  };
  const roleIds = (await rolesByIds(inside, invitation.roleIds)).map(({ id }) => id);
  try {
    await refuseBeyondInviter(inside, held, { ...presetOf(invitation), roleIds });
    refuseUnheld(held, { permissions: invitation.permissions, everyPermission: false });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw conflict('Whoever invited you may no longer give what this invitation gives. Ask for a new one.');
  }
}
