/**
 * What rows of the contract views amount to: permissions and scope. A token never has more than its member, whatever
 * it says of itself.
 */
import type { Scope } from '@iroko/database';
import type { RightsRow, TokenRow } from './contract.sql';
import { permissionsOfModules } from './modules';
import { ALL_PERMISSIONS, isPermission, type Permission } from './permissions';
import { narrowed } from './scope/scope';

export interface Rights {
  permissions: ReadonlySet<Permission>;
  scope: Scope;
}

/** What a member may do, and how far they reach. */
export function rightsOf(row: RightsRow): Rights {
  return { permissions: new Set(permissionsOf(row, row.modules)), scope: scopeOf(row) };
}

/** What a token may do: what it says and its member may. A service token has no member; it may what it says. */
export function rightsOfToken(row: TokenRow): Rights {
  const said = { permissions: row.tokenPermissions, everyPermission: false };
  const own = permissionsOf(said, row.modules);
  const ownScope = scopeOf({
    unitIds: row.tokenUnitIds,
    projectIds: row.tokenProjectIds,
    writableTypeIds: row.tokenWritableTypeIds,
  });
  if (row.member === null) return { permissions: new Set(own), scope: ownScope };
  const held = new Set(permissionsOf(row.member, row.modules));
  return {
    permissions: new Set(own.filter((permission) => held.has(permission))),
    scope: narrowed(scopeOf(row.member), ownScope),
  };
}

/** A name from another release counts for nothing here. */
function permissionsOf(
  { permissions, everyPermission }: Pick<RightsRow, 'permissions' | 'everyPermission'>,
  modules: readonly string[] | null,
): Permission[] {
  return permissionsOfModules(everyPermission ? ALL_PERMISSIONS : permissions.filter(isPermission), modules);
}

function scopeOf(row: Pick<RightsRow, 'unitIds' | 'projectIds' | 'writableTypeIds'>): Scope {
  return {
    units: row.unitIds === null ? [] : [row.unitIds],
    projects: row.projectIds,
    writableTypes: row.writableTypeIds,
  };
}
