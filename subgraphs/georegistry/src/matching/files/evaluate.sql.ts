import type { AccountDatabase } from '@iroko/database';
import type { LinkStatus } from '../../links/link';
import type { MatchRunRow } from '../match-run';

/** The links of a run by the unit of its left source; of several the surest. */
export const linksOfRun = (db: AccountDatabase, run: MatchRunRow, statuses: readonly LinkStatus[]) =>
  db.rows<{ unitId: string; otherUnitId: string }>(db.sql`
    SELECT CASE WHEN l.first_source_id = ${run.leftSourceId} THEN l.first_unit_id ELSE l.second_unit_id END AS "unitId",
      CASE WHEN l.first_source_id = ${run.leftSourceId} THEN l.second_unit_id ELSE l.first_unit_id END AS "otherUnitId"
    FROM georegistry.link l
    WHERE l.account_id = ${db.account} AND l.match_run_id = ${run.id} AND l.status = ANY(${statuses}::text[])
    ORDER BY l.score, l.id`);
