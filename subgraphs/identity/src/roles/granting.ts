/**
 * Who may give what: nobody gives, or takes away, what they do not hold. With this rule alone a group of members
 * never comes to hold more than they held together, whatever they give one another in whatever order.
 */
import { ApiError, badInput, forbidden } from '@iroko/errors';
import { ALL_PERMISSIONS, isModuleOn, isPermission, PERMISSIONS, type Permission } from '@iroko/viewer';

/** A set of permissions, of a role or of a member. */
export interface GrantedSet {
  permissions: readonly string[];
  /** Also what a later release adds. */
  everyPermission: boolean;
}

/** What whoever grants holds at this moment. */
export interface Held {
  permissions: ReadonlySet<string>;
  everyPermission: boolean;
}

/** Throws FORBIDDEN, naming the first permission of the set that is not held. */
export function refuseUnheld(held: Held, set: GrantedSet): void {
  if (set.everyPermission && !held.everyPermission) {
    throw new ApiError(
      'FORBIDDEN',
      'Only somebody who signed in and holds every permission gives or takes a role that holds every permission.',
    );
  }
  const missing = set.permissions.find((permission) => !held.permissions.has(permission));
  if (missing !== undefined) throw forbidden(missing);
}

/** What was added and what was taken away between two sets. */
export function changedPermissions(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...after.filter((permission) => !before.includes(permission)),
    ...before.filter((permission) => !after.includes(permission)),
  ].sort();
}

/** What several sets allow together, in alphabetical order. Names that this release does not know allow nothing. */
export function effectivePermissions(sets: readonly GrantedSet[]): Permission[] {
  if (sets.some(({ everyPermission }) => everyPermission)) return [...ALL_PERMISSIONS].sort();
  const names = new Set(sets.flatMap(({ permissions }) => permissions));
  return [...names].filter(isPermission).sort();
}

/** The names, each once, in alphabetical order. Throws BAD_USER_INPUT for one that is no permission. */
export function checkedPermissions(names: readonly string[], path: string[]): Permission[] {
  const named = [...new Set(names)].sort();
  const unknown = named.find((name) => !isPermission(name));
  if (unknown !== undefined) {
    throw badInput(`There is no permission ${JSON.stringify(unknown.slice(0, 100))}.`, { path });
  }
  return named.filter(isPermission);
}

/** Throws BAD_USER_INPUT for a permission that is added while its module is off: it would do nothing. */
export function refuseModulesOff(
  modules: readonly string[] | null,
  added: readonly Permission[],
  path: string[],
): void {
  const off = added.find((permission) => !isModuleOn(PERMISSIONS[permission].module, modules));
  if (off === undefined) return;
  throw badInput(
    `The permission ${off} is of the module ${PERMISSIONS[off].module}, which is switched off.`,
    {
      path,
    },
  );
}

/** What stands in the second list alone. */
export const addedPermissions = (before: readonly string[], after: readonly Permission[]): Permission[] =>
  after.filter((permission) => !before.includes(permission));
