/** Which memberships a viewer with a limited scope sees, as a condition and by id. */
import type { AccountDatabase, Statement } from '@iroko/database';
import { inReach, type SourceReach } from '@iroko/viewer';

/** What is asked of a membership `m`; undefined and null are no limit. */
export interface MemberReach {
  readonly units: readonly SourceReach[] | undefined;
  readonly projects: readonly string[] | null;
  /** Whoever looks, who always sees themselves; null for nobody. */
  readonly self: string | null;
}

/** True of what has a whole scope of its own, in these two columns, that lies within `reach`; without a limit in none. */
export const scopeWithin = (
  db: AccountDatabase,
  { units, projects }: Pick<MemberReach, 'units' | 'projects'>,
  columns: { unitIds: Statement; projectIds: Statement },
): Statement => {
  const unitsLieWithin =
    units === undefined
      ? db.sql`true`
      : db.sql`(${columns.unitIds} IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM unnest(${columns.unitIds}) AS limited (unit_id)
          WHERE NOT ${inReach(db, db.sql.raw('limited.unit_id'), units)}))`;
  const projectsLieWithin =
    projects === null ? db.sql`true` : db.sql`COALESCE(${columns.projectIds} <@ ${projects}::uuid[], false)`;
  return db.sql`(${unitsLieWithin} AND ${projectsLieWithin})`;
};

/** True of a membership `m` whose whole scope lies within `reach`. A scope without a limit lies in none that has one. */
export const memberWithin = (db: AccountDatabase, reach: MemberReach | undefined): Statement => {
  if (reach === undefined) return db.sql`true`;
  const columns = { unitIds: db.sql.raw('m.unit_ids'), projectIds: db.sql.raw('m.project_ids') };
  return db.sql`(m.user_id = ${reach.self}::uuid OR ${scopeWithin(db, reach, columns)})`;
};

/** Those of the users whose membership, lasting or ended, lies within `reach`. */
export const membersWithin = (db: AccountDatabase, reach: MemberReach, userIds: readonly string[]) =>
  db.rows<{ userId: string }>(db.sql`
    SELECT m.user_id AS "userId" FROM identity.membership m
    WHERE m.account_id = ${db.account} AND m.user_id = ANY(${userIds}::uuid[]) AND ${memberWithin(db, reach)}`);
