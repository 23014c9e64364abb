/** Statements on quality reports and the rules of an account. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import type { QualityRule, Severity } from './rules';

export interface ReportRow {
  id: string;
  versionId: string;
  jobId: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  units: number | null;
  score: number | null;
  isStale: boolean;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  r.id, r.version_id AS "versionId", r.job_id AS "jobId", r.created_at AS "createdAt",
  r.finished_at AS "finishedAt", r.units, r.score, r.finished_at IS NOT NULL AND ${isStale(db)} AS "isStale"`;

/** Whether the version was written to after the report read it; one made before edits were counted cannot tell. */
const isStale = (db: AccountDatabase): Statement => db.sql`EXISTS (
  SELECT FROM georegistry.source_version v
  WHERE v.account_id = ${db.account} AND v.id = r.version_id AND v.edits <> coalesce(r.edits_read, -1)
    AND (r.edits_read IS NOT NULL OR v.status = 'DRAFT'))`;

export const editsOf = async (tx: AccountTransaction, versionId: string): Promise<number> =>
  (
    await tx.one<{ edits: number }>(tx.sql`
      SELECT v.edits FROM georegistry.source_version v
      WHERE v.account_id = ${tx.account} AND v.id = ${versionId}`)
  ).edits;

export const reportById = (db: AccountDatabase, id: string) =>
  db.maybe<ReportRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.quality_report r WHERE r.account_id = ${db.account} AND r.id = ${id}`);

/** Newest first. */
export const reportsOfVersion = (
  db: AccountDatabase,
  versionId: string,
  before: string | undefined,
  limit: number,
) =>
  db.rows<ReportRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.quality_report r
    WHERE r.account_id = ${db.account} AND r.version_id = ${versionId}
      ${before === undefined ? db.sql`` : db.sql`AND r.id < ${before}`}
    ORDER BY r.id DESC LIMIT ${limit}`);

export const countReports = (db: AccountDatabase, versionId: string) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.quality_report r
    WHERE r.account_id = ${db.account} AND r.version_id = ${versionId}`);

export const insertReport = (tx: AccountTransaction, id: string, versionId: string) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.quality_report (account_id, id, version_id) VALUES (${tx.account}, ${id}, ${versionId})`);

export const setReportJob = (tx: AccountTransaction, id: string, jobId: string) =>
  tx.execute(tx.sql`
    UPDATE georegistry.quality_report r SET job_id = ${jobId} WHERE r.account_id = ${tx.account} AND r.id = ${id}`);

/** A run that begins again leaves nothing of the one before. */
export const clearIssues = (tx: AccountTransaction, reportId: string) =>
  tx.execute(tx.sql`
    DELETE FROM georegistry.quality_issue i WHERE i.account_id = ${tx.account} AND i.report_id = ${reportId}`);

export const countFaulty = async (tx: AccountTransaction, reportId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(tx.sql`
      SELECT count(DISTINCT i.unit_id) AS count FROM georegistry.quality_issue i
      WHERE i.account_id = ${tx.account} AND i.report_id = ${reportId} AND i.severity = 'ERROR'`)
  ).count;

/** `now()` is when the transaction began to read. */
export const finishReport = (
  tx: AccountTransaction,
  id: string,
  { units, score, edits }: { units: number; score: number; edits: number },
) =>
  tx.execute(tx.sql`
    UPDATE georegistry.quality_report r
    SET read_at = now(), finished_at = clock_timestamp(), units = ${units}, score = ${score}, edits_read = ${edits}
    WHERE r.account_id = ${tx.account} AND r.id = ${id}`);

export interface IssueRow {
  rule: QualityRule;
  position: number;
  severity: Severity;
  unitId: string;
  detail: string;
  otherUnitId: string | null;
  areaM2: number | null;
  longitude: number | null;
  latitude: number | null;
  unitRevision: number | null;
  otherRevision: number | null;
}

export const issuesOf = (
  db: AccountDatabase,
  reportId: string,
  rule: QualityRule | null,
  after: { rule: string; position: number } | undefined,
  limit: number,
) =>
  db.rows<IssueRow>(db.sql`
    SELECT i.rule, i.position, i.severity, i.unit_id AS "unitId", i.detail, i.other_unit_id AS "otherUnitId",
      i.area_m2 AS "areaM2", i.longitude, i.latitude, i.unit_revision AS "unitRevision",
      i.other_revision AS "otherRevision"
    FROM georegistry.quality_issue i
    WHERE i.account_id = ${db.account} AND i.report_id = ${reportId}
      ${rule === null ? db.sql`` : db.sql`AND i.rule = ${rule}`}
      ${after ? db.sql`AND (i.rule, i.position) > (${after.rule}, ${after.position})` : db.sql``}
    ORDER BY i.rule, i.position LIMIT ${limit}`);

/** Units by rule, and issues: a unit that overlaps two others has two. */
export const issueCounts = (db: AccountDatabase, reportId: string) =>
  db.rows<{ rule: QualityRule; severity: Severity; count: number; issues: number }>(db.sql`
    SELECT i.rule, i.severity, count(DISTINCT i.unit_id) AS count, count(*) AS issues FROM georegistry.quality_issue i
    WHERE i.account_id = ${db.account} AND i.report_id = ${reportId} GROUP BY i.rule, i.severity`);

export const ruleChoices = (db: AccountDatabase) =>
  db.rows<{ rule: string; severity: Severity }>(db.sql`
    SELECT r.rule, r.severity FROM georegistry.quality_rule r WHERE r.account_id = ${db.account}`);

export const chooseSeverity = (tx: AccountTransaction, rule: QualityRule, severity: Severity) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.quality_rule AS r (account_id, rule, severity)
    VALUES (${tx.account}, ${rule}, ${severity})
    ON CONFLICT (account_id, rule) DO UPDATE SET severity = excluded.severity, updated_at = now()`);

/** The newest finished report of a version. */
export const newestReport = (db: AccountDatabase, versionId: string) =>
  db.maybe<ReportRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.quality_report r
    WHERE r.account_id = ${db.account} AND r.version_id = ${versionId} AND r.finished_at IS NOT NULL
    ORDER BY r.id DESC LIMIT 1`);
