/**
 * Rows of identity for tests, written directly: no test should need identity's services to have somebody who asks.
 */
import type { SystemDatabase } from '@iroko/database';

export const insertAccount = (db: SystemDatabase, account: { id: string; slug: string; name: string }) =>
  db.execute(db.sql`
    INSERT INTO identity.account (id, slug, name, time_zone)
    VALUES (${account.id}, ${account.slug}, ${account.name}, 'Africa/Kinshasa')`);

export interface UserInsert {
  id: string;
  email: string;
  passwordHash: string;
  firstName: string;
  lastName: string;
}

export const insertUser = (db: SystemDatabase, user: UserInsert) =>
  db.execute(db.sql`
    INSERT INTO identity."user" (id, email, email_key, password_hash, password_changed_at, first_name, last_name)
    VALUES (${user.id}, ${user.email}, ${user.email}, ${user.passwordHash}, now(), ${user.firstName},
            ${user.lastName})`);

export const insertMembership = (
  db: SystemDatabase,
  member: {
    accountId: string;
    userId: string;
    permissions: readonly string[];
    unitIds?: readonly string[] | null;
    projectIds?: readonly string[] | null;
    writableTypeIds?: readonly string[] | null;
  },
) =>
  db.execute(db.sql`
    INSERT INTO identity.membership (account_id, user_id, permissions, unit_ids, project_ids, writable_type_ids)
    VALUES (${member.accountId}, ${member.userId}, ${member.permissions}, ${member.unitIds ?? null},
            ${member.projectIds ?? null}, ${member.writableTypeIds ?? null})`);

export const insertRole = (
  db: SystemDatabase,
  role: {
    accountId: string;
    id: string;
    name: string;
    permissions: readonly string[];
    everyPermission: boolean;
  },
) =>
  db.execute(db.sql`
    INSERT INTO identity.role (account_id, id, name, name_key, permissions, every_permission)
    VALUES (${role.accountId}, ${role.id}, ${role.name}, ${role.name.toLowerCase()}, ${role.permissions},
            ${role.everyPermission})`);

export const giveRole = (db: SystemDatabase, given: { accountId: string; userId: string; roleId: string }) =>
  db.execute(db.sql`
    INSERT INTO identity.membership_role (account_id, user_id, role_id)
    VALUES (${given.accountId}, ${given.userId}, ${given.roleId})`);

export const insertSession = (
  db: SystemDatabase,
  session: { id: string; accountId: string; userId: string },
) =>
  db.execute(db.sql`
    INSERT INTO identity.session (id, account_id, user_id, expires_at)
    VALUES (${session.id}, ${session.accountId}, ${session.userId}, now() + interval '1 day')`);

export interface ApiTokenInsert {
  id: string;
  accountId: string;
  userId: string;
  prefix: string;
  hash: Buffer;
  permissions: readonly string[];
}

export const insertApiToken = (db: SystemDatabase, token: ApiTokenInsert) =>
  db.execute(db.sql`
    INSERT INTO identity.api_token (account_id, id, user_id, name, prefix, token_hash, permissions, expires_at)
    VALUES (${token.accountId}, ${token.id}, ${token.userId}, 'Test', ${token.prefix}, ${token.hash},
            ${token.permissions}, now() + interval '1 day')`);

/** As if it had been used from here before, so that no test finds its first use among the changes that it made. */
export const insertTokenSources = (db: SystemDatabase, accountId: string, tokenId: string) =>
  db.execute(db.sql`
    INSERT INTO identity.api_token_source (account_id, token_id, source)
    SELECT ${accountId}, ${tokenId}, s.source
    FROM unnest(ARRAY['', '127.0.0.1', '0:0:0:0::/64', '192.0.2.1']) AS s(source)`);

/** Verifies but never signs for identity: that it retires in a year keeps it from being the newest. */
export const insertVerificationKey = (db: SystemDatabase, key: { kid: string; publicJwk: object }) =>
  db.execute(db.sql`
    INSERT INTO identity.signing_key (kid, public_jwk, private_sealed, retired_at)
    VALUES (${key.kid}, ${JSON.stringify(key.publicJwk)}::jsonb, '', now() + interval '1 year')
    ON CONFLICT (kid) DO NOTHING`);
