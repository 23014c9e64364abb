/**
 * Whoever grants, with the rights of this moment: those in the viewer may be some seconds old, and somebody may be
 * losing a right while they give it away.
 */
import type { AccountTransaction } from '@iroko/database';
import { forbidden } from '@iroko/errors';
import { narrowed, type Permission, type Scope, type Viewer, WHOLE_ACCOUNT } from '@iroko/viewer';
import { scopeOf } from '../scope/member-scope';
import { lockGranting, rightsNow } from './granter.sql';
import { effectivePermissions, type Held } from './granting';

/** What whoever grants holds, and how far it reaches. */
export interface Granter extends Held {
  scope: Scope;
  /** Modules that are switched on; null: all. */
  modules: readonly string[] | null;
}

/**
 * Holds up other grants of the account until the transaction ends. Throws FORBIDDEN without `needed`. A service token
 * is nobody who holds anything, so it grants nothing.
 */
export async function granterOf(
  tx: AccountTransaction,
  viewer: Viewer,
  needed: Permission,
): Promise<Granter> {
  await lockGranting(tx);
  const rights = viewer.userId === null ? undefined : await rightsNow(tx, viewer.userId);
  const stored = rights ? effectivePermissions([rights]) : [];
  // A token may do less than its member. Permissions of modules that are off are held like others: they come back.
  const isToken = viewer.tokenId !== null;
  const permissions = new Set(stored.filter((permission) => !isToken || viewer.permissions.has(permission)));
  if (!permissions.has(needed)) throw forbidden(needed);
  return {
    permissions,
    everyPermission: viewer.kind === 'user' && rights?.everyPermission === true,
    // What a token narrows is in the viewer, and never widens.
    scope: narrowed(viewer.scope, rights ? scopeOf(rights) : WHOLE_ACCOUNT),
    modules: rights?.modules ?? null,
  };
}
