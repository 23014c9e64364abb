/**
 * Named tokens of oneself: made (and shown once), and revoked.
 */
import { randomBytes } from 'node:crypto';
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, isId, newId } from '@iroko/database';
import { ApiError, badInput, forbidden, limitExceeded, notFound } from '@iroko/errors';
import { API_TOKEN_PREFIX, type Permission, tokenHash, type Viewer } from '@iroko/viewer';
import { checkedName } from '../accounts/account-form';
import { checkedPermissions } from '../roles/granting';
import type { ApiTokenType, CreateApiTokenInput, CreatedApiToken } from './api-token-type';
import { countLiveTokensOfUser, insertToken, revokeTokenOfUser, tokenOfUser } from './api-tokens.sql';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A season of work; long enough not to annoy, short enough that a forgotten token dies. */
const LIFE_DAYS_DEFAULT = 90;
/** Two years and a leap day. */
const LIFE_DAYS_MAX = 731;
/** Live tokens of one member; more are a script that forgets to revoke. */
const LIVE_TOKENS_MAX = 100;
/** `iroko_` and six characters: enough to recognise, nothing to guess from. */
const PREFIX_LENGTH = API_TOKEN_PREFIX.length + 6;

/** Throws BAD_USER_INPUT, FORBIDDEN (a permission one does not hold, a token that asks), LIMIT_EXCEEDED. */
export async function createApiToken(
  db: AccountDatabase,
  viewer: Viewer,
  input: CreateApiTokenInput,
  now = new Date(),
): Promise<CreatedApiToken> {
  const userId = signedInUser(viewer);
  const token = `${API_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  const row = {
    id: newId(),
    userId,
    name: checkedName(input.name, ['input', 'name']),
    prefix: token.slice(0, PREFIX_LENGTH),
    hash: tokenHash(token),
    permissions: heldPermissions(viewer, input.permissions ?? null),
    expiresAt: expiry(input.expiresAt ?? null, now),
  };
  const apiToken = await db.transaction(async (tx) => {
    const { count } = await countLiveTokensOfUser(tx, userId);
    if (count >= LIVE_TOKENS_MAX) {
      throw limitExceeded(
        `You have ${count} API tokens; ${LIVE_TOKENS_MAX} are allowed. Revoke one first.`,
        'API tokens of one member',
        LIVE_TOKENS_MAX,
        count,
      );
    }
    const made = await insertToken(tx, row);
    const { name, prefix, permissions, expiresAt } = made;
    await recordChange(tx, {
      subjectType: 'ApiToken',
      subjectId: made.id,
      action: 'CREATE',
      before: null,
      after: { userId, name, prefix, permissions, expiresAt },
    });
    return made;
  });
  return { token, apiToken };
}

/** Revoking twice is no error. Throws NOT_FOUND for an id that is none of one's own. */
export async function revokeApiToken(db: AccountDatabase, viewer: Viewer, id: string): Promise<ApiTokenType> {
  const userId = viewer.userId;
  if (!userId || !isId(id)) throw notFound('ApiToken', id);
  return db.transaction(async (tx) => {
    const revoked = await revokeTokenOfUser(tx, userId, id);
    if (!revoked) {
      const known = await tokenOfUser(tx, userId, id);
      if (known) return known;
      throw notFound('ApiToken', id);
    }
    await recordChange(tx, {
      subjectType: 'ApiToken',
      subjectId: id,
      action: 'REVOKE',
      before: { revokedAt: null },
      after: { revokedAt: revoked.revokedAt },
    });
    return revoked;
  });
}

/** A token that leaked must not make another that outlives it. */
function signedInUser({ kind, userId }: Viewer): string {
  if (kind === 'user' && userId) return userId;
  throw new ApiError(
    'FORBIDDEN',
    'Only somebody who is signed in makes API tokens; a token cannot make another.',
  );
}

function heldPermissions(viewer: Viewer, asked: readonly string[] | null): Permission[] {
  if (asked === null) return [...viewer.permissions].sort();
  const path = ['input', 'permissions'];
  if (asked.length === 0) throw badInput('Name at least one permission.', { path });
  const permissions = checkedPermissions(asked, path);
  const missing = permissions.find((permission) => !viewer.permissions.has(permission));
  if (missing) throw forbidden(missing);
  return permissions;
}

function expiry(asked: Date | null, now: Date): Date {
  if (asked === null) return new Date(now.getTime() + LIFE_DAYS_DEFAULT * DAY_MS);
  const lifeMs = asked.getTime() - now.getTime();
  if (lifeMs > 0 && lifeMs <= LIFE_DAYS_MAX * DAY_MS) return asked;
  throw badInput(`expiresAt lies in the future, at most ${LIFE_DAYS_MAX} days from now.`, {
    path: ['input', 'expiresAt'],
  });
}
