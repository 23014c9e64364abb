/**
 * What an invitation gives: permissions, roles, teams, and how far the membership reaches. Nobody invites anybody to
 * more than they hold and reach themselves, neither when they invite nor when the invitation is accepted.
 */
import type { AccountTransaction } from '@iroko/database';
import { badInput, forbidden } from '@iroko/errors';
import { foundRole } from '../roles/edit-roles';
import type { Granter } from '../roles/granter';
import { refuseUnheld } from '../roles/granting';
import { type MemberScope, refuseBeyond } from '../scope/member-scope';

const ENTRIES_MAX = 50;

export interface Preset extends MemberScope {
  /** Given directly, beside those of the roles. */
  permissions: readonly string[];
  roleIds: readonly string[];
  teamIds: readonly string[];
}

/** What an invitation gives and nothing else of it. */
export const presetOf = (of: Preset): Preset => ({
  permissions: of.permissions,
  roleIds: of.roleIds,
  teamIds: of.teamIds,
  unitIds: of.unitIds,
  projectIds: of.projectIds,
  writableTypeIds: of.writableTypeIds,
});

/** Each once. Throws BAD_USER_INPUT for too many. */
export function checkedPresetIds(given: readonly string[], field: 'roleIds' | 'teamIds'): string[] {
  const ids = [...new Set(given)];
  if (ids.length <= ENTRIES_MAX) return ids;
  throw badInput(`${field} names ${ids.length}; ${ENTRIES_MAX} are allowed.`, { path: ['input', field] });
}

/**
 * Throws NOT_FOUND for a role that there is not, and FORBIDDEN for more than whoever invites holds or reaches. Teams
 * are looked at by whoever writes: they give no rights, so they need `teams.edit` and nothing more.
 */
export async function refuseBeyondInviter(
  tx: AccountTransaction,
  held: Pick<Granter, 'permissions' | 'everyPermission' | 'scope'>,
  { permissions, roleIds, teamIds, ...scope }: Preset,
): Promise<void> {
  if (!held.permissions.has('users.manage')) throw forbidden('users.manage');
  if (roleIds.length > 0 && !held.permissions.has('roles.manage')) throw forbidden('roles.manage');
  if (teamIds.length > 0 && !held.permissions.has('teams.edit')) throw forbidden('teams.edit');
  refuseUnheld(held, { permissions, everyPermission: false });
  for (const roleId of roleIds) refuseUnheld(held, await foundRole(tx, roleId));
  await refuseBeyond(tx, held.scope, scope);
}
