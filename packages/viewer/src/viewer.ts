/**
 * Whoever a request acts for, an anonymous one included.
 */
import type { Actor, Scope } from '@iroko/database';
import { forbidden, unauthenticated } from '@iroko/errors';
import type { Permission } from './permissions';
import { isWholeAccount, WHOLE_ACCOUNT } from './scope/scope';

export interface Viewer {
  readonly kind: 'user' | 'token' | 'job' | 'anonymous';
  /** Null only for an anonymous viewer that names no account. */
  readonly accountId: string | null;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly tokenId: string | null;
  readonly jobId: string | null;
  readonly permissions: ReadonlySet<Permission>;
  /** Signed in at a provider of the account, which proves them to this account alone. */
  readonly confined?: boolean;
  /** How far they reach within the account. */
  readonly scope: Scope;
}

/** What an anonymous viewer may ask for in an account that it names; its handle answers with what is public. */
export const PUBLIC_PERMISSIONS: ReadonlySet<Permission> = new Set([
  'sources.read',
  'org_units.read',
] as const);

/** Nobody in particular, in an account that the request names. */
export function anonymousIn(accountId: string): Viewer {
  return { ...ANONYMOUS, accountId, permissions: PUBLIC_PERMISSIONS };
}

export const ANONYMOUS: Viewer = {
  kind: 'anonymous',
  accountId: null,
  userId: null,
  sessionId: null,
  tokenId: null,
  jobId: null,
  permissions: new Set(),
  scope: WHOLE_ACCOUNT,
};

/** Throws UNAUTHENTICATED for an anonymous viewer and FORBIDDEN for one without the permission. */
export function requirePermission(viewer: Viewer, permission: Permission): void {
  if (viewer.permissions.has(permission)) return;
  if (viewer.kind === 'anonymous') throw unauthenticated();
  throw forbidden(permission);
}

/** Who is named in what this viewer changes. Throws UNAUTHENTICATED when there is no account to write to. */
export function actorOf(viewer: Viewer, requestId: string): Actor {
  if (viewer.accountId === null) throw unauthenticated();
  return {
    accountId: viewer.accountId,
    requestId,
    ...(viewer.kind === 'anonymous' ? { anonymous: true } : {}),
    ...(viewer.userId ? { userId: viewer.userId } : {}),
    ...(viewer.tokenId ? { tokenId: viewer.tokenId } : {}),
    ...(viewer.jobId ? { jobId: viewer.jobId } : {}),
    ...(isWholeAccount(viewer.scope) ? {} : { scope: viewer.scope }),
  };
}
