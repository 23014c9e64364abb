/** Statements on change requests. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { inReach, unitReach } from '@iroko/viewer';
import type { UnitField } from '../differences/difference';
import { type UnitEdit, unitKeys } from '../org-units/unit-content';
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
  /** The plan that proposed it. */
  mergePlanId: string | null;
}

export const requestColumns = (db: AccountDatabase): Statement => db.sql`
  r.id, r.data_source_id AS "dataSourceId", r.kind, r.unit_id AS "unitId", r.place_unit_id AS "placeUnitId",
  r.parent_request_id AS "parentRequestId", r.reference, r.proposed, r.seen,
  r.with_descendants AS "withDescendants", r.seen_descendants AS "seenDescendants", r.comment, r.status,
  r.applied_fields AS "appliedFields", r.decision_reason AS "decisionReason", r.proposed_by AS "proposedBy",
  r.proposed_at AS "proposedAt", r.decided_by AS "decidedBy", r.decided_at AS "decidedAt", r.revision,
  r.merge_plan_id AS "mergePlanId"`;

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
  | 'mergePlanId'
>;

/** Writes the requests; one statement however many they are. */
export const insertRequests = (tx: AccountTransaction, requests: readonly NewChangeRequest[]) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.change_request (account_id, id, data_source_id, kind, unit_id, place_unit_id,
      parent_request_id, reference, proposed, seen, with_descendants, seen_descendants, comment, merge_plan_id,
      search_key, proposed_by)
    SELECT ${tx.account}::uuid, x.id, x."dataSourceId", x.kind, x."unitId", x."placeUnitId", x."parentRequestId",
      x.reference, x.proposed, x.seen, x."withDescendants", x."seenDescendants", x.comment, x."mergePlanId",
      x."searchKey", ${tx.actor.userId ?? null}::uuid
    FROM jsonb_to_recordset(${JSON.stringify(requests.map(withSearchKey))}::jsonb) AS x (id uuid, "dataSourceId" uuid,
      kind text, "unitId" uuid, "placeUnitId" uuid, "parentRequestId" uuid, reference text, proposed jsonb, seen jsonb,
      "withDescendants" boolean, "seenDescendants" integer, comment text, "mergePlanId" uuid, "searchKey" text)`);

const withSearchKey = (request: NewChangeRequest) => {
  const { name = '', aliases = [], code = '' } = request.proposed;
  return { ...request, ...unitKeys({ name, aliases, code }, request.reference ?? '') };
};

/** Requests outside of the handle's scope are not there. */
export const requestsById = async (db: AccountDatabase, ids: readonly string[]) => {
  const reach = await unitReach(db);
  return db.rows<ChangeRequestRow>(db.sql`
    SELECT ${requestColumns(db)} FROM georegistry.change_request r
    WHERE r.account_id = ${db.account} AND r.id = ANY(${ids}::uuid[])
      AND ${inReach(db, db.sql`r.place_unit_id`, reach)}`);
};

/** What this transaction just wrote, in scope or not. */
export const requestAsWritten = (tx: AccountTransaction, id: string) =>
  tx.one<ChangeRequestRow>(tx.sql`
    SELECT ${requestColumns(tx)} FROM georegistry.change_request r
    WHERE r.account_id = ${tx.account} AND r.id = ${id}`);

/** Whoever decides waits for whoever decides now. */
export const requestForDeciding = (tx: AccountTransaction, id: string) =>
  tx.maybe<ChangeRequestRow>(tx.sql`
    SELECT ${requestColumns(tx)} FROM georegistry.change_request r
    WHERE r.account_id = ${tx.account} AND r.id = ${id} FOR UPDATE`);

/** Many at once, in the order of their ids. */
export const lockRequests = (tx: AccountTransaction, ids: readonly string[]) =>
  tx.rows<{ id: string }>(tx.sql`
    SELECT r.id FROM georegistry.change_request r
    WHERE r.account_id = ${tx.account} AND r.id = ANY(${ids}::uuid[]) ORDER BY r.id FOR UPDATE`);

/** How many requests a job decided on, in all its attempts. */
export const countDecidedBy = (db: AccountDatabase, jobId: string) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.change_request r
    WHERE r.account_id = ${db.account} AND r.decided_job_id = ${jobId}`);

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
      decided_job_id = ${tx.actor.jobId ?? null},
      unit_id = coalesce(${decision.unitId}, r.unit_id), place_unit_id = coalesce(${decision.unitId}, r.place_unit_id)
    WHERE r.account_id = ${tx.account} AND r.id = ${id}
    RETURNING ${requestColumns(tx)}`);

/** How many units stand at or below a path in a version. */
export const countBelow = (db: AccountDatabase, source: string, number: number, path: Buffer) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.org_unit_path p
    WHERE p.account_id = ${db.account} AND p.data_source_id = ${source} AND p.path >= ${path}::bytea
      AND p.path < ${path}::bytea || '\\xffffffff'::bytea AND p.from_version <= ${number}
      AND (p.to_version IS NULL OR p.to_version > ${number})`);
