/** Statements on stored comparisons and their rows. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { seesEveryUnit } from '@iroko/viewer';
import type { UnitField } from '../differences/difference';
import type { ComparedStatus, ComparisonCounts, ComparisonOptions } from './comparison';

export interface ComparisonRecord {
  id: string;
  beforeVersionId: string;
  afterVersionId: string;
  options: ComparisonOptions;
  jobId: string | null;
  finishedAt: Date | null;
  newUnits: number | null;
  removedUnits: number | null;
  changedUnits: number | null;
  sameUnits: number | null;
  createdAt: Date;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  c.id, c.before_version_id AS "beforeVersionId", c.after_version_id AS "afterVersionId", c.options,
  c.job_id AS "jobId", c.finished_at AS "finishedAt", c.new_units AS "newUnits", c.removed_units AS "removedUnits",
  c.changed_units AS "changedUnits", c.same_units AS "sameUnits", c.created_at AS "createdAt"`;

export const insertComparison = (
  tx: AccountTransaction,
  row: Pick<ComparisonRecord, 'id' | 'beforeVersionId' | 'afterVersionId' | 'options'>,
) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.comparison (account_id, id, before_version_id, after_version_id, options)
    VALUES (${tx.account}, ${row.id}, ${row.beforeVersionId}, ${row.afterVersionId}, ${JSON.stringify(row.options)})`);

export const setComparisonJob = (tx: AccountTransaction, id: string, jobId: string) =>
  tx.execute(tx.sql`
    UPDATE georegistry.comparison c SET job_id = ${jobId} WHERE c.account_id = ${tx.account} AND c.id = ${id}`);

export const finishComparison = (tx: AccountTransaction, id: string, counts: ComparisonCounts) =>
  tx.execute(tx.sql`
    UPDATE georegistry.comparison c SET finished_at = now(), new_units = ${counts.new},
      removed_units = ${counts.removed}, changed_units = ${counts.changed}, same_units = ${counts.same}
    WHERE c.account_id = ${tx.account} AND c.id = ${id}`);

/** What an earlier attempt wrote, which cannot have been committed with a result. */
export const deleteRows = (tx: AccountTransaction, id: string) =>
  tx.execute(tx.sql`
    DELETE FROM georegistry.comparison_row r WHERE r.account_id = ${tx.account} AND r.comparison_id = ${id}`);

export const deleteComparisonRecord = (tx: AccountTransaction, id: string) =>
  tx.execute(tx.sql`
    DELETE FROM georegistry.comparison c WHERE c.account_id = ${tx.account} AND c.id = ${id}`);

/**
 * Without drafts those of which either version is one are left out. A comparison is of whole trees, so nobody whose
 * scope ends at units sees one; they have the difference of versions.
 */
const visible = (db: AccountDatabase, withDrafts: boolean): Statement =>
  !seesEveryUnit(db.actor.scope)
    ? db.sql`false`
    : withDrafts
      ? db.sql`true`
      : db.sql`NOT EXISTS (SELECT FROM georegistry.source_version v
        WHERE v.account_id = ${db.account} AND v.id IN (c.before_version_id, c.after_version_id) AND v.status = 'DRAFT')`;

export const comparisonById = (db: AccountDatabase, id: string, withDrafts: boolean) =>
  db.maybe<ComparisonRecord>(db.sql`
    SELECT ${columns(db)} FROM georegistry.comparison c
    WHERE c.account_id = ${db.account} AND c.id = ${id} AND ${visible(db, withDrafts)}`);

/** Newest first; `before` is the id that the last page ended with. */
export const comparisonsPage = (
  db: AccountDatabase,
  withDrafts: boolean,
  before: string | undefined,
  limit: number,
) =>
  db.rows<ComparisonRecord>(db.sql`
    SELECT ${columns(db)} FROM georegistry.comparison c
    WHERE c.account_id = ${db.account} AND ${visible(db, withDrafts)}
      ${before === undefined ? db.sql`` : db.sql`AND c.id < ${before}`}
    ORDER BY c.id DESC LIMIT ${limit}`);

export interface ComparedRow {
  position: number;
  status: ComparedStatus;
  beforeId: string | null;
  afterId: string | null;
  fields: UnitField[];
}

export interface ComparedFilter {
  statuses?: readonly ComparedStatus[] | undefined;
  /** Changed units that differ in one of these. */
  fields?: readonly UnitField[] | undefined;
}

const kept = (db: AccountDatabase, comparisonId: string, filter: ComparedFilter): Statement => db.sql`
  r.account_id = ${db.account} AND r.comparison_id = ${comparisonId}
  ${filter.statuses ? db.sql`AND r.status = ANY (${filter.statuses}::text[])` : db.sql``}
  ${filter.fields ? db.sql`AND r.fields && ${filter.fields}::text[]` : db.sql``}`;

export const comparedPage = (
  db: AccountDatabase,
  comparisonId: string,
  filter: ComparedFilter,
  after: number,
  limit: number,
) =>
  db.rows<ComparedRow>(db.sql`
    SELECT r.position, r.status, r.before_id AS "beforeId", r.after_id AS "afterId", r.fields
    FROM georegistry.comparison_row r
    WHERE ${kept(db, comparisonId, filter)} AND r.position > ${after} ORDER BY r.position LIMIT ${limit}`);

export const countCompared = (db: AccountDatabase, comparisonId: string, filter: ComparedFilter) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.comparison_row r WHERE ${kept(db, comparisonId, filter)}`);

export const countComparisons = (db: AccountDatabase, withDrafts: boolean) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.comparison c
    WHERE c.account_id = ${db.account} AND ${visible(db, withDrafts)}`);
