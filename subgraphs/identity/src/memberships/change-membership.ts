/**
 * What a member may do, changed by another: direct permissions, roles, the end. Nobody changes themselves, so the last
 * who holds every permission cannot lose it either.
 */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, type Database, isId } from '@iroko/database';
import { ApiError, conflict, notFound } from '@iroko/errors';
import { actorOf, type Permission, type Viewer } from '@iroko/viewer';
import { foundRole } from '../roles/edit-roles';
import { type Granter, granterOf } from '../roles/granter';
import { rightsNow } from '../roles/granter.sql';
import {
  addedPermissions,
  changedPermissions,
  checkedPermissions,
  refuseModulesOff,
  refuseUnheld,
} from '../roles/granting';
import type { RoleRow } from '../roles/roles.sql';
import { givenScope, type MemberScope, NO_LIMIT, refuseBeyond, type ScopeGiven } from '../scope/member-scope';
import { leaveTeams } from '../teams/team-people';
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
  writeRights,
} from './memberships.sql';

/** Throws NOT_FOUND, BAD_USER_INPUT, FORBIDDEN (oneself, a permission one does not hold), CONFLICT (revision). */
export async function updateMembership(
  db: AccountDatabase,
  viewer: Viewer,
  input: UpdateMembershipInput,
): Promise<void> {
  const asked = input.permissions && checkedPermissions(input.permissions, ['input', 'permissions']);
  await db.transaction(async (tx) => {
    const held = await granterOf(tx, viewer, 'users.manage');
    const member = await managedMember(tx, viewer, held, input.userId);
    if (member.revision !== input.expectedRevision) {
      throw conflict(`The member was changed meanwhile: they have the revision ${member.revision}.`, {
        expectedRevision: input.expectedRevision,
        actualRevision: member.revision,
      });
    }
    await changeGiven(tx, held, member, {
      ...(asked ? { permissions: asked } : {}),
      ...(input.scope ? { scope: input.scope } : {}),
    });
  });
}

/**
 * What is left out stays. Whether anything changed; the member is one that `managedMember` answered. Throws as
 * updateMembership does.
 */
export async function changeGiven(
  tx: AccountTransaction,
  held: Granter,
  member: MembershipRow,
  asked: { permissions?: readonly Permission[]; scope?: ScopeGiven },
): Promise<boolean> {
  const before = rightsGiven(member);
  const after = {
    ...before,
    permissions: asked.permissions ?? before.permissions,
    ...(asked.scope ? await newScope(tx, held, member, asked.scope) : {}),
  };
  refuseModulesOff(held.modules, addedPermissions(before.permissions, asked.permissions ?? []), [
    'input',
    'permissions',
  ]);
  const changed = changedPermissions(before.permissions, after.permissions);
  refuseUnheld(held, { permissions: changed, everyPermission: false });
  const fields = differing(before, after);
  if (fields.length === 0) return false;
  await writeRights(tx, member.userId, after.permissions, after);
  await recordChange(tx, {
    subjectType: 'Membership',
    subjectId: member.userId,
    action: 'UPDATE',
    before: Object.fromEntries(fields.map((field) => [field, before[field]])),
    after: Object.fromEntries(fields.map((field) => [field, after[field]])),
  });
  return true;
}

/** What is given to a member beside roles. */
type Given = MemberScope & { permissions: readonly string[] };

const rightsGiven = ({ permissions, unitIds, projectIds, writableTypeIds }: MembershipRow): Given => ({
  permissions,
  unitIds,
  projectIds,
  writableTypeIds,
});

/**
 * A wider scope carries along everything the member may do, so whoever changes it holds all of that, whoever gave it.
 */
async function newScope(
  tx: AccountTransaction,
  held: Granter,
  member: MembershipRow,
  given: ScopeGiven,
): Promise<MemberScope> {
  const theirs = await rightsNow(tx, member.userId);
  if (theirs) refuseUnheld(held, theirs);
  return givenScope(tx, held.scope, given, ['input', 'scope']);
}

function differing(before: Given, after: Given): (keyof Given)[] {
  const names = Object.keys(before) as (keyof Given)[];
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

export type RoleChange = 'GIVE_ROLE' | 'TAKE_ROLE';

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
    const member = await managedMember(tx, viewer, held, userId);
    await changeRoleOf(tx, held, member, change, role);
  });
}

/** Whether anything changed; the member is one that `managedMember` answered. Throws FORBIDDEN. */
export async function changeRoleOf(
  tx: AccountTransaction,
  held: Granter,
  member: MembershipRow,
  change: RoleChange,
  role: RoleRow,
): Promise<boolean> {
  refuseUnheld(held, role);
  const write = change === 'GIVE_ROLE' ? giveRoleTo : takeRoleFrom;
  if ((await write(tx, member.userId, role.id)) === 0) return false;
  const named = { roleId: role.id, role: role.name };
  await recordChange(tx, {
    subjectType: 'Membership',
    subjectId: member.userId,
    action: change,
    before: change === 'GIVE_ROLE' ? null : named,
    after: change === 'GIVE_ROLE' ? named : null,
  });
  return true;
}

/**
 * Ends a membership with its sessions, tokens, roles, teams and permissions: whoever comes back begins anew. Throws NOT_FOUND,
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
    const member = await managedMember(tx, viewer, held, userId);
    const theirs = await rightsNow(tx, member.userId);
    if (theirs) refuseUnheld(held, theirs);
    const roles = await takeAllRolesFrom(tx, member.userId);
    await leaveTeams(tx, member.userId);
    await endMembershipRow(tx, member.userId);
    await revokeTokensOf(tx, member.userId);
    await endSessionsIn(whole, tx.account, member.userId);
    await recordChange(tx, {
      subjectType: 'Membership',
      subjectId: member.userId,
      action: 'END',
      before: { ...rightsGiven(member), roleIds: roles.map(({ roleId }) => roleId) },
      after: { ...NO_LIMIT, permissions: [], roleIds: [] },
    });
  });
}

/**
 * Somebody else, whose reach lies within that of whoever manages them. Whether there is such a member is looked at
 * first: only who is there can be oneself.
 */
export async function managedMember(
  tx: AccountTransaction,
  viewer: Viewer,
  held: Granter,
  userId: string,
): Promise<MembershipRow> {
  const member = isId(userId) ? await lastingMembership(tx, userId) : undefined;
  if (!member) throw notFound('User', userId);
  if (member.userId === viewer.userId) {
    throw new ApiError('FORBIDDEN', 'Nobody changes their own permissions, scope, roles or membership.');
  }
  await refuseBeyond(tx, held.scope, member);
  return member;
}
