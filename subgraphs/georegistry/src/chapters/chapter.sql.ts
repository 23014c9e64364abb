/** Statements on the chapters of a unit: the versions in which it became another, and those that lost it. */
import type { AccountDatabase } from '@iroko/database';

export interface ChapterRow {
  number: number;
  /** The version that no longer has it so; null when the newest one still has. */
  until: number | null;
  /** That version holds the unit no more. */
  isRemoved: boolean;
}

/** Newest first. */
export const chaptersOf = (
  db: AccountDatabase,
  unitId: string,
  withDraft: boolean,
  before: number | undefined,
  limit: number,
) =>
  db.rows<ChapterRow>(db.sql`
    SELECT s.from_version AS number,
      CASE WHEN ${withDraft}::boolean OR s.to_version <= d.released_version_number THEN s.to_version END AS until,
      EXISTS (SELECT FROM georegistry.org_unit_removal r
        WHERE r.account_id = ${db.account} AND r.data_source_id = s.data_source_id AND r.unit_id = s.unit_id
          AND r.version_number = s.to_version
          AND (${withDraft}::boolean OR r.version_number <= d.released_version_number)) AS "isRemoved"
    FROM georegistry.org_unit_state s
    JOIN georegistry.data_source d ON d.account_id = ${db.account} AND d.id = s.data_source_id
    WHERE s.account_id = ${db.account} AND s.unit_id = ${unitId} AND d.deleted_at IS NULL
      AND (${withDraft}::boolean OR s.from_version <= d.released_version_number)
      ${before === undefined ? db.sql`` : db.sql`AND s.from_version < ${before}`}
    ORDER BY s.from_version DESC LIMIT ${limit}`);

export const countChapters = (db: AccountDatabase, unitId: string, withDraft: boolean) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.org_unit_state s
    JOIN georegistry.data_source d ON d.account_id = ${db.account} AND d.id = s.data_source_id
    WHERE s.account_id = ${db.account} AND s.unit_id = ${unitId} AND d.deleted_at IS NULL
      AND (${withDraft}::boolean OR s.from_version <= d.released_version_number)`);
