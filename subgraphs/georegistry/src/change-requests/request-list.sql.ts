/** Statements of lists of change requests: typed filters, keyset pages. */
import type { AccountDatabase, Statement } from '@iroko/database';
import { inReach, inSubtrees, placesOfUnits, unitReach } from '@iroko/viewer';
import type { RequestKind, RequestStatus } from './change-request';
import { type ChangeRequestRow, requestColumns } from './change-request.sql';

/** What is left out keeps every request. Ids are ids: what is none was replaced by one that never was. */
export interface RequestList {
  ids?: readonly string[] | undefined;
  statuses?: readonly RequestStatus[] | undefined;
  kinds?: readonly RequestKind[] | undefined;
  dataSourceId?: string | undefined;
  /** A version that holds the unit, or what it shall stand below. */
  versionId?: string | undefined;
  unitIds?: readonly string[] | undefined;
  /** A pattern of LIKE on search keys, of the unit or of what is proposed. */
  text?: string | undefined;
  typeIds?: readonly string[] | undefined;
  groupIds?: readonly string[] | undefined;
  /** The unit, or the parent that is proposed, is at or below one of these. */
  subtreeIds?: readonly string[] | undefined;
  hasLocation?: boolean | undefined;
  /** Requests that propose something for one of these names of content. */
  contentNames?: readonly string[] | undefined;
  mergePlanId?: string | undefined;
  proposedBy?: readonly string[] | undefined;
  decidedBy?: readonly string[] | undefined;
  proposedFrom?: Date | undefined;
  proposedBefore?: Date | undefined;
  /** Requests that came before this id was made. */
  untilId?: string | undefined;
  /** Whether units are looked at as drafts have them, or as they are read. */
  withDrafts: boolean;
}

async function conditions(db: AccountDatabase, list: RequestList): Promise<Statement> {
  const { sql } = db;
  const parts = [sql`r.account_id = ${db.account}`, inReach(db, sql`r.place_unit_id`, await unitReach(db))];
  const keep = (part: Statement) => parts.push(part);
  if (list.ids) keep(sql`r.id = ANY(${list.ids}::uuid[])`);
  if (list.untilId) keep(sql`r.id < ${list.untilId}::uuid`);
  if (list.statuses) keep(sql`r.status = ANY(${list.statuses}::text[])`);
  if (list.kinds) keep(sql`r.kind = ANY(${list.kinds}::text[])`);
  if (list.dataSourceId) keep(sql`r.data_source_id = ${list.dataSourceId}::uuid`);
  if (list.versionId) keep(ofVersion(db, list.versionId));
  if (list.unitIds) keep(sql`r.unit_id = ANY(${list.unitIds}::uuid[])`);
  if (list.contentNames) keep(sql`r.proposed ?| ${list.contentNames}::text[]`);
  if (list.mergePlanId) keep(sql`r.merge_plan_id = ${list.mergePlanId}::uuid`);
  if (list.proposedBy) keep(sql`r.proposed_by = ANY(${list.proposedBy}::uuid[])`);
  if (list.decidedBy) keep(sql`r.decided_by = ANY(${list.decidedBy}::uuid[])`);
  if (list.proposedFrom) keep(sql`r.proposed_at >= ${list.proposedFrom}`);
  if (list.proposedBefore) keep(sql`r.proposed_at < ${list.proposedBefore}`);
  parts.push(...(await unitConditions(db, list)));
  return sql.join(parts, ' AND ');
}

/** Conditions on the unit as it is, or as it shall be. */
async function unitConditions(db: AccountDatabase, list: RequestList): Promise<Statement[]> {
  const { sql } = db;
  const parts: Statement[] = [];
  const either = (unit: Statement, proposed: Statement) =>
    parts.push(sql`(${unitWith(db, unit, list.withDrafts)} OR ${proposed})`);
  if (list.text !== undefined) {
    either(sql`c.search_key LIKE ${list.text}`, sql`r.search_key LIKE ${list.text}`);
  }
  if (list.typeIds) {
    either(
      sql`c.type_id = ANY(${list.typeIds}::uuid[])`,
      sql`r.proposed ->> 'typeId' = ANY(${list.typeIds}::text[])`,
    );
  }
  if (list.groupIds) {
    either(
      sql`c.group_ids && ${list.groupIds}::uuid[]`,
      sql`r.proposed -> 'groupIds' ?| ${list.groupIds}::text[]`,
    );
  }
  if (list.hasLocation !== undefined) {
    const located = sql`(${unitWith(db, sql`c.longitude IS NOT NULL`, list.withDrafts)}
      OR coalesce(r.proposed -> 'location', 'null') <> 'null')`;
    parts.push(list.hasLocation ? located : sql`NOT ${located}`);
  }
  if (list.subtreeIds) {
    const places = await placesOfUnits(db, list.subtreeIds);
    const paths = places.map(({ path }) => path);
    const sources = [...new Set(places.map(({ dataSourceId }) => dataSourceId))];
    parts.push(sql`EXISTS (
      SELECT FROM georegistry.org_unit_place p
      WHERE p.account_id = ${db.account} AND p.data_source_id = ANY(${sources}::uuid[])
        AND p.unit_id IN (r.place_unit_id, (r.proposed ->> 'parentId')::uuid)
        AND ${inSubtrees(db, sql`p.path`, paths)})`);
  }
  return parts;
}

/** The unit of the request, as drafts have it or as it is read. */
const unitWith = (db: AccountDatabase, condition: Statement, withDrafts: boolean): Statement =>
  withDrafts
    ? db.sql`EXISTS (SELECT FROM georegistry.org_unit_state c
        WHERE c.account_id = ${db.account} AND c.unit_id = r.unit_id AND c.to_version IS NULL AND ${condition})`
    : db.sql`EXISTS (SELECT FROM georegistry.current_org_unit c
        WHERE c.account_id = ${db.account} AND c.unit_id = r.unit_id AND c.released AND ${condition})`;

const ofVersion = (db: AccountDatabase, versionId: string): Statement => db.sql`EXISTS (
  SELECT FROM georegistry.source_version v
  WHERE v.account_id = ${db.account} AND v.id = ${versionId}::uuid AND v.data_source_id = r.data_source_id
    AND (r.place_unit_id IS NULL OR EXISTS (SELECT FROM georegistry.org_unit_state c
      WHERE c.account_id = ${db.account} AND c.unit_id = r.place_unit_id AND c.from_version <= v.number
        AND (c.to_version IS NULL OR c.to_version > v.number))))`;

/** Newest first; `before` is the id that the last page ended with. */
export const requestsPage = async (
  db: AccountDatabase,
  list: RequestList,
  before: string | undefined,
  limit: number,
) =>
  db.rows<ChangeRequestRow>(db.sql`
    SELECT ${requestColumns(db)} FROM georegistry.change_request r
    WHERE ${await conditions(db, list)} ${before === undefined ? db.sql`` : db.sql`AND r.id < ${before}::uuid`}
    ORDER BY r.id DESC LIMIT ${limit}`);

/** Oldest first, in the order in which they can be approved. */
export const requestIdsAfter = async (
  db: AccountDatabase,
  list: RequestList,
  after: string | undefined,
  limit: number,
) =>
  db.rows<{ id: string }>(db.sql`
    SELECT r.id FROM georegistry.change_request r
    WHERE ${await conditions(db, list)} ${after === undefined ? db.sql`` : db.sql`AND r.id > ${after}::uuid`}
    ORDER BY r.id LIMIT ${limit}`);

export const countRequests = async (db: AccountDatabase, list: RequestList) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.change_request r WHERE ${await conditions(db, list)}`);
