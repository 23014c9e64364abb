/** Statements on merge plans and their rows. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import type { UnitField } from '../differences/difference';
import type { MergeAction, MergePlanRecord, MergeRow, PlanStatus } from './merge-plan';

const planColumns = (db: AccountDatabase): Statement => db.sql`
  p.id, p.from_version_id AS "fromVersionId", p.target_version_id AS "targetVersionId",
  p.base_version_id AS "baseVersionId", p.origin_id AS "originId", p.from_draft AS "fromDraft", p.target_draft AS "targetDraft", p.options,
  p.status, p.job_id AS "jobId", p.created_at AS "createdAt"`;

export const insertPlan = (
  tx: AccountTransaction,
  plan: Omit<MergePlanRecord, 'status' | 'jobId' | 'createdAt'>,
) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.merge_plan (account_id, id, from_version_id, target_version_id, base_version_id,
      origin_id, from_draft, target_draft, options)
    VALUES (${tx.account}, ${plan.id}, ${plan.fromVersionId}, ${plan.targetVersionId}, ${plan.baseVersionId},
      ${plan.originId}, ${plan.fromDraft}, ${plan.targetDraft}, ${JSON.stringify(plan.options)})`);

export const setPlan = (tx: AccountTransaction, id: string, status: PlanStatus, jobId: string | null) =>
  tx.execute(tx.sql`
    UPDATE georegistry.merge_plan p SET status = ${status}, job_id = coalesce(${jobId}, p.job_id)
    WHERE p.account_id = ${tx.account} AND p.id = ${id}`);

export const planById = (db: AccountDatabase, id: string) =>
  db.maybe<MergePlanRecord>(db.sql`
    SELECT ${planColumns(db)} FROM georegistry.merge_plan p WHERE p.account_id = ${db.account} AND p.id = ${id}`);

export const planForWriting = (tx: AccountTransaction, id: string) =>
  tx.maybe<MergePlanRecord>(tx.sql`
    SELECT ${planColumns(tx)} FROM georegistry.merge_plan p
    WHERE p.account_id = ${tx.account} AND p.id = ${id} FOR UPDATE`);

const rowColumns = (db: AccountDatabase): Statement => db.sql`
  r.position, r.action, r.source_unit_id AS "sourceUnitId", r.target_unit_id AS "targetUnitId", r.fields, r.conflicts,
  r.taken, r.removal_conflict AS "removalConflict", r.decided, r.chosen, r.parent_unit_id AS "parentUnitId",
  r.parent_position AS "parentPosition", r.parent_open AS "parentOpen",
  r.older_bases AS "olderBases"`;

/** `isOpen` of merge-plan.ts, as a condition. */
const open = (db: AccountDatabase): Statement =>
  db.sql.raw(`(((r.conflicts <> '{}' OR r.removal_conflict) AND NOT r.decided)
  OR (r.parent_open AND r.chosen AND (r.action = 'CREATE' OR 'PARENT' = ANY (r.taken))))`);

export interface MergeRowFilter {
  actions?: readonly MergeAction[] | null | undefined;
  /** Rows that wait for a decision, or that do not. */
  isOpen?: boolean | null | undefined;
  /** Rows with a conflict, decided or not. */
  hasConflict?: boolean | null | undefined;
}

function kept(db: AccountDatabase, planId: string, filter: MergeRowFilter): Statement {
  const { sql } = db;
  const parts = [sql`r.account_id = ${db.account} AND r.plan_id = ${planId}`];
  const conflict = sql`(r.conflicts <> '{}' OR r.removal_conflict)`;
  if (filter.actions) parts.push(sql`r.action = ANY (${filter.actions}::text[])`);
  if (filter.isOpen != null) parts.push(filter.isOpen ? open(db) : sql`NOT ${open(db)}`);
  if (filter.hasConflict != null) parts.push(filter.hasConflict ? conflict : sql`NOT ${conflict}`);
  return sql.join(parts, ' AND ');
}

export const rowsPage = (
  db: AccountDatabase,
  planId: string,
  filter: MergeRowFilter,
  after: number,
  limit: number,
) =>
  db.rows<MergeRow>(db.sql`
    SELECT ${rowColumns(db)} FROM georegistry.merge_plan_row r
    WHERE ${kept(db, planId, filter)} AND r.position > ${after} ORDER BY r.position LIMIT ${limit}`);

export const countRows = (db: AccountDatabase, planId: string, filter: MergeRowFilter) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.merge_plan_row r WHERE ${kept(db, planId, filter)}`);

export const rowAt = (tx: AccountTransaction, planId: string, position: number) =>
  tx.maybe<MergeRow>(tx.sql`
    SELECT ${rowColumns(tx)} FROM georegistry.merge_plan_row r
    WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId} AND r.position = ${position}`);

export const decideRow = (
  tx: AccountTransaction,
  planId: string,
  position: number,
  row: {
    taken: readonly UnitField[];
    chosen: boolean;
    decided: boolean;
    parentUnitId: string | null;
    parentOpen: boolean;
  },
) =>
  tx.execute(tx.sql`
    UPDATE georegistry.merge_plan_row r SET taken = ${row.taken}::text[], chosen = ${row.chosen},
      decided = ${row.decided}, parent_unit_id = ${row.parentUnitId}, parent_open = ${row.parentOpen},
      parent_position = CASE WHEN ${row.parentUnitId}::uuid IS NULL THEN r.parent_position END
    WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId} AND r.position = ${position}`);

/** Every conflict that nobody decided on, for the one side or the other. */
export const decideRest = (tx: AccountTransaction, planId: string, forSource: boolean) =>
  tx.execute(tx.sql`
    UPDATE georegistry.merge_plan_row r SET decided = true,
      chosen = CASE WHEN r.removal_conflict THEN ${forSource}::boolean ELSE r.chosen END,
      taken = CASE WHEN ${forSource}::boolean THEN r.fields ELSE r.taken END
    WHERE r.account_id = ${tx.account} AND r.plan_id = ${planId} AND NOT r.decided
      AND (r.conflicts <> '{}' OR r.removal_conflict)`);
