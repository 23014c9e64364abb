/**
 * What an invitation gives: roles, and how far the membership reaches. Nobody invites anybody to more than they hold
 * and reach themselves, neither when they invite nor when the invitation is accepted.
 */
import type { AccountTransaction } from '@iroko/database';
import { badInput, forbidden } from '@iroko/errors';
import { foundRole } from '../roles/edit-roles';
import type { Granter } from '../roles/granter';
import { refuseUnheld } from '../roles/granting';
import { type MemberScope, refuseBeyond } from '../scope/member-scope';

const ROLES_MAX = 50;

export interface Preset extends MemberScope {
  roleIds: readonly string[];
}

/** What an invitation gives and nothing else of it. */
export const presetOf = ({ roleIds, unitIds, projectIds, writableTypeIds }: Preset): Preset => ({
  roleIds,
  unitIds,
  projectIds,
  writableTypeIds,
});

/** Each once. Throws BAD_USER_INPUT for too many. */
export function checkedRoleIds(given: readonly string[]): string[] {
  const ids = [...new Set(given)];
  if (ids.length <= ROLES_MAX) return ids;
  throw badInput(`${ids.length} roles are given; ${ROLES_MAX} are allowed.`, { path: ['input', 'roleIds'] });
}

/** Throws NOT_FOUND for a role that there is not, and FORBIDDEN for more than whoever invites holds or reaches. */
export async function refuseBeyondInviter(
  tx: AccountTransaction,
  held: Pick<Granter, 'permissions' | 'everyPermission' | 'scope'>,
  { roleIds, ...scope }: Preset,
): Promise<void> {
  if (!held.permissions.has('users.manage')) throw forbidden('users.manage');
  if (roleIds.length > 0 && !held.permissions.has('roles.manage')) throw forbidden('roles.manage');
  for (const roleId of roleIds) refuseUnheld(held, await foundRole(tx, roleId));
  await refuseBeyond(tx, held.scope, scope);
}
