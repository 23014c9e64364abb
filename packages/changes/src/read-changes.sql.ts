/**
 * The statements that read the log. Only sealed events are read, in the order of their position.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import type { ChangeEvent } from './change';

export interface ChangeFilter {
  subjectType?: string | null;
  /** Only together with `subjectType`. */
  subjectId?: string | null;
  /** Any of these. */
  actions?: readonly string[] | null;
  /** The events of this org unit itself. */
  unitId?: string | null;
  /** What this user did. */
  userId?: string | null;
}

export const changesAfter = (db: AccountDatabase, position: number, limit: number, filter: ChangeFilter) =>
  db.rows<ChangeEvent>(db.sql`
    SELECT e.id, e.position, e.at, e.user_id AS "userId", e.token_id AS "tokenId", e.job_id AS "jobId",
           e.on_behalf_of AS "onBehalfOf", e.request_id AS "requestId", e.subject_type AS "subjectType",
           e.subject_id AS "subjectId", e.unit_id AS "unitId", e.project_id AS "projectId", e.action,
           e.fields_before AS "before", e.fields_after AS "after", e.reason, e.hash
    FROM platform.change_event e
    WHERE e.account_id = ${db.account} AND e.position > ${position} ${conditions(db, filter)}
    ORDER BY e.position
    LIMIT ${limit}`);

export const countChanges = (db: AccountDatabase, filter: ChangeFilter) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count
    FROM platform.change_event e
    WHERE e.account_id = ${db.account} AND e.position > 0 ${conditions(db, filter)}`);

function conditions(db: AccountDatabase, filter: ChangeFilter): Statement {
  const parts: Statement[] = [];
  if (filter.subjectType) parts.push(db.sql`AND e.subject_type = ${filter.subjectType}`);
  if (filter.subjectId) parts.push(db.sql`AND e.subject_id = ${filter.subjectId}`);
  if (filter.actions) parts.push(db.sql`AND e.action = ANY (${filter.actions}::text[])`);
  if (filter.unitId) parts.push(db.sql`AND e.unit_id = ${filter.unitId}`);
  if (filter.userId) parts.push(db.sql`AND e.user_id = ${filter.userId}`);
  return db.sql.join(parts, ' ');
}

export const personalValues = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string; value: unknown }>(db.sql`
    SELECT v.id, v.value
    FROM platform.personal_value v
    WHERE v.account_id = ${db.account} AND v.id = ANY (${ids}::uuid[]) AND v.erased_at IS NULL`);

export const eraseValuesOf = (db: AccountDatabase, personId: string) =>
  db.execute(db.sql`
    UPDATE platform.personal_value v
    SET value = NULL, salt = NULL, erased_at = now()
    WHERE v.account_id = ${db.account} AND v.person_id = ${personId} AND v.erased_at IS NULL`);
