/** Statements on what an account wants of its registry; no row means the defaults. */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';

export interface SettingsRow {
  importViolations: 'REFUSE' | 'FLAG';
  /** What a release asks of the newest quality report of its draft; null: nothing. */
  requiredScore: number | null;
  revision: number;
}

export const DEFAULT_SETTINGS: SettingsRow = { importViolations: 'REFUSE', requiredScore: null, revision: 1 };

export const settingsOf = (db: AccountDatabase) =>
  db.maybe<SettingsRow>(db.sql`
    SELECT o.import_violations AS "importViolations", o.required_score AS "requiredScore", o.revision
    FROM georegistry.registry_settings o WHERE o.account_id = ${db.account}`);

/** Locked until the transaction ends, where there is a row. */
export const settingsForWriting = async (tx: AccountTransaction): Promise<SettingsRow> =>
  (await tx.maybe<SettingsRow>(tx.sql`
    SELECT o.import_violations AS "importViolations", o.required_score AS "requiredScore", o.revision
    FROM georegistry.registry_settings o WHERE o.account_id = ${tx.account} FOR UPDATE`)) ?? DEFAULT_SETTINGS;

/** `settings.revision` is the one that was read; undefined when another writer was first. */
export const saveSettings = (tx: AccountTransaction, settings: SettingsRow) =>
  tx.maybe<SettingsRow>(tx.sql`
    INSERT INTO georegistry.registry_settings AS o (account_id, import_violations, required_score, revision)
    VALUES (${tx.account}, ${settings.importViolations}, ${settings.requiredScore}, ${settings.revision + 1})
    ON CONFLICT (account_id) DO UPDATE
    SET import_violations = excluded.import_violations, required_score = excluded.required_score,
      revision = excluded.revision, updated_at = now()
    WHERE o.revision = ${settings.revision}
    RETURNING o.import_violations AS "importViolations", o.required_score AS "requiredScore", o.revision`);
