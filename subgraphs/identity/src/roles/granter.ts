/**
 * Whoever grants, with the rights of this moment: those in the viewer may be some seconds old, and somebody may be
 * losing a right while they give it away.
 */
import type { AccountTransaction } from '@iroko/database';
import { forbidden } from '@iroko/errors';
import type { Permission, Viewer } from '@iroko/viewer';
import { lockGranting, rightsNow } from './granter.sql';
import { effectivePermissions, type Held } from './granting';

/** Holds up other grants of the account until the transaction ends. Throws FORBIDDEN without `needed`. */
export async function granterOf(tx: AccountTransaction, viewer: Viewer, needed: Permission): Promise<Held> {
  await lockGranting(tx);
  const rights = viewer.userId === null ? undefined : await rightsNow(tx, viewer.userId);
  const stored = rights ? effectivePermissions([rights]) : [];
  // A token may do less than its member.
  const permissions = new Set(stored.filter((permission) => viewer.permissions.has(permission)));
  if (!permissions.has(needed)) throw forbidden(needed);
  return { permissions, everyPermission: viewer.kind === 'user' && rights?.everyPermission === true };
}
