/**
 * Who stands in the place of whom in a version: from a unit that an operation ended over its successors to those that
 * stand, and back from a unit to those before it. A unit stands in a version that holds it without a closing date; one
 * that stands is answered for by itself, whatever was done to it before.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import { inReach, unitReach } from '@iroko/viewer';
import { reachIn, standsWithin } from '../scope/reach.sql';

const stands = (db: AccountDatabase, unitId: Statement, number: number): Statement => db.sql`
  EXISTS (SELECT FROM georegistry.org_unit_state s
    WHERE s.account_id = ${db.account} AND s.unit_id = ${unitId} AND s.from_version <= ${number}
      AND (s.to_version IS NULL OR s.to_version > ${number}) AND s.closed_date IS NULL)`;

/**
 * The units that stand in the version in the place of each unit, itself when it does. The last operation that ended it
 * leads on, and from there only later ones: numbers rise, so the walk ends.
 */
export const standingUnits = async (
  db: AccountDatabase,
  unitIds: readonly string[],
  source: string,
  number: number,
) =>
  db.rows<{ askedId: string; unitId: string }>(db.sql`
    WITH RECURSIVE walk AS (
      SELECT asked.id AS asked_id, asked.id AS unit_id, 0 AS number FROM unnest(${unitIds}::uuid[]) AS asked (id)
      UNION
      SELECT w.asked_id, x.unit_id, e.number
      FROM walk w
      CROSS JOIN LATERAL (
        SELECT l.id, l.number FROM georegistry.lineage_unit n
        JOIN georegistry.lineage l ON l.account_id = ${db.account} AND l.id = n.lineage_id
        WHERE n.account_id = ${db.account} AND n.unit_id = w.unit_id AND n.ended AND l.data_source_id = ${source}
          AND l.version_number <= ${number} AND l.number > w.number
        ORDER BY l.number DESC LIMIT 1
      ) e
      JOIN georegistry.lineage_unit x ON x.account_id = ${db.account} AND x.lineage_id = e.id AND x.role = 'SUCCESSOR'
      WHERE NOT ${stands(db, db.sql`w.unit_id`, number)}
    )
    SELECT DISTINCT w.asked_id AS "askedId", w.unit_id AS "unitId" FROM walk w
    WHERE ${stands(db, db.sql`w.unit_id`, number)}
      AND ${standsWithin(db, db.sql`w.unit_id`, db.sql`${number}::integer`, await reachIn(db, source, number))}
    ORDER BY 1, 2`);

/**
 * The units before each unit, up to a version, the nearest first: those whose place it took, and those before them. Of
 * a split that kept the unit, the unit too.
 */
export const unitsBefore = async (
  db: AccountDatabase,
  unitIds: readonly string[],
  source: string,
  number: number,
) =>
  db.rows<{
    askedId: string;
    unitId: string;
    lineageId: string;
    reference: string;
    name: string;
    code: string;
    ended: boolean;
  }>(db.sql`
    WITH RECURSIVE walk AS (
      SELECT asked.id AS asked_id, asked.id AS unit_id, 2147483647 AS number, 0 AS steps, NULL::uuid AS lineage_id
      FROM unnest(${unitIds}::uuid[]) AS asked (id)
      UNION
      SELECT w.asked_id, p.unit_id, l.number, w.steps + 1, l.id
      FROM walk w
      JOIN georegistry.lineage_unit n ON n.account_id = ${db.account} AND n.unit_id = w.unit_id AND n.role = 'SUCCESSOR'
      JOIN georegistry.lineage l ON l.account_id = ${db.account} AND l.id = n.lineage_id
        AND l.data_source_id = ${source} AND l.version_number <= ${number} AND l.number < w.number
      JOIN georegistry.lineage_unit p ON p.account_id = ${db.account} AND p.lineage_id = l.id
        AND p.role = 'PREDECESSOR'
    ), nearest AS (
      SELECT DISTINCT ON (w.asked_id, w.unit_id) w.* FROM walk w WHERE w.steps > 0 AND w.unit_id <> w.asked_id
      ORDER BY w.asked_id, w.unit_id, w.steps, w.number DESC
    )
    SELECT w.asked_id AS "askedId", w.unit_id AS "unitId", w.lineage_id AS "lineageId", u.reference, n.name, n.code,
      n.ended
    FROM nearest w
    JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = w.unit_id
    JOIN georegistry.lineage_unit n ON n.account_id = ${db.account} AND n.lineage_id = w.lineage_id
      AND n.unit_id = w.unit_id
    WHERE ${inReach(db, db.sql`w.unit_id`, await unitReach(db))}
    ORDER BY w.asked_id, w.steps, u.reference`);

/** Units of a source by what they are or were called: by id, by reference, and by the code that they had when they ended. */
export const unitsCalled = async (
  db: AccountDatabase,
  source: string,
  { ids, references, codes }: { ids: string[]; references: string[]; codes: string[] },
  number: number,
) => {
  const seen = inReach(db, db.sql`u.id`, await unitReach(db));
  return db.rows<{ by: 'ID' | 'REFERENCE' | 'CODE'; key: string; unitId: string }>(db.sql`
    SELECT 'ID' AS by, u.id::text AS key, u.id AS "unitId" FROM georegistry.org_unit u
    WHERE u.account_id = ${db.account} AND u.data_source_id = ${source} AND u.id = ANY(${ids}::uuid[]) AND ${seen}
    UNION ALL
    SELECT 'REFERENCE', u.reference, u.id FROM georegistry.org_unit u
    WHERE u.account_id = ${db.account} AND u.data_source_id = ${source} AND u.reference = ANY(${references}::text[])
      AND ${seen}
    UNION ALL
    SELECT DISTINCT 'CODE', n.code, u.id FROM georegistry.lineage_unit n
    JOIN georegistry.lineage l ON l.account_id = ${db.account} AND l.id = n.lineage_id AND l.version_number <= ${number}
    JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = n.unit_id
    WHERE n.account_id = ${db.account} AND n.data_source_id = ${source} AND n.role = 'PREDECESSOR' AND n.code <> ''
      AND n.code = ANY(${codes}::text[]) AND ${seen}
    ORDER BY 1, 2, 3`);
};

/** The operation that ended each unit last, up to a version. */
export const endedWithin = (db: AccountDatabase, unitIds: readonly string[], number: number) =>
  db.rows<{ unitId: string; lineageId: string }>(db.sql`
    SELECT DISTINCT ON (n.unit_id) n.unit_id AS "unitId", l.id AS "lineageId"
    FROM georegistry.lineage_unit n
    JOIN georegistry.lineage l ON l.account_id = ${db.account} AND l.id = n.lineage_id
    WHERE n.account_id = ${db.account} AND n.unit_id = ANY(${unitIds}::uuid[]) AND n.ended
      AND l.version_number <= ${number}
    ORDER BY n.unit_id, l.number DESC`);
