/** Units of a version as the matcher reads them. */
import { type AccountDatabase, isId, type Statement } from '@iroko/database';
import { holdsIn } from '../org-units/state.sql';
import type { SideSettings } from './match-run';

export interface MatchedUnit {
  id: string;
  reference: string;
  name: string;
  aliases: string[];
  code: string;
  typeId: string | null;
  parentId: string | null;
  longitude: number | null;
  latitude: number | null;
  /** Whether it may be linked. */
  takesPart: boolean;
}

export interface VersionKey {
  dataSourceId: string;
  number: number;
}

/** All units of the version, in batches. A unit without a point of its own is where the middle of its shape is. */
export const streamUnits = (
  db: AccountDatabase,
  version: VersionKey,
  settings: SideSettings,
  subtree: Buffer | undefined,
) =>
  db.stream<MatchedUnit>(
    db.sql`
      SELECT s.unit_id AS id, u.reference, s.name, s.aliases, s.code, s.type_id AS "typeId",
        s.parent_id AS "parentId", coalesce(s.longitude, h.centroid[0]) AS longitude,
        coalesce(s.latitude, h.centroid[1]) AS latitude, (${takesPart(db, version, settings, subtree)}) AS "takesPart"
      FROM georegistry.org_unit_state s
      JOIN georegistry.org_unit u ON u.account_id = ${db.account} AND u.id = s.unit_id
      LEFT JOIN georegistry.shape h ON h.account_id = ${db.account} AND h.hash = s.shape_hash
      WHERE s.account_id = ${db.account} AND s.data_source_id = ${version.dataSourceId}
        AND ${holdsIn(db, 's', version.number)}`,
    5000,
  );

function takesPart(
  db: AccountDatabase,
  version: VersionKey,
  { types, statuses }: SideSettings,
  subtree: Buffer | undefined,
): Statement {
  const parts = [
    statuses ? db.sql`s.status = ANY(${statuses}::text[])` : db.sql`s.status <> 'REJECTED'`,
    ...(types ? [db.sql`s.type_id = ANY(${types.filter(isId)}::uuid[]) IS TRUE`] : []),
    ...(subtree ? [below(db, version, subtree)] : []),
  ];
  return db.sql.join(parts, ' AND ');
}

const below = (db: AccountDatabase, version: VersionKey, subtree: Buffer): Statement => db.sql`
  s.unit_id IN (
    SELECT p.unit_id FROM georegistry.org_unit_path p
    WHERE p.account_id = ${db.account} AND p.data_source_id = ${version.dataSourceId}
      AND ${holdsIn(db, 'p', version.number)}
      AND p.path >= ${subtree}::bytea AND p.path < ${subtree}::bytea || '\\xffffffff'::bytea)`;

/** What people decided between the two sources, and what lineage made of it: those pairs stay as they are. */
export const decidedPairs = (db: AccountDatabase, sourceId: string, otherSourceId: string) =>
  db.rows<{ unitId: string; otherUnitId: string; status: 'ACCEPTED' | 'REJECTED' | 'ENDED' }>(db.sql`
    SELECT CASE WHEN l.first_source_id = ${sourceId} THEN l.first_unit_id ELSE l.second_unit_id END AS "unitId",
      CASE WHEN l.first_source_id = ${sourceId} THEN l.second_unit_id ELSE l.first_unit_id END AS "otherUnitId",
      l.status
    FROM georegistry.link l
    WHERE l.account_id = ${db.account} AND l.first_source_id = least(${sourceId}::uuid, ${otherSourceId}::uuid)
      AND l.second_source_id = greatest(${sourceId}::uuid, ${otherSourceId}::uuid)
      AND l.status <> 'PROPOSED' AND (l.decided_by IS NOT NULL OR l.status IN ('REJECTED', 'ENDED') OR l.origin = 'LINEAGE')`);
