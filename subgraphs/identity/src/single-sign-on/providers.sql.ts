/**
 * The statements by which sign-in providers are kept.
 */
import type { AccountDatabase, AccountTransaction, SystemDatabase, SystemTransaction } from '@iroko/database';
import type { SignInChoiceType, SignInProviderKind, SignInProviderType } from './provider-type';

const columns = (db: AccountDatabase) => db.sql`
  p.id, p.name, p.kind, p.url, p.client_id AS "clientId", p.client_secret IS NOT NULL AS "hasClientSecret",
  p.return_urls AS "returnUrls", p.allowed_domains AS "allowedDomains", p.joining_role_id AS "joiningRoleId",
  p.enabled, p.revision, p.created_at AS "createdAt"`;

export const providersById = (db: AccountDatabase, after: string | null, limit: number) =>
  db.rows<SignInProviderType>(db.sql`
    SELECT ${columns(db)} FROM identity.sign_in_provider p
    WHERE p.account_id = ${db.account} AND (${after}::uuid IS NULL OR p.id > ${after})
    ORDER BY p.id
    LIMIT ${limit}`);

/** Held until the transaction ends. */
export const lockProvider = (tx: AccountTransaction, id: string) =>
  tx.maybe<SignInProviderType>(tx.sql`
    SELECT ${columns(tx)} FROM identity.sign_in_provider p
    WHERE p.account_id = ${tx.account} AND p.id = ${id}
    FOR UPDATE`);

export const countProviders = (db: AccountDatabase) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM identity.sign_in_provider p WHERE p.account_id = ${db.account}`);

export interface ProviderFields {
  id: string;
  name: string;
  nameKey: string;
  url: string;
  clientId: string;
  returnUrls: string[];
  allowedDomains: string[];
  joiningRoleId: string | null;
  enabled: boolean;
}

export const insertProvider = (
  tx: AccountTransaction,
  row: ProviderFields & { kind: SignInProviderKind; clientSecret: Buffer | null },
) =>
  tx.one<SignInProviderType>(tx.sql`
    INSERT INTO identity.sign_in_provider AS p
      (account_id, id, name, name_key, kind, url, client_id, client_secret, return_urls, allowed_domains,
       joining_role_id, enabled)
    VALUES (${tx.account}, ${row.id}, ${row.name}, ${row.nameKey}, ${row.kind}, ${row.url}, ${row.clientId},
            ${row.clientSecret}::bytea, ${row.returnUrls}, ${row.allowedDomains}, ${row.joiningRoleId}::uuid,
            ${row.enabled})
    RETURNING ${columns(tx)}`);

/** `clientSecret` undefined keeps the one there is, null clears it. */
export const updateProviderRow = (
  tx: AccountTransaction,
  row: ProviderFields & { clientSecret: Buffer | null | undefined },
) =>
  tx.one<SignInProviderType>(tx.sql`
    UPDATE identity.sign_in_provider AS p
    SET name = ${row.name}, name_key = ${row.nameKey}, url = ${row.url}, client_id = ${row.clientId},
        client_secret = CASE WHEN ${row.clientSecret === undefined}::boolean THEN p.client_secret
                             ELSE ${row.clientSecret ?? null}::bytea END,
        return_urls = ${row.returnUrls}, allowed_domains = ${row.allowedDomains},
        joining_role_id = ${row.joiningRoleId}::uuid, enabled = ${row.enabled},
        revision = p.revision + 1, updated_at = now()
    WHERE p.account_id = ${tx.account} AND p.id = ${row.id}
    RETURNING ${columns(tx)}`);

/** With its sessions, flows and subjects. */
export const deleteProvider = (tx: AccountTransaction, id: string) =>
  tx.maybe<SignInProviderType>(tx.sql`
    DELETE FROM identity.sign_in_provider AS p
    WHERE p.account_id = ${tx.account} AND p.id = ${id}
    RETURNING ${columns(tx)}`);

/** Subjects of one issuer are nobody at another. */
export const forgetSubjects = (tx: AccountTransaction, providerId: string) =>
  tx.execute(tx.sql`
    DELETE FROM identity.sign_in_subject AS s
    WHERE s.account_id = ${tx.account} AND s.provider_id = ${providerId}`);

/** Sign-ins on their way. */
export const forgetFlows = (tx: AccountTransaction, providerId: string) =>
  tx.execute(tx.sql`
    DELETE FROM identity.sign_in_flow AS f
    WHERE f.account_id = ${tx.account} AND f.provider_id = ${providerId}`);

/** Sessions belong to persons, so they end without the account's handle. */
export const forgetSessions = (tx: SystemTransaction, accountId: string, providerId: string) =>
  tx.execute(tx.sql`
    DELETE FROM identity.session AS s WHERE s.account_id = ${accountId} AND s.provider_id = ${providerId}`);

/** What is needed to speak to a provider. */
export interface ProviderRow {
  accountId: string;
  id: string;
  kind: SignInProviderKind;
  name: string;
  url: string;
  clientId: string;
  clientSecret: Buffer | null;
  returnUrls: string[];
  allowedDomains: string[];
  joiningRoleId: string | null;
}

/** By its id alone: who begins to sign in is nobody yet. Only where people can sign in now. */
export const enabledProvider = (db: SystemDatabase, id: string) =>
  db.maybe<ProviderRow>(db.sql`
    SELECT p.account_id AS "accountId", p.id, p.kind, p.name, p.url, p.client_id AS "clientId",
           p.client_secret AS "clientSecret", p.return_urls AS "returnUrls",
           p.allowed_domains AS "allowedDomains", p.joining_role_id AS "joiningRoleId"
    FROM identity.sign_in_provider p
    JOIN identity.account a ON a.id = p.account_id AND a.closed_at IS NULL
    WHERE p.id = ${id} AND p.enabled`);

export const choicesOfAccount = (db: SystemDatabase, slug: string) =>
  db.rows<SignInChoiceType>(db.sql`
    SELECT p.id AS provider, p.name, p.kind
    FROM identity.sign_in_provider p
    JOIN identity.account a ON a.id = p.account_id AND a.closed_at IS NULL
    WHERE a.slug = ${slug} AND p.enabled
    ORDER BY p.name_key COLLATE "C", p.id`);
