/** Statements by which links follow the operations of a version that is released. */
import type { AccountTransaction } from '@iroko/database';

/** Accepted links of units that operations of the version ended, each with the last of those. */
export const linksOfEnded = (tx: AccountTransaction, source: string, number: number) =>
  tx.rows<{
    id: string;
    unitId: string;
    otherUnitId: string;
    otherSourceId: string;
    lineageId: string;
  }>(tx.sql`
    WITH ended AS MATERIALIZED (
      SELECT DISTINCT ON (n.unit_id) n.unit_id, n.lineage_id
      FROM georegistry.lineage l
      JOIN georegistry.lineage_unit n ON n.account_id = ${tx.account} AND n.lineage_id = l.id
        AND n.role = 'PREDECESSOR' AND n.ended
      WHERE l.account_id = ${tx.account} AND l.data_source_id = ${source} AND l.version_number = ${number}
      ORDER BY n.unit_id, l.number DESC
    )
    SELECT l.id, e.unit_id AS "unitId", l.second_unit_id AS "otherUnitId", l.second_source_id AS "otherSourceId",
      e.lineage_id AS "lineageId"
    FROM ended e JOIN georegistry.link l ON l.account_id = ${tx.account} AND l.first_unit_id = e.unit_id
      AND l.status = 'ACCEPTED'
    UNION ALL
    SELECT l.id, e.unit_id, l.first_unit_id, l.first_source_id, e.lineage_id
    FROM ended e JOIN georegistry.link l ON l.account_id = ${tx.account} AND l.second_unit_id = e.unit_id
      AND l.status = 'ACCEPTED'
    ORDER BY 1`);

/** Which of the units have an accepted link to which source. */
export const acceptedOf = (tx: AccountTransaction, unitIds: readonly string[]) =>
  tx.rows<{ unitId: string; otherSourceId: string }>(tx.sql`
    SELECT l.first_unit_id AS "unitId", l.second_source_id AS "otherSourceId" FROM georegistry.link l
    WHERE l.account_id = ${tx.account} AND l.first_unit_id = ANY(${unitIds}::uuid[]) AND l.status = 'ACCEPTED'
    UNION ALL
    SELECT l.second_unit_id, l.first_source_id FROM georegistry.link l
    WHERE l.account_id = ${tx.account} AND l.second_unit_id = ANY(${unitIds}::uuid[]) AND l.status = 'ACCEPTED'`);

export const endLinks = (tx: AccountTransaction, links: readonly { id: string; lineageId: string }[]) =>
  tx.rows<{ id: string; firstUnitId: string }>(tx.sql`
    UPDATE georegistry.link l SET status = 'ENDED', lineage_id = e.lineage_id, revision = l.revision + 1, updated_at = now()
    FROM unnest(${links.map(({ id }) => id)}::uuid[], ${links.map(({ lineageId }) => lineageId)}::uuid[])
      AS e (id, lineage_id)
    WHERE l.account_id = ${tx.account} AND l.id = e.id
    RETURNING l.id, l.first_unit_id AS "firstUnitId"`);

export interface WantedLink {
  id: string;
  fromId: string;
  unitId: string;
  otherUnitId: string;
  status: 'ACCEPTED' | 'PROPOSED';
  lineageId: string;
}

/**
 * Links of successors, made after those that they follow, with their score, and for accepted ones their decision. A
 * pair that is linked already stays what somebody made of it; one that is only proposed, or that ended before, becomes
 * what is wanted.
 */
export const writeFollowing = (tx: AccountTransaction, wanted: readonly WantedLink[]) =>
  tx.rows<{ id: string; firstUnitId: string; status: string }>(tx.sql`
    INSERT INTO georegistry.link AS l (account_id, id, first_source_id, second_source_id, first_unit_id, second_unit_id,
      status, score, origin, lineage_id, decided_by, decided_at, reason)
    SELECT ${tx.account}::uuid, w.id, f.first_source_id, f.second_source_id,
      CASE WHEN f.second_unit_id = w.other_id THEN w.unit_id ELSE w.other_id END,
      CASE WHEN f.second_unit_id = w.other_id THEN w.other_id ELSE w.unit_id END,
      w.status, f.score, 'LINEAGE', w.lineage_id,
      CASE WHEN w.status = 'ACCEPTED' THEN f.decided_by END, CASE WHEN w.status = 'ACCEPTED' THEN now() END, f.reason
    FROM unnest(${wanted.map(({ id }) => id)}::uuid[], ${wanted.map(({ fromId }) => fromId)}::uuid[],
      ${wanted.map(({ unitId }) => unitId)}::uuid[], ${wanted.map(({ otherUnitId }) => otherUnitId)}::uuid[],
      ${wanted.map(({ status }) => status)}::text[], ${wanted.map(({ lineageId }) => lineageId)}::uuid[])
      AS w (id, from_id, unit_id, other_id, status, lineage_id)
    JOIN georegistry.link f ON f.account_id = ${tx.account} AND f.id = w.from_id
    ON CONFLICT (account_id, first_unit_id, second_unit_id) DO UPDATE
      SET status = excluded.status, lineage_id = excluded.lineage_id, decided_by = excluded.decided_by,
        decided_at = excluded.decided_at, revision = l.revision + 1, updated_at = now()
      WHERE l.status = 'ENDED' OR (l.status = 'PROPOSED' AND excluded.status = 'ACCEPTED')
    RETURNING l.id, l.first_unit_id AS "firstUnitId", l.status`);
