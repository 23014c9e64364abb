/** Statements on what an account wants of its registry; no row means the defaults. */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';

export interface SettingsRow {
  importViolations: 'REFUSE' | 'FLAG';
  revision: number;
}

export const DEFAULT_SETTINGS: SettingsRow = { importViolations: 'REFUSE', revision: 1 };

export const settingsOf = (db: AccountDatabase) =>
  db.maybe<SettingsRow>(db.sql`
    SELECT o.import_violations AS "importViolations", o.revision
    FROM georegistry.registry_settings o WHERE o.account_id = ${db.account}`);

/** Makes the row where there is none, and locks it until the transaction ends. */
export const settingsForWriting = async (tx: AccountTransaction): Promise<SettingsRow> => {
  await tx.execute(tx.sql`
    INSERT INTO georegistry.registry_settings (account_id) VALUES (${tx.account}) ON CONFLICT DO NOTHING`);
  return tx.one<SettingsRow>(tx.sql`
    SELECT o.import_violations AS "importViolations", o.revision
    FROM georegistry.registry_settings o WHERE o.account_id = ${tx.account} FOR UPDATE`);
};

export const saveSettings = (tx: AccountTransaction, settings: Omit<SettingsRow, 'revision'>) =>
  tx.one<SettingsRow>(tx.sql`
    UPDATE georegistry.registry_settings o
    SET import_violations = ${settings.importViolations}, revision = o.revision + 1, updated_at = now()
    WHERE o.account_id = ${tx.account}
    RETURNING o.import_violations AS "importViolations", o.revision`);
