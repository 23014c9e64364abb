/**
 * What a member may do, changed by another: direct permissions, roles, the end. Nobody changes themselves, so the last
 * who holds every permission cannot lose it either.
 */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, type Database, isId } from '@iroko/database';
import { ApiError, conflict, notFound } from '@iroko/errors';
import { actorOf, type Viewer } from '@iroko/viewer';
import { foundRole } from '../roles/edit-roles';
import { granterOf } from '../roles/granter';
import { rightsNow } from '../roles/granter.sql';
import { changedPermissions, checkedPermissions, refuseUnheld } from '../roles/granting';
import type { UpdateMembershipInput } from './membership-type';
import {
  endMembershipRow,
  endSessionsIn,
  giveRoleTo,
  lastingMembership,
  type MembershipRow,
  revokeTokensOf,
  takeAllRolesFrom,
  takeRoleFrom,
  writePermissions,
} from './memberships.sql';

/** Throws NOT_FOUND, BAD_USER_INPUT, FORBIDDEN (oneself, a permission one does not hold), CONFLICT (revision). */
export async function updateMembership(
  db: AccountDatabase,
  viewer: Viewer,
  input: UpdateMembershipInput,
): Promise<void> {
  const permissions = checkedPermissions(input.permissions, ['input', 'permissions']);
  await db.transaction(async (tx) => {
    const held = await granterOf(tx, viewer, 'users.manage');
    const member = await otherMember(tx, viewer, input.userId);
    if (member.revision !== input.expectedRevision) {
      throw conflict(`The member was changed meanwhile: they have the revision ${member.revision}.`, {
        expectedRevision: input.expectedRevision,
        actualRevision: member.revision,
      });
    }
    const changed = changedPermissions(member.permissions, permissions);
    refuseUnheld(held, { permissions: changed, everyPermission: false });
    if (changed.length === 0) return;
    await writePermissions(tx, member.userId, permissions);
    await recordChange(tx, {
      subjectType: 'Membership',
      subjectId: member.userId,
      action: 'UPDATE',
      before: { permissions: member.permissions },
      after: { permissions },
    });
  });
}

type RoleChange = 'GIVE_ROLE' | 'TAKE_ROLE';

/** Giving what is there and taking what is not change nothing. Throws NOT_FOUND and FORBIDDEN. */
export async function changeRole(
  db: AccountDatabase,
  viewer: Viewer,
  change: RoleChange,
  { userId, roleId }: { userId: string; roleId: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const held = await granterOf(tx, viewer, 'roles.manage');
    const role = await foundRole(tx, roleId);
    const member = await otherMember(tx, viewer, userId);
    refuseUnheld(held, role);
    const write = change === 'GIVE_ROLE' ? giveRoleTo : takeRoleFrom;
    if ((await write(tx, member.userId, role.id)) === 0) return;
    const named = { roleId: role.id, role: role.name };
    await recordChange(tx, {
      subjectType: 'Membership',
      subjectId: member.userId,
      action: change,
      before: change === 'GIVE_ROLE' ? null : named,
      after: change === 'GIVE_ROLE' ? named : null,
    });
  });
}

/**
 * Ends a membership with its sessions, tokens, roles and permissions: whoever comes back begins anew. Throws NOT_FOUND,
 * and FORBIDDEN for oneself and for a member who holds what one does not hold.
 */
export async function endMembership(
  database: Database,
  viewer: Viewer,
  userId: string,
  requestId: string,
): Promise<void> {
  await database.system.transaction(async (whole) => {
    const tx = whole.accountTransaction(actorOf(viewer, requestId));
    const held = await granterOf(tx, viewer, 'users.manage');
    const member = await otherMember(tx, viewer, userId);
    const theirs = await rightsNow(tx, member.userId);
    if (theirs) refuseUnheld(held, theirs);
    const roles = await takeAllRolesFrom(tx, member.userId);
    await endMembershipRow(tx, member.userId);
    await revokeTokensOf(tx, member.userId);
    await endSessionsIn(whole, tx.account, member.userId);
    await recordChange(tx, {
      subjectType: 'Membership',
      subjectId: member.userId,
      action: 'END',
      before: { permissions: member.permissions, roleIds: roles.map(({ roleId }) => roleId) },
      after: { permissions: [], roleIds: [] },
    });
  });
}

/** Whether there is such a member is looked at first: only who is there can be oneself. */
async function otherMember(tx: AccountTransaction, viewer: Viewer, userId: string): Promise<MembershipRow> {
  const member = isId(userId) ? await lastingMembership(tx, userId) : undefined;
  if (!member) throw notFound('User', userId);
  if (member.userId === viewer.userId) {
    throw new ApiError('FORBIDDEN', 'Nobody changes their own permissions, roles or membership.');
  }
  return member;
}
