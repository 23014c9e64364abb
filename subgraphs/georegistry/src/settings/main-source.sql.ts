/** Statements on the main source of an account, and of a project where it differs. */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';

export const knownProject = (db: AccountDatabase, id: string) =>
  db.maybe<{ id: string }>(db.sql`
    SELECT p.project_id AS id FROM identity.known_project p
    WHERE p.account_id = ${db.account} AND p.project_id = ${id}`);

/** Which source was chosen; a deleted one stays chosen, since it can be restored. */
export const mainSourceOfAccount = (db: AccountDatabase) =>
  db.maybe<{ sourceId: string }>(db.sql`
    SELECT m.data_source_id AS "sourceId" FROM georegistry.main_source m WHERE m.account_id = ${db.account}`);

export const mainSourceOfProject = (db: AccountDatabase, projectId: string) =>
  db.maybe<{ sourceId: string }>(db.sql`
    SELECT p.data_source_id AS "sourceId" FROM georegistry.project_main_source p
    WHERE p.account_id = ${db.account} AND p.project_id = ${projectId}`);

export const saveMainSource = (tx: AccountTransaction, sourceId: string) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.main_source (account_id, data_source_id) VALUES (${tx.account}, ${sourceId})
    ON CONFLICT (account_id) DO UPDATE SET data_source_id = excluded.data_source_id`);

export const removeMainSource = (tx: AccountTransaction) =>
  tx.execute(tx.sql`DELETE FROM georegistry.main_source AS m WHERE m.account_id = ${tx.account}`);

export const saveProjectMainSource = (tx: AccountTransaction, projectId: string, sourceId: string) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.project_main_source (account_id, project_id, data_source_id)
    VALUES (${tx.account}, ${projectId}, ${sourceId})
    ON CONFLICT (account_id, project_id) DO UPDATE SET data_source_id = excluded.data_source_id`);

export const removeProjectMainSource = (tx: AccountTransaction, projectId: string) =>
  tx.execute(tx.sql`
    DELETE FROM georegistry.project_main_source AS p
    WHERE p.account_id = ${tx.account} AND p.project_id = ${projectId}`);
