/**
 * What accepting an invitation writes, once it is known who accepts: whoever followed its link, or somebody whose
 * address a sign-in provider of the account confirmed.
 */
import { claimPersonalValues, recordChange } from '@iroko/changes';
import type { AccountTransaction, SystemTransaction } from '@iroko/database';
import { ApiError, conflict } from '@iroko/errors';
import { WHOLE_ACCOUNT } from '@iroko/viewer';
import { joinAccount } from '../memberships/join';
import { rightsNow } from '../roles/granter.sql';
import { effectivePermissions } from '../roles/granting';
import { rolesByIds } from '../roles/roles.sql';
import { type MemberScope, scopeOf } from '../scope/member-scope';
import { joinTeams } from '../teams/team-people';
import {
  acceptInvitationRow,
  type InvitationRow,
  linkInvitedDhis2User,
  writeFirstProfile,
} from './invitations.sql';
import { presetOf, refuseBeyondInviter } from './preset';

export interface Accepting {
  userId: string;
  /** A person who came to be with this: they start with the profile that the invitation has. */
  isNew: boolean;
  /** Beside the invitation, for the log of the membership. */
  how?: Readonly<Record<string, unknown>>;
}

/**
 * `inside` is the handle of the invitation's account, which was locked before as one that is open. Throws CONFLICT
 * for a member; `refuseWhatIsNoLongerHeld` is asked before.
 */
export async function takeInvitation(
  whole: SystemTransaction,
  inside: AccountTransaction,
  locked: InvitationRow,
  { userId, isNew, how = {} }: Accepting,
): Promise<void> {
  const roles = await rolesByIds(inside, locked.roleIds);
  const roleIds = roles.map(({ id }) => id);
  await joinAccount(
    inside,
    userId,
    { ...scopeGivenBy(locked), permissions: locked.permissions, roleIds },
    { invitationId: locked.id, ...how },
  );
  await joinTeams(inside, userId, locked.teamIds);
  if (locked.dhis2Id !== null) await linkInvitedDhis2User(inside, userId, locked.dhis2Id);
  if (isNew) await writeFirstProfile(whole, userId, locked);
  await acceptInvitationRow(inside, locked.id, userId);
  await claimPersonalValues(inside, 'Invitation', [locked.id], userId);
  await recordChange(inside, {
    subjectType: 'Invitation',
    subjectId: locked.id,
    action: 'ACCEPT',
    before: null,
    after: { userId },
  });
}

const scopeGivenBy = ({ unitIds, projectIds, writableTypeIds }: InvitationRow): MemberScope => ({
  unitIds,
  projectIds,
  writableTypeIds,
});

/**
 * Whoever invites may have lost what they give, or a role may have grown: then the invitation gives nothing.
 * Whoever calls this holds `lockGranting`. Throws CONFLICT.
 */
export async function refuseWhatIsNoLongerHeld(
  inside: AccountTransaction,
  { invitedBy, ...invitation }: InvitationRow,
): Promise<void> {
  if (invitedBy === null) return;
  const rights = await rightsNow(inside, invitedBy);
  const held = {
    permissions: new Set<string>(rights ? effectivePermissions([rights]) : []),
    everyPermission: rights?.everyPermission === true,
    scope: rights ? scopeOf(rights) : WHOLE_ACCOUNT,
  };
  const roleIds = (await rolesByIds(inside, invitation.roleIds)).map(({ id }) => id);
  try {
    await refuseBeyondInviter(inside, held, { ...presetOf(invitation), roleIds });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw conflict('Whoever invited you may no longer give what this invitation gives. Ask for a new one.');
  }
}
