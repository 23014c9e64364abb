/** Statements on change requests. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { inReach, unitReach } from '@iroko/viewer';
import type { UnitField } from '../differences/difference';
import type { UnitEdit } from '../org-units/unit-content';
import type { RequestKind, RequestStatus } from './change-request';

export interface ChangeRequestRow {
  id: string;
  dataSourceId: string;
  kind: RequestKind;
  unitId: string | null;
  placeUnitId: string | null;
  parentRequestId: string | null;
  reference: string | null;
  proposed: UnitEdit;
  seen: UnitEdit;
  withDescendants: boolean;
  seenDescendants: number | null;
  comment: string;
  status: RequestStatus;
  appliedFields: UnitField[] | null;
  decisionReason: string | null;
  proposedBy: string | null;
  proposedAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
  revision: number;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  r.id, r.data_source_id AS "dataSourceId", r.kind, r.unit_id AS "unitId", r.place_unit_id AS "placeUnitId",
  r.parent_request_id AS "parentRequestId", r.reference, r.proposed, r.seen,
  r.with_descendants AS "withDescendants", r.seen_descendants AS "seenDescendants", r.comment, r.status,
  r.applied_fields AS "appliedFields", r.decision_reason AS "decisionReason", r.proposed_by AS "proposedBy",
  r.proposed_at AS "proposedAt", r.decided_by AS "decidedBy", r.decided_at AS "decidedAt", r.revision`;

export type NewChangeRequest = Pick<
  ChangeRequestRow,
  | 'id'
  | 'dataSourceId'
  | 'kind'
  | 'unitId'
  | 'placeUnitId'
  | 'parentRequestId'
  | 'reference'
  | 'proposed'
  | 'seen'
  | 'withDescendants'
  | 'seenDescendants'
  | 'comment'
>;

export const insertRequest = (tx: AccountTransaction, row: NewChangeRequest) =>
  tx.one<ChangeRequestRow>(tx.sql`
    INSERT INTO georegistry.change_request AS r (account_id, id, data_source_id, kind, unit_id, place_unit_id,
      parent_request_id, reference, proposed, seen, with_descendants, seen_descendants, comment, proposed_by)
    VALUES (${tx.account}, ${row.id}, ${row.dataSourceId}, ${row.kind}, ${row.unitId}, ${row.placeUnitId},
      ${row.parentRequestId}, ${row.reference}, ${JSON.stringify(row.proposed)}, ${JSON.stringify(row.seen)},
      ${row.withDescendants}, ${row.seenDescendants}, ${row.comment}, ${tx.actor.userId ?? null})
    RETURNING ${columns(tx)}`);

/** Requests outside of the handle's scope are not there. */
export const requestsById = async (db: AccountDatabase, ids: readonly string[]) => {
  const reach = await unitReach(db);
  return db.rows<ChangeRequestRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.change_request r
    WHERE r.account_id = ${db.account} AND r.id = ANY(${ids}::uuid[])
      AND ${inReach(db, db.sql`r.place_unit_id`, reach)}`);
};

/** Whoever decides waits for whoever decides now. */
export const requestForDeciding = (tx: AccountTransaction, id: string) =>
  tx.maybe<ChangeRequestRow>(tx.sql`
    SELECT ${columns(tx)} FROM georegistry.change_request r
    WHERE r.account_id = ${tx.account} AND r.id = ${id} FOR UPDATE`);

export interface RequestDecision {
  status: 'APPROVED' | 'REJECTED';
  appliedFields: readonly UnitField[] | null;
  reason: string | null;
  /** Of a unit that was made. */
  unitId: string | null;
}

export const decideRequest = (tx: AccountTransaction, id: string, decision: RequestDecision) =>
  tx.one<ChangeRequestRow>(tx.sql`
    UPDATE georegistry.change_request r
    SET status = ${decision.status}, applied_fields = ${decision.appliedFields}, decision_reason = ${decision.reason},
      decided_by = ${tx.actor.userId ?? null}, decided_at = now(), revision = r.revision + 1,
      unit_id = coalesce(${decision.unitId}, r.unit_id), place_unit_id = coalesce(${decision.unitId}, r.place_unit_id)
    WHERE r.account_id = ${tx.account} AND r.id = ${id}
    RETURNING ${columns(tx)}`);

export interface RequestList {
  statuses?: readonly RequestStatus[] | null | undefined;
  kinds?: readonly RequestKind[] | null | undefined;
  dataSourceId?: string | null | undefined;
  unitIds?: readonly string[] | null | undefined;
  /** Requests that propose something for one of these names of content. */
  contentNames?: readonly string[] | null | undefined;
  proposedBy?: string | null | undefined;
  proposedFrom?: Date | null | undefined;
  proposedBefore?: Date | null | undefined;
}

async function conditions(db: AccountDatabase, list: RequestList): Promise<Statement> {
  const { sql } = db;
  const parts = [sql`r.account_id = ${db.account}`, inReach(db, sql`r.place_unit_id`, await unitReach(db))];
  if (list.statuses) parts.push(sql`r.status = ANY(${list.statuses}::text[])`);
  if (list.kinds) parts.push(sql`r.kind = ANY(${list.kinds}::text[])`);
  if (list.dataSourceId != null) parts.push(sql`r.data_source_id = ${list.dataSourceId}::uuid`);
  if (list.unitIds) parts.push(sql`r.unit_id = ANY(${list.unitIds}::uuid[])`);
  if (list.contentNames) parts.push(sql`r.proposed ?| ${list.contentNames}::text[]`);
  if (list.proposedBy != null) parts.push(sql`r.proposed_by = ${list.proposedBy}::uuid`);
  if (list.proposedFrom) parts.push(sql`r.proposed_at >= ${list.proposedFrom}`);
  if (list.proposedBefore) parts.push(sql`r.proposed_at < ${list.proposedBefore}`);
  return sql.join(parts, ' AND ');
}

/** Newest first; `before` is the id that the last page ended with. */
export const requestsPage = async (
  db: AccountDatabase,
  list: RequestList,
  before: string | undefined,
  limit: number,
) =>
  db.rows<ChangeRequestRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.change_request r
    WHERE ${await conditions(db, list)} ${before === undefined ? db.sql`` : db.sql`AND r.id < ${before}::uuid`}
    ORDER BY r.id DESC LIMIT ${limit}`);

export const countRequests = async (db: AccountDatabase, list: RequestList) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.change_request r WHERE ${await conditions(db, list)}`);

/** How many units stand at or below a path in a version. */
export const countBelow = (db: AccountDatabase, source: string, number: number, path: Buffer) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.org_unit_path p
    WHERE p.account_id = ${db.account} AND p.data_source_id = ${source} AND p.path >= ${path}::bytea
      AND p.path < ${path}::bytea || '\\xffffffff'::bytea AND p.from_version <= ${number}
      AND (p.to_version IS NULL OR p.to_version > ${number})`);
