/** Statements that read and write versions of sources. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import type { VersionRow } from './version';

const columns = (db: AccountDatabase): Statement => db.sql`
  v.id, v.data_source_id AS "dataSourceId", v.number, v.status, v.name, v.description,
  v.created_at AS "createdAt", v.released_at AS "releasedAt", v.held_by_job_id AS "heldByJobId"`;

export const versionsById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<VersionRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.source_version v
    JOIN georegistry.data_source d ON d.account_id = ${db.account} AND d.id = v.data_source_id
    WHERE v.account_id = ${db.account} AND v.id = ANY(${ids}) AND d.deleted_at IS NULL`);

export interface VersionName {
  dataSourceId: string;
  number: number;
}

export const versionsByNumber = (db: AccountDatabase, names: readonly VersionName[]) =>
  db.rows<VersionRow>(db.sql`
    SELECT ${columns(db)}
    FROM unnest(${names.map((n) => n.dataSourceId)}::uuid[], ${names.map((n) => n.number)}::integer[])
      AS wanted (data_source_id, number)
    JOIN georegistry.source_version v ON v.account_id = ${db.account}
      AND v.data_source_id = wanted.data_source_id AND v.number = wanted.number`);

/** Newest first; `before` is the number that the last page ended with. */
export const versionsOfSource = (
  db: AccountDatabase,
  dataSourceId: string,
  withDraft: boolean,
  named: boolean,
  before: number | undefined,
  limit: number,
) =>
  db.rows<VersionRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.source_version v
    WHERE v.account_id = ${db.account} AND v.data_source_id = ${dataSourceId}
      ${withDraft ? db.sql`` : db.sql`AND v.status = 'RELEASED'`}
      ${named ? db.sql`AND v.name <> ''` : db.sql``}
      ${before === undefined ? db.sql`` : db.sql`AND v.number < ${before}`}
    ORDER BY v.number DESC LIMIT ${limit}`);

/** The newest version of the source that was released by the end of the day. */
export const newestReleasedBy = (db: AccountDatabase, dataSourceId: string, day: string) =>
  db.maybe<VersionRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.data_source d
    JOIN georegistry.source_version v ON v.account_id = ${db.account} AND v.data_source_id = d.id
    WHERE d.account_id = ${db.account} AND d.id = ${dataSourceId} AND v.status = 'RELEASED'
      AND v.released_at < ((${day}::date + 1)::timestamp AT TIME ZONE coalesce(d.time_zone, (
        SELECT a.time_zone FROM identity.named_account a WHERE a.account_id = ${db.account}), 'UTC'))
    ORDER BY v.number DESC LIMIT 1`);

/** Another version of the source that bears the name, apart from accents and capitals. */
export const versionsNamed = (db: AccountDatabase, dataSourceId: string) =>
  db.rows<VersionRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.source_version v
    WHERE v.account_id = ${db.account} AND v.data_source_id = ${dataSourceId} AND v.name <> ''`);

export const describeVersion = (tx: AccountTransaction, id: string, name: string, description: string) =>
  tx.one<VersionRow>(tx.sql`
    UPDATE georegistry.source_version v SET name = ${name}, description = ${description}
    WHERE v.account_id = ${tx.account} AND v.id = ${id}
    RETURNING ${columns(tx)}`);

export const draftOfSource = (db: AccountDatabase, dataSourceId: string) =>
  db.maybe<VersionRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.source_version v
    WHERE v.account_id = ${db.account} AND v.data_source_id = ${dataSourceId} AND v.status = 'DRAFT'`);

export const draftForWriting = (tx: AccountTransaction, dataSourceId: string) =>
  tx.maybe<VersionRow>(tx.sql`
    SELECT ${columns(tx)} FROM georegistry.source_version v
    WHERE v.account_id = ${tx.account} AND v.data_source_id = ${dataSourceId} AND v.status = 'DRAFT'
    FOR NO KEY UPDATE`);

/** The next version of the source, as a draft; its source is locked by the caller. */
export const insertDraft = (tx: AccountTransaction, id: string, dataSourceId: string) =>
  tx.one<VersionRow>(tx.sql`
    INSERT INTO georegistry.source_version AS v (account_id, id, data_source_id, number)
    SELECT ${tx.account}, ${id}, ${dataSourceId}, coalesce(max(o.number), 0) + 1
    FROM georegistry.source_version o WHERE o.account_id = ${tx.account} AND o.data_source_id = ${dataSourceId}
    RETURNING ${columns(tx)}`);

export const releaseVersionRow = (tx: AccountTransaction, id: string, name: string, description: string) =>
  tx.one<VersionRow>(tx.sql`
    UPDATE georegistry.source_version v
    SET status = 'RELEASED', released_at = now(), name = ${name}, description = ${description}
    WHERE v.account_id = ${tx.account} AND v.id = ${id}
    RETURNING ${columns(tx)}`);

export const setHold = (tx: AccountTransaction, id: string, jobId: string | null) =>
  tx.execute(tx.sql`
    UPDATE georegistry.source_version v SET held_by_job_id = ${jobId}
    WHERE v.account_id = ${tx.account} AND v.id = ${id}`);

export const deleteVersion = (tx: AccountTransaction, id: string) =>
  tx.execute(tx.sql`
    DELETE FROM georegistry.source_version v WHERE v.account_id = ${tx.account} AND v.id = ${id}`);

export const countVersions = (
  db: AccountDatabase,
  dataSourceId: string,
  withDraft: boolean,
  named: boolean,
) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.source_version v
    WHERE v.account_id = ${db.account} AND v.data_source_id = ${dataSourceId}
      ${withDraft ? db.sql`` : db.sql`AND v.status = 'RELEASED'`}
      ${named ? db.sql`AND v.name <> ''` : db.sql``}`);
