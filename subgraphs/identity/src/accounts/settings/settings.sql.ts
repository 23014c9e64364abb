/** The settings of the handle's own account. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';

export interface Theme {
  title?: string;
  primaryColour?: string;
  secondaryColour?: string;
}

/** By language, then by label. */
export type Labels = Record<string, Record<string, string>>;

export interface AccountSettingsRow {
  id: string;
  name: string;
  timeZone: string;
  language: string;
  languages: string[];
  /** Null: all, also those of later releases. */
  modules: string[] | null;
  labels: Labels;
  theme: Theme;
  logoFileId: string | null;
  revision: number;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  a.id, a.name, a.time_zone AS "timeZone", a.language, a.languages, a.modules, a.labels, a.theme,
  a.logo_file_id AS "logoFileId", a.revision`;

export const settingsOfAccount = (db: AccountDatabase) =>
  db.one<AccountSettingsRow>(
    db.sql`SELECT ${columns(db)} FROM identity.account a WHERE a.id = ${db.account}`,
  );

export const settingsForChange = (tx: AccountTransaction) =>
  tx.one<AccountSettingsRow>(tx.sql`
    SELECT ${columns(tx)} FROM identity.account a WHERE a.id = ${tx.account} FOR UPDATE`);

export const saveSettings = (tx: AccountTransaction, after: Omit<AccountSettingsRow, 'id' | 'revision'>) =>
  tx.one<AccountSettingsRow>(tx.sql`
    UPDATE identity.account AS a
    SET name = ${after.name}, time_zone = ${after.timeZone}, language = ${after.language},
        languages = ${after.languages}, modules = ${after.modules}, labels = ${JSON.stringify(after.labels)}::jsonb,
        theme = ${JSON.stringify(after.theme)}::jsonb, logo_file_id = ${after.logoFileId},
        revision = a.revision + 1, updated_at = now()
    WHERE a.id = ${tx.account}
    RETURNING ${columns(tx)}`);
