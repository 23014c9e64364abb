/** Statements on the record of operations: written in their transaction, read one by one, by version, by unit. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { inReach, unitReach } from '@iroko/viewer';
import type { UnitContent } from '../org-units/unit-content';
import type { LineageKind, LineageRole, LineageRow, LineageUnitRow } from './lineage';

const columns = (db: AccountDatabase): Statement => db.sql`
  l.id, l.data_source_id AS "dataSourceId", l.version_number AS "versionNumber", l.number, l.kind, l.ending,
  l.effective_on AS "effectiveOn", l.reason, l.made_by AS "madeBy", l.made_at AS "madeAt", l.job_id AS "jobId", l.moved,
  l.closed_along AS "closedAlong"`;

/** An operation is in scope where one of the units is that it was about. */
const inScope = async (db: AccountDatabase): Promise<Statement> => {
  const reach = await unitReach(db);
  if (reach === undefined) return db.sql`true`;
  return db.sql`EXISTS (SELECT FROM georegistry.lineage_unit n
    WHERE n.account_id = ${db.account} AND n.lineage_id = l.id AND n.role IN ('PREDECESSOR', 'SUCCESSOR')
      AND ${inReach(db, db.sql`n.unit_id`, reach)})`;
};

const ofLivingSource = (
  db: AccountDatabase,
): Statement => db.sql`EXISTS (SELECT FROM georegistry.data_source d
  WHERE d.account_id = ${db.account} AND d.id = l.data_source_id AND d.deleted_at IS NULL)`;

export const lineagesById = async (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<LineageRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.lineage l
    WHERE l.account_id = ${db.account} AND l.id = ANY(${ids}::uuid[]) AND ${ofLivingSource(db)} AND ${await inScope(db)}`);

export interface LineageList {
  dataSourceId: string;
  versionNumber: number;
  kinds: readonly LineageKind[] | null;
}

const listed = async (db: AccountDatabase, { dataSourceId, versionNumber, kinds }: LineageList) => db.sql`
  l.account_id = ${db.account} AND l.data_source_id = ${dataSourceId} AND l.version_number = ${versionNumber}
    ${kinds === null ? db.sql`` : db.sql`AND l.kind = ANY(${kinds}::text[])`} AND ${await inScope(db)}`;

/** In the order in which they were done; `after` is the number that the last page ended with. */
export const lineagesOfVersion = async (
  db: AccountDatabase,
  list: LineageList,
  after: number | undefined,
  limit: number,
) =>
  db.rows<LineageRow>(db.sql`
    SELECT ${columns(db)} FROM georegistry.lineage l
    WHERE ${await listed(db, list)} ${after === undefined ? db.sql`` : db.sql`AND l.number > ${after}`}
    ORDER BY l.number LIMIT ${limit}`);

export const countLineages = async (db: AccountDatabase, list: LineageList) =>
  db.one<{ count: number }>(
    db.sql`SELECT count(*) AS count FROM georegistry.lineage l WHERE ${await listed(db, list)}`,
  );

/** Operations up to a version that units took part in, in any role; the oldest first. */
export const lineagesOfUnits = async (db: AccountDatabase, unitIds: readonly string[], number: number) =>
  db.rows<LineageRow & { unitId: string; role: LineageRole; ended: boolean }>(db.sql`
    SELECT n.unit_id AS "unitId", n.role, n.ended, ${columns(db)}
    FROM georegistry.lineage_unit n
    JOIN georegistry.lineage l ON l.account_id = ${db.account} AND l.id = n.lineage_id
    WHERE n.account_id = ${db.account} AND n.unit_id = ANY(${unitIds}::uuid[])
      AND l.version_number <= ${number} AND ${await inScope(db)}
    ORDER BY l.number`);

/** The predecessors and successors of operations that are in scope, in the order in which they were named. */
export const namedUnits = async (db: AccountDatabase, lineageIds: readonly string[]) =>
  db.rows<LineageUnitRow>(db.sql`
    SELECT n.lineage_id AS "lineageId", n.unit_id AS "unitId", u.reference, n.role, n.ended, n.is_new AS "isNew",
      n.name, n.code
    FROM georegistry.lineage_unit n
    JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = n.unit_id
    WHERE n.account_id = ${db.account} AND n.lineage_id = ANY(${lineageIds}::uuid[])
      AND n.role IN ('PREDECESSOR', 'SUCCESSOR') AND ${inReach(db, db.sql`n.unit_id`, await unitReach(db))}
    ORDER BY n.lineage_id, n.role, n.position`);

export type NewLineage = Omit<LineageRow, 'number' | 'madeAt' | 'moved' | 'closedAlong'>;

/** The next operation of a source that the caller has locked. */
export const insertLineage = (tx: AccountTransaction, row: NewLineage) =>
  tx.one<LineageRow>(tx.sql`
    INSERT INTO georegistry.lineage AS l (account_id, id, data_source_id, version_number, number, kind, ending,
      effective_on, reason, made_by, job_id)
    SELECT ${tx.account}, ${row.id}, ${row.dataSourceId}, ${row.versionNumber}, coalesce(max(o.number), 0) + 1,
      ${row.kind}, ${row.ending}, ${row.effectiveOn}, ${row.reason}, ${row.madeBy}, ${row.jobId}
    FROM georegistry.lineage o WHERE o.account_id = ${tx.account} AND o.data_source_id = ${row.dataSourceId}
    RETURNING ${columns(tx)}`);

export const countAlong = (tx: AccountTransaction, id: string, moved: number, closedAlong: number) =>
  tx.one<LineageRow>(tx.sql`
    UPDATE georegistry.lineage l SET moved = ${moved}, closed_along = ${closedAlong}
    WHERE l.account_id = ${tx.account} AND l.id = ${id} RETURNING ${columns(tx)}`);

export const deleteLineage = (tx: AccountTransaction, id: string) =>
  tx.execute(tx.sql`DELETE FROM georegistry.lineage l WHERE l.account_id = ${tx.account} AND l.id = ${id}`);

export interface NewLineageUnit {
  unitId: string;
  role: 'PREDECESSOR' | 'SUCCESSOR';
  position: number;
  ended: boolean;
  isNew: boolean;
  name: string;
  code: string;
  revision: number;
  contentBefore: UnitContent | null;
}

export const insertLineageUnit = (
  tx: AccountTransaction,
  { id, dataSourceId }: Pick<LineageRow, 'id' | 'dataSourceId'>,
  unit: NewLineageUnit,
) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.lineage_unit (account_id, lineage_id, unit_id, data_source_id, role, position, ended, is_new,
      name, code, revision, content_before)
    VALUES (${tx.account}, ${id}, ${unit.unitId}, ${dataSourceId}, ${unit.role}, ${unit.position}, ${unit.ended},
      ${unit.isNew}, ${unit.name}, ${unit.code}, ${unit.revision},
      ${unit.contentBefore === null ? null : JSON.stringify(unit.contentBefore)}::jsonb)`);

/** What an operation did to the units that it named, to undo it. */
export const unitsToUndo = (tx: AccountTransaction, lineageId: string) =>
  tx.rows<{
    unitId: string;
    role: LineageRole;
    isNew: boolean;
    ended: boolean;
    revision: number;
    contentBefore: UnitContent | null;
  }>(tx.sql`
    SELECT n.unit_id AS "unitId", n.role, n.is_new AS "isNew", n.ended, n.revision, n.content_before AS "contentBefore"
    FROM georegistry.lineage_unit n
    WHERE n.account_id = ${tx.account} AND n.lineage_id = ${lineageId} AND n.role IN ('PREDECESSOR', 'SUCCESSOR')
    ORDER BY n.role, n.position`);

/** A later operation of the source that one of its units took part in. */
export const laterLineage = (tx: AccountTransaction, { id, dataSourceId, number }: LineageRow) =>
  tx.maybe<{ id: string; kind: LineageKind }>(tx.sql`
    SELECT l.id, l.kind FROM georegistry.lineage l
    WHERE l.account_id = ${tx.account} AND l.data_source_id = ${dataSourceId} AND l.number > ${number}
      AND EXISTS (SELECT FROM georegistry.lineage_unit n
        JOIN georegistry.lineage_unit o ON o.account_id = ${tx.account} AND o.lineage_id = ${id}
          AND o.unit_id = n.unit_id
        WHERE n.account_id = ${tx.account} AND n.lineage_id = l.id)
    ORDER BY l.number DESC LIMIT 1`);
