/**
 * The statements by which external credentials are kept.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import type { CredentialKind, ExternalCredentialType } from './credential-type';

const columns = (db: AccountDatabase) => db.sql`
  c.id, c.name, c.kind, c.url, c.login, c.secret IS NOT NULL AS "hasSecret", c.revision,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt"`;

export const credentialsById = (db: AccountDatabase, after: string | null, limit: number) =>
  db.rows<ExternalCredentialType>(db.sql`
    SELECT ${columns(db)} FROM identity.external_credential c
    WHERE c.account_id = ${db.account} AND (${after}::uuid IS NULL OR c.id > ${after})
    ORDER BY c.id
    LIMIT ${limit}`);

export const credentialById = (db: AccountDatabase, id: string) =>
  db.maybe<ExternalCredentialType>(db.sql`
    SELECT ${columns(db)} FROM identity.external_credential c
    WHERE c.account_id = ${db.account} AND c.id = ${id}`);

/** Held until the transaction ends. */
export const lockCredential = (tx: AccountTransaction, id: string) =>
  tx.maybe<ExternalCredentialType>(tx.sql`
    SELECT ${columns(tx)} FROM identity.external_credential c
    WHERE c.account_id = ${tx.account} AND c.id = ${id}
    FOR UPDATE`);

export const countCredentials = (db: AccountDatabase) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.external_credential c WHERE c.account_id = ${db.account}`);

export interface CredentialFields {
  id: string;
  name: string;
  nameKey: string;
  url: string;
  login: string;
}

export const insertCredential = (
  tx: AccountTransaction,
  row: CredentialFields & { kind: CredentialKind; secret: Buffer },
) =>
  tx.one<ExternalCredentialType>(tx.sql`
    INSERT INTO identity.external_credential AS c (account_id, id, name, name_key, kind, url, login, secret)
    VALUES (${tx.account}, ${row.id}, ${row.name}, ${row.nameKey}, ${row.kind}, ${row.url}, ${row.login},
            ${row.secret})
    RETURNING ${columns(tx)}`);

/** `secret` undefined keeps the one there is, null clears it. */
export const updateCredentialRow = (
  tx: AccountTransaction,
  row: CredentialFields & { secret: Buffer | null | undefined },
) =>
  tx.one<ExternalCredentialType>(tx.sql`
    UPDATE identity.external_credential AS c
    SET name = ${row.name}, name_key = ${row.nameKey}, url = ${row.url}, login = ${row.login},
        secret = CASE WHEN ${row.secret === undefined}::boolean THEN c.secret ELSE ${row.secret ?? null}::bytea END,
        revision = c.revision + 1, updated_at = now()
    WHERE c.account_id = ${tx.account} AND c.id = ${row.id}
    RETURNING ${columns(tx)}`);

export const deleteCredential = (tx: AccountTransaction, id: string) =>
  tx.maybe<ExternalCredentialType>(tx.sql`
    DELETE FROM identity.external_credential AS c
    WHERE c.account_id = ${tx.account} AND c.id = ${id}
    RETURNING ${columns(tx)}`);

export interface SealedCredentialRow {
  kind: CredentialKind;
  url: string;
  login: string;
  secretSealed: Buffer | null;
}

/** Address and secret from one row, so that one is never used with another's. */
export const sealedCredential = (db: AccountDatabase, id: string) =>
  db.maybe<SealedCredentialRow>(db.sql`
    SELECT c.kind, c.url, c.login, c.secret_sealed AS "secretSealed"
    FROM identity.sealed_credential c
    WHERE c.account_id = ${db.account} AND c.id = ${id}`);
