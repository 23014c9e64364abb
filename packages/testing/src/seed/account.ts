/**
 * An account with an administrator, and its twin: another account that looks the same. Whatever a test asks as the
 * one, nothing of the other may appear.
 */
import { randomBytes } from 'node:crypto';
import { type Actor, type Database, newId } from '@iroko/database';
import { ALL_PERMISSIONS, API_TOKEN_PREFIX, type Permission, tokenHash } from '@iroko/viewer';
import { seedSession } from './access-tokens';
import {
  giveRole,
  insertAccount,
  insertApiToken,
  insertMembership,
  insertRole,
  insertTokenSources,
  insertUser,
} from './identity.sql';

/** The password of everybody that is seeded. */
export const SEEDED_PASSWORD = 'correct horse battery staple';
/** Its hash at the least cost there is: tests that sign in are no benchmark. */
const SEEDED_HASH =
  '$argon2id$v=19$m=8,t=1,p=1$asXt9lmRVO79JcMXQTFiVA$ss/MEbpKfW9sLRR7GtBz/L49U3GAUGBEApXojZ7YhYw';

export interface SeededMember {
  accountId: string;
  userId: string;
  email: string;
  password: string;
  sessionId: string;
  accessToken: string;
  apiTokenId: string;
  apiToken: string;
  /** For handles: `database.forAccount(member.actor)`. */
  actor: Actor;
}

export interface SeededAccount {
  accountId: string;
  slug: string;
  name: string;
  administratorRoleId: string;
  administrator: SeededMember;
  actor: Actor;
}

export interface SeedAccountOptions {
  slug?: string;
  name?: string;
}

/** An account whose administrator holds every permission and has an access token and an API token at hand. */
export async function seedAccount(
  database: Database,
  options: SeedAccountOptions = {},
): Promise<SeededAccount> {
  const accountId = newId();
  const slug = options.slug ?? `account-${randomBytes(5).toString('hex')}`;
  const name = options.name ?? 'Ministry of Health';
  const administratorRoleId = newId();
  await insertAccount(database.system, { id: accountId, slug, name });
  await insertRole(database.system, {
    accountId,
    id: administratorRoleId,
    name: 'Administrator',
    permissions: [],
    everyPermission: true,
  });
  const administrator = await seedMember(database, accountId, { roleIds: [administratorRoleId] });
  return { accountId, slug, name, administratorRoleId, administrator, actor: administrator.actor };
}

/** Two accounts that nobody could tell apart but by their ids. */
export async function seedTwins(
  database: Database,
): Promise<{ account: SeededAccount; twin: SeededAccount }> {
  return { account: await seedAccount(database), twin: await seedAccount(database) };
}

export interface SeedMemberOptions {
  /** Given directly. */
  permissions?: readonly Permission[];
  roleIds?: readonly string[];
  email?: string;
  /** Of the API token; what the member may not do, the token may not either. All of them without it. */
  tokenPermissions?: readonly Permission[];
  /** How far the member reaches; the whole account without it. */
  scope?: SeededScope;
}

/** What is left out, or null, is no limit. */
export interface SeededScope {
  unitIds?: readonly string[] | null;
  projectIds?: readonly string[] | null;
  writableTypeIds?: readonly string[] | null;
}

/** One more member of an account, with the permissions named and no others. */
export async function seedMember(
  database: Database,
  accountId: string,
  options: SeedMemberOptions = {},
): Promise<SeededMember> {
  const userId = newId();
  const email = options.email ?? `ada-${userId.slice(-12)}@example.org`;
  const names = { firstName: 'Ada', lastName: 'Mbuyi' };
  await insertUser(database.system, { id: userId, email, passwordHash: SEEDED_HASH, ...names });
  return seedMembership(database, { accountId, userId, email }, options);
}

/** Makes a person who exists a member of one more account. */
export async function seedMembership(
  database: Database,
  { accountId, userId, email }: { accountId: string; userId: string; email: string },
  options: SeedMemberOptions = {},
): Promise<SeededMember> {
  const { permissions = [], scope = {} } = options;
  await insertMembership(database.system, { accountId, userId, permissions, ...scope });
  for (const roleId of options.roleIds ?? []) await giveRole(database.system, { accountId, userId, roleId });
  const { sessionId, accessToken } = await seedSession(database, { accountId, userId });
  const apiToken = `${API_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  const apiTokenId = newId();
  await insertApiToken(database.system, {
    id: apiTokenId,
    accountId,
    userId,
    prefix: apiToken.slice(0, 12),
    hash: tokenHash(apiToken),
    permissions: options.tokenPermissions ?? ALL_PERMISSIONS,
  });
  await insertTokenSources(database.system, accountId, apiTokenId);
  return {
    accountId,
    userId,
    email,
    password: SEEDED_PASSWORD,
    sessionId,
    accessToken,
    apiTokenId,
    apiToken,
    actor: { accountId, userId, requestId: `test-${newId()}` },
  };
}
