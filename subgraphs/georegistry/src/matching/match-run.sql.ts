/** Statements on match runs themselves; what they read and write stands in `side.sql.ts` and `write-links.sql.ts`. */
import { type AccountDatabase, type AccountTransaction, isId, type Statement } from '@iroko/database';
import type { MatchReport, MatchRunRow } from './match-run';

const columns = (db: AccountDatabase): Statement => db.sql`
  r.id, r.method, r.left_source_id AS "leftSourceId", r.right_source_id AS "rightSourceId",
  r.left_version_id AS "leftVersionId", r.right_version_id AS "rightVersionId", r.settings, r.file_id AS "fileId",
  r.job_id AS "jobId", r.created_by AS "createdBy", r.created_at AS "createdAt", r.finished_at AS "finishedAt",
  r.report`;

export const runsById = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<MatchRunRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.match_run r
    WHERE r.account_id = ${db.account} AND r.id = ANY(${ids}::uuid[])`);

export interface RunFilter {
  dataSourceId?: string | null;
  otherDataSourceId?: string | null;
}

export const listRuns = (db: AccountDatabase, filter: RunFilter, before: string | undefined, limit: number) =>
  db.rows<MatchRunRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.match_run r
    WHERE ${conditions(db, filter)} ${before === undefined ? db.sql`` : db.sql`AND r.id < ${before}::uuid`}
    ORDER BY r.id DESC LIMIT ${limit}`);

export const countRuns = (db: AccountDatabase, filter: RunFilter) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.match_run r WHERE ${conditions(db, filter)}`);

function conditions(db: AccountDatabase, { dataSourceId, otherDataSourceId }: RunFilter): Statement {
  const parts = [db.sql`r.account_id = ${db.account}`];
  for (const id of [dataSourceId, otherDataSourceId]) {
    if (id == null) continue;
    const ids = isId(id) ? [id] : [];
    parts.push(db.sql`(r.left_source_id = ANY(${ids}::uuid[]) OR r.right_source_id = ANY(${ids}::uuid[]))`);
  }
  return db.sql.join(parts, ' AND ');
}

export type NewRun = Pick<
  MatchRunRow,
  'id' | 'method' | 'leftSourceId' | 'rightSourceId' | 'leftVersionId' | 'rightVersionId' | 'fileId'
> & { settings: object };

export const insertRun = (tx: AccountTransaction, run: NewRun) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.match_run (account_id, id, method, left_source_id, right_source_id, left_version_id,
      right_version_id, settings, file_id, created_by)
    VALUES (${tx.account}, ${run.id}, ${run.method}, ${run.leftSourceId}, ${run.rightSourceId}, ${run.leftVersionId},
      ${run.rightVersionId}, ${JSON.stringify(run.settings)}::jsonb, ${run.fileId}, ${tx.actor.userId ?? null})`);

export const setJob = (tx: AccountTransaction, id: string, jobId: string) =>
  tx.one<MatchRunRow>(tx.sql`
    UPDATE georegistry.match_run r SET job_id = ${jobId}
    WHERE r.account_id = ${tx.account} AND r.id = ${id} RETURNING ${columns(tx)}`);

export const finishRun = (tx: AccountTransaction, id: string, report: MatchReport) =>
  tx.execute(tx.sql`
    UPDATE georegistry.match_run r SET finished_at = now(), report = ${JSON.stringify(report)}::jsonb
    WHERE r.account_id = ${tx.account} AND r.id = ${id}`);
