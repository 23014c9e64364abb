/** Statements on links: by id, by unit, made by hand, decided. Lists stand in `link-list.sql.ts`. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { inReach, unitReach } from '@iroko/viewer';
import type { LinkOrigin, LinkRow, LinkStatus } from './link';

export const linkColumns = (db: AccountDatabase): Statement => db.sql`
  l.id, l.first_source_id AS "firstSourceId", l.second_source_id AS "secondSourceId",
  l.first_unit_id AS "firstUnitId", l.second_unit_id AS "secondUnitId", l.status, l.score, l.features, l.origin,
  l.match_run_id AS "matchRunId", l.lineage_id AS "lineageId", l.decided_by AS "decidedBy", l.decided_at AS "decidedAt", l.reason, l.revision,
  l.created_at AS "createdAt", l.updated_at AS "updatedAt"`;

/** A link tells of two units, so it is in scope where both are. */
export const linkInScope = async (db: AccountDatabase): Promise<Statement> => {
  const reach = await unitReach(db);
  return db.sql`(${inReach(db, db.sql`l.first_unit_id`, reach)} AND ${inReach(db, db.sql`l.second_unit_id`, reach)})`;
};

export const linksById = async (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<LinkRow>(db.sql`
    SELECT ${linkColumns(db)} FROM georegistry.link l
    WHERE l.account_id = ${db.account} AND l.id = ANY(${ids}::uuid[]) AND ${await linkInScope(db)}`);

export const linksForWriting = async (tx: AccountTransaction, ids: readonly string[]) =>
  tx.rows<LinkRow>(tx.sql`
    SELECT ${linkColumns(tx)} FROM georegistry.link l
    WHERE l.account_id = ${tx.account} AND l.id = ANY(${ids}::uuid[]) AND ${await linkInScope(tx)}
    ORDER BY l.id FOR NO KEY UPDATE`);

export const linkOfPair = (db: AccountDatabase, firstUnitId: string, secondUnitId: string) =>
  db.maybe<LinkRow>(db.sql`
    SELECT ${linkColumns(db)} FROM georegistry.link l
    WHERE l.account_id = ${db.account} AND l.first_unit_id = ${firstUnitId} AND l.second_unit_id = ${secondUnitId}`);

/** The accepted links that would stand in the way of accepting this pair. */
export const acceptedBeside = (
  db: AccountDatabase,
  link: Pick<LinkRow, 'firstUnitId' | 'secondUnitId' | 'firstSourceId' | 'secondSourceId'>,
) =>
  db.rows<{ id: string }>(db.sql`
    SELECT l.id FROM georegistry.link l
    WHERE l.account_id = ${db.account} AND l.status = 'ACCEPTED'
      AND l.first_source_id = ${link.firstSourceId} AND l.second_source_id = ${link.secondSourceId}
      AND (l.first_unit_id = ${link.firstUnitId} OR l.second_unit_id = ${link.secondUnitId})
      AND (l.first_unit_id, l.second_unit_id) <> (${link.firstUnitId}::uuid, ${link.secondUnitId}::uuid)`);

/** The units in scope with the sources that they belong to. */
export const sourcesOfUnits = async (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string; dataSourceId: string }>(db.sql`
    SELECT u.id, u.data_source_id AS "dataSourceId" FROM georegistry.org_unit u
    WHERE u.account_id = ${db.account} AND u.id = ANY(${ids}::uuid[])
      AND ${inReach(db, db.sql`u.id`, await unitReach(db))}`);

export interface NewLink {
  id: string;
  firstSourceId: string;
  secondSourceId: string;
  firstUnitId: string;
  secondUnitId: string;
  status: LinkStatus;
  score: number;
  origin: LinkOrigin;
  decidedBy: string | null;
  reason: string | null;
}

export const insertLink = (tx: AccountTransaction, link: NewLink) =>
  tx.one<LinkRow>(tx.sql`
    INSERT INTO georegistry.link AS l (account_id, id, first_source_id, second_source_id, first_unit_id, second_unit_id,
      status, score, origin, decided_by, decided_at, reason)
    VALUES (${tx.account}, ${link.id}, ${link.firstSourceId}, ${link.secondSourceId}, ${link.firstUnitId},
      ${link.secondUnitId}, ${link.status}, ${link.score}, ${link.origin},
      ${link.status === 'PROPOSED' ? null : link.decidedBy},
      CASE WHEN ${link.status}::text <> 'PROPOSED' THEN now() END, ${link.reason})
    RETURNING ${linkColumns(tx)}`);

/** Writes one decision on all of the links; taking it back is to propose them again. */
export const decideLinks = (
  tx: AccountTransaction,
  ids: readonly string[],
  decision: { status: LinkStatus; decidedBy: string | null; reason: string | null },
) =>
  tx.rows<LinkRow>(tx.sql`
    UPDATE georegistry.link l
    SET status = ${decision.status}, reason = ${decision.reason}, revision = l.revision + 1, updated_at = now(),
      decided_by = ${decision.status === 'PROPOSED' ? null : decision.decidedBy}::uuid,
      decided_at = CASE WHEN ${decision.status}::text <> 'PROPOSED' THEN now() END
    WHERE l.account_id = ${tx.account} AND l.id = ANY(${ids}::uuid[])
    RETURNING ${linkColumns(tx)}`);

/** Pairs of units that were accepted as the same place, `one` of the first source named. */
export const acceptedPairs = (db: AccountDatabase, sourceId: string, otherSourceId: string) =>
  db.rows<{ linkId: string; unitId: string; otherUnitId: string }>(db.sql`
    SELECT l.id AS "linkId",
      CASE WHEN l.first_source_id = ${sourceId} THEN l.first_unit_id ELSE l.second_unit_id END AS "unitId",
      CASE WHEN l.first_source_id = ${sourceId} THEN l.second_unit_id ELSE l.first_unit_id END AS "otherUnitId"
    FROM georegistry.link l
    WHERE l.account_id = ${db.account} AND l.status = 'ACCEPTED'
      AND l.first_source_id = least(${sourceId}::uuid, ${otherSourceId}::uuid)
      AND l.second_source_id = greatest(${sourceId}::uuid, ${otherSourceId}::uuid)`);
