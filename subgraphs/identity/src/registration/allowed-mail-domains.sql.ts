import type { AccountDatabase, AccountTransaction } from '@iroko/database';

export const mailDomains = (db: AccountDatabase) =>
  db.one<{ domains: string[] }>(db.sql`
    SELECT a.allowed_mail_domains AS domains FROM identity.account a WHERE a.id = ${db.account}`);

export const writeMailDomains = (tx: AccountTransaction, domains: readonly string[]) =>
  tx.execute(tx.sql`
    UPDATE identity.account AS a
    SET allowed_mail_domains = ${domains}, revision = a.revision + 1, updated_at = now()
    WHERE a.id = ${tx.account}`);
