/**
 * Every column that holds something sealed: which rows are not sealed under the newest key, and how one is replaced.
 * The tables are read across accounts: an operator changes the master key for all of them at once.
 */
import type { SystemDatabase } from '@iroko/database';
import { CREDENTIAL_PURPOSE, credentialContext } from '@iroko/secrets';
import { SECOND_FACTOR_PURPOSE } from '../second-factor/codes';
import { PROVIDER_PURPOSE } from '../single-sign-on/providers';

export interface SealedRow {
  accountId: string;
  id: string;
  sealed: Buffer;
  /** The address of a credential. */
  url: string;
}

export interface SealedColumn {
  /** As operators read it. */
  name: string;
  purpose: string;
  context(row: SealedRow): string;
  /** The next rows after `after` (their id) whose sealed bytes do not begin with `prefix`. */
  outdated(db: SystemDatabase, prefix: Buffer, after: string, limit: number): Promise<SealedRow[]>;
  /** Returns 0 when the row holds something else by now. */
  replace(db: SystemDatabase, row: SealedRow, sealed: Buffer): Promise<number>;
}

export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    name: 'signing keys',
    purpose: 'signing key',
    context: ({ id }) => id,
    outdated: (db, prefix, after, limit) =>
      db.rows(db.sql`
        SELECT '' AS "accountId", k.kid AS id, k.private_sealed AS sealed, '' AS url
        FROM identity.signing_key k
        WHERE k.kid > ${after} AND substring(k.private_sealed FROM 1 FOR length(${prefix}::bytea)) <> ${prefix}::bytea
        ORDER BY k.kid
        LIMIT ${limit}`),
    replace: (db, row, sealed) =>
      db.execute(db.sql`
        UPDATE identity.signing_key SET private_sealed = ${sealed}
        WHERE kid = ${row.id} AND private_sealed = ${row.sealed}`),
  },
  {
    name: 'webhook secrets',
    purpose: 'webhook secret',
    context: ({ id }) => id,
    outdated: (db, prefix, after, limit) =>
      db.rows(db.sql`
        SELECT w.account_id AS "accountId", w.id::text AS id, w.secret AS sealed, '' AS url
        FROM identity.webhook w
        WHERE w.id::text > ${after} AND substring(w.secret FROM 1 FOR length(${prefix}::bytea)) <> ${prefix}::bytea
        ORDER BY w.id::text
        LIMIT ${limit}`),
    replace: (db, row, sealed) =>
      db.execute(db.sql`
        UPDATE identity.webhook SET secret = ${sealed}
        WHERE account_id = ${row.accountId} AND id = ${row.id} AND secret = ${row.sealed}`),
  },
  {
    name: 'webhook secrets of yesterday',
    purpose: 'webhook secret',
    context: ({ id }) => id,
    outdated: (db, prefix, after, limit) =>
      db.rows(db.sql`
        SELECT w.account_id AS "accountId", w.id::text AS id, w.old_secret AS sealed, '' AS url
        FROM identity.webhook w
        WHERE w.id::text > ${after} AND substring(w.old_secret FROM 1 FOR length(${prefix}::bytea)) <> ${prefix}::bytea
        ORDER BY w.id::text
        LIMIT ${limit}`),
    replace: (db, row, sealed) =>
      db.execute(db.sql`
        UPDATE identity.webhook SET old_secret = ${sealed}
        WHERE account_id = ${row.accountId} AND id = ${row.id} AND old_secret = ${row.sealed}`),
  },
  {
    name: 'external credentials',
    purpose: CREDENTIAL_PURPOSE,
    context: credentialContext,
    outdated: (db, prefix, after, limit) =>
      db.rows(db.sql`
        SELECT c.account_id AS "accountId", c.id::text AS id, c.secret AS sealed, c.url
        FROM identity.external_credential c
        WHERE c.id::text > ${after} AND substring(c.secret FROM 1 FOR length(${prefix}::bytea)) <> ${prefix}::bytea
        ORDER BY c.id::text
        LIMIT ${limit}`),
    replace: (db, row, sealed) =>
      db.execute(db.sql`
        UPDATE identity.external_credential SET secret = ${sealed}
        WHERE account_id = ${row.accountId} AND id = ${row.id} AND secret = ${row.sealed}`),
  },
  {
    name: 'secrets of sign-in providers',
    purpose: PROVIDER_PURPOSE,
    context: credentialContext,
    outdated: (db, prefix, after, limit) =>
      db.rows(db.sql`
        SELECT p.account_id AS "accountId", p.id::text AS id, p.client_secret AS sealed, p.url
        FROM identity.sign_in_provider p
        WHERE p.id::text > ${after}
          AND substring(p.client_secret FROM 1 FOR length(${prefix}::bytea)) <> ${prefix}::bytea
        ORDER BY p.id::text
        LIMIT ${limit}`),
    replace: (db, row, sealed) =>
      db.execute(db.sql`
        UPDATE identity.sign_in_provider SET client_secret = ${sealed}
        WHERE account_id = ${row.accountId} AND id = ${row.id} AND client_secret = ${row.sealed}`),
  },
  {
    name: 'second factors',
    purpose: SECOND_FACTOR_PURPOSE,
    context: ({ id }) => id,
    outdated: (db, prefix, after, limit) =>
      db.rows(db.sql`
        SELECT '' AS "accountId", f.user_id::text AS id, f.secret_sealed AS sealed, '' AS url
        FROM identity.second_factor f
        WHERE f.user_id::text > ${after}
          AND substring(f.secret_sealed FROM 1 FOR length(${prefix}::bytea)) <> ${prefix}::bytea
        ORDER BY f.user_id::text
        LIMIT ${limit}`),
    replace: (db, row, sealed) =>
      db.execute(db.sql`
        UPDATE identity.second_factor SET secret_sealed = ${sealed}
        WHERE user_id = ${row.id} AND secret_sealed = ${row.sealed}`),
  },
];
