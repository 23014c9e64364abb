/**
 * Named tokens: made (and shown once), and revoked. Those of oneself follow what one may do; service tokens are
 * nobody's, so they are made of what their maker holds at that moment, and stay when their maker leaves.
 */
import { randomBytes } from 'node:crypto';
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, newId } from '@iroko/database';
import { ApiError, badInput, forbidden, limitExceeded, notFound } from '@iroko/errors';
import { API_TOKEN_PREFIX, type Permission, tokenHash, type Viewer } from '@iroko/viewer';
import { checkedName } from '../accounts/account-form';
import { type Granter, granterOf } from '../roles/granter';
import { checkedPermissions, refuseModulesOff } from '../roles/granting';
import { givenScope, type MemberScope, NO_LIMIT } from '../scope/member-scope';
import { ScopeType } from '../scope/scope-type';
import type { ApiTokenType, CreateApiTokenInput, CreatedApiToken } from './api-token-type';
import { type ApiTokenRow, countLiveTokensOf, insertToken, revokeTokenOf, tokenOf } from './api-tokens.sql';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A season of work; long enough not to annoy, short enough that a forgotten token dies. */
const LIFE_DAYS_DEFAULT = 90;
/** Two years and a leap day. */
const LIFE_DAYS_MAX = 731;
/** Live tokens of one member, and service tokens of an account; more are a script that forgets to revoke. */
const LIVE_TOKENS_MAX = 100;
/** `iroko_` and six characters: enough to recognise, nothing to guess from. */
const PREFIX_LENGTH = API_TOKEN_PREFIX.length + 6;

/** Whose tokens: one's own, or those of nobody. */
export type TokenKind = 'OWN' | 'SERVICE';

export const ownerOf = (kind: TokenKind, viewer: Viewer): string | null =>
  kind === 'OWN' ? (viewer.userId ?? '') : null;

/** Throws BAD_USER_INPUT, NOT_FOUND (what one does not reach), FORBIDDEN (what one does not hold), LIMIT_EXCEEDED. */
export async function createApiToken(
  db: AccountDatabase,
  viewer: Viewer,
  kind: TokenKind,
  input: CreateApiTokenInput,
  now = new Date(),
): Promise<CreatedApiToken> {
  const maker = signedInUser(viewer);
  const token = `${API_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  const row = {
    id: newId(),
    userId: kind === 'OWN' ? maker : null,
    createdBy: maker,
    name: checkedName(input.name, ['input', 'name']),
    prefix: token.slice(0, PREFIX_LENGTH),
    hash: tokenHash(token),
    expiresAt: expiry(input.expiresAt ?? null, now),
  };
  const apiToken = await db.transaction(async (tx) => {
    const held = await granterOf(tx, viewer, kind === 'OWN' ? 'tokens.own' : 'tokens.manage');
    await refuseTooMany(tx, row.userId);
    const permissions = heldPermissions(held, viewer, input.permissions ?? null);
    const scope = await tokenScope(tx, held, kind, input);
    const made = await insertToken(tx, { ...row, permissions, ...scope });
    const { name, prefix, expiresAt } = made;
    await recordChange(tx, {
      subjectType: 'ApiToken',
      subjectId: made.id,
      action: 'CREATE',
      before: null,
      after: { userId: row.userId, name, prefix, permissions, expiresAt, ...scope },
    });
    return made;
  });
  return { token, apiToken: apiTokenType(apiToken) };
}

/** Revoking twice is no error. Throws NOT_FOUND for an id that is none of those tokens. */
export async function revokeApiToken(
  db: AccountDatabase,
  viewer: Viewer,
  kind: TokenKind,
  id: string,
): Promise<ApiTokenType> {
  const owner = ownerOf(kind, viewer);
  if (owner === '' || !isId(id)) throw notFound('ApiToken', id);
  return db.transaction(async (tx) => {
    const revoked = await revokeTokenOf(tx, owner, id);
    if (!revoked) {
      const known = await tokenOf(tx, owner, id);
      if (known) return apiTokenType(known);
      throw notFound('ApiToken', id);
    }
    await recordChange(tx, {
      subjectType: 'ApiToken',
      subjectId: id,
      action: 'REVOKE',
      before: { revokedAt: null },
      after: { revokedAt: revoked.revokedAt },
    });
    return apiTokenType(revoked);
  });
}

export function apiTokenType({ unitIds, projectIds, writableTypeIds, ...row }: ApiTokenRow): ApiTokenType {
  return { ...row, scope: ScopeType.of({ unitIds, projectIds, writableTypeIds }) };
}

/** A token that leaked must not make another that outlives it. */
function signedInUser({ kind, userId }: Viewer): string {
  if (kind === 'user' && userId) return userId;
  throw new ApiError(
    'FORBIDDEN',
    'Only somebody who is signed in makes API tokens; a token cannot make another.',
  );
}

async function refuseTooMany(tx: AccountTransaction, owner: string | null): Promise<void> {
  const { count } = await countLiveTokensOf(tx, owner);
  if (count < LIVE_TOKENS_MAX) return;
  throw limitExceeded(
    `There are ${count} such API tokens; ${LIVE_TOKENS_MAX} are allowed. Revoke one first.`,
    owner === null ? 'service tokens of an account' : 'API tokens of one member',
    LIVE_TOKENS_MAX,
    count,
  );
}

function heldPermissions(held: Granter, viewer: Viewer, asked: readonly string[] | null): Permission[] {
  if (asked === null) return [...viewer.permissions].filter((name) => held.permissions.has(name)).sort();
  const path = ['input', 'permissions'];
  if (asked.length === 0) throw badInput('Name at least one permission.', { path });
  const permissions = checkedPermissions(asked, path);
  refuseModulesOff(held.modules, permissions, path);
  const missing = permissions.find((permission) => !held.permissions.has(permission));
  if (missing) throw forbidden(missing);
  return permissions;
}

/** A token of oneself follows one's own scope where it says nothing; a service token takes its maker's along. */
function tokenScope(
  tx: AccountTransaction,
  held: Granter,
  kind: TokenKind,
  { scope }: CreateApiTokenInput,
): Promise<MemberScope> | MemberScope {
  const { units, projects, writableTypes } = held.scope;
  const makers = {
    orgUnitIds: units[0] && [...units[0]],
    projectIds: projects && [...projects],
    writableTypeIds: writableTypes && [...writableTypes],
  };
  if (kind === 'OWN' && !scope) return NO_LIMIT;
  return givenScope(
    tx,
    held.scope,
    {
      orgUnitIds: scope?.orgUnitIds ?? makers.orgUnitIds ?? null,
      projectIds: scope?.projectIds ?? makers.projectIds,
      writableTypeIds: scope?.writableTypeIds ?? makers.writableTypeIds,
    },
    ['input', 'scope'],
  );
}

function expiry(asked: Date | null, now: Date): Date {
  if (asked === null) return new Date(now.getTime() + LIFE_DAYS_DEFAULT * DAY_MS);
  const lifeMs = asked.getTime() - now.getTime();
  if (lifeMs > 0 && lifeMs <= LIFE_DAYS_MAX * DAY_MS) return asked;
  throw badInput(`expiresAt lies in the future, at most ${LIFE_DAYS_MAX} days from now.`, {
    path: ['input', 'expiresAt'],
  });
}
