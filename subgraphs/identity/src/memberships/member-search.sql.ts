/**
 * Which members of an account are asked for: what a list, its count, a file and a change of many have in common.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import { type MemberReach, memberWithin } from '../scope/members-in-scope.sql';

/** Null asks nothing; of a list, one entry is enough. */
export interface UserFilter {
  ended: boolean;
  ids: string[] | null;
  /** Folded: part of a name, an organization or an address. */
  searchKey: string | null;
  dhis2Ids: string[] | null;
  permissions: string[] | null;
  roleIds: string[] | null;
  teamIds: string[] | null;
  projectIds: string[] | null;
  orgUnits: { ids: string[]; above: boolean; below: boolean } | null;
  orgUnitTypeIds: string[] | null;
  /** true: without a limit to org units; false: with one. */
  everyOrgUnit: boolean | null;
}

/** Whom is asked for, of those whom the viewer sees; an undefined reach is everybody. */
export interface MemberSearch {
  filter: UserFilter;
  reach: MemberReach | undefined;
}

/** A condition on a membership `m`. */
export function memberMatching(db: AccountDatabase, { filter, reach }: MemberSearch): Statement {
  const { sql } = db;
  const asked = <Value>(value: Value | null, condition: (value: Value) => Statement): Statement[] =>
    value === null ? [] : [condition(value)];
  const conditions = [
    sql`m.account_id = ${db.account} AND (m.ended_at IS NOT NULL) = ${filter.ended}`,
    ...asked(filter.ids, (ids) => sql`m.user_id = ANY(${ids}::uuid[])`),
    ...asked(filter.searchKey, (key) => named(db, key)),
    ...asked(filter.dhis2Ids, (ids) => sql`m.dhis2_id = ANY(${ids}::text[])`),
    ...asked(filter.permissions, (names) => holding(db, names)),
    ...asked(
      filter.roleIds,
      (ids) => sql`EXISTS (
        SELECT FROM identity.membership_role mr
        WHERE mr.account_id = ${db.account} AND mr.user_id = m.user_id AND mr.role_id = ANY(${ids}::uuid[]))`,
    ),
    ...asked(
      filter.teamIds,
      (ids) => sql`EXISTS (
        SELECT FROM identity.team_user tu
        WHERE tu.account_id = ${db.account} AND tu.user_id = m.user_id AND tu.team_id = ANY(${ids}::uuid[]))`,
    ),
    ...asked(filter.projectIds, (ids) => sql`m.project_ids && ${ids}::uuid[]`),
    ...asked(filter.orgUnits, (units) => placedAt(db, units)),
    ...asked(
      filter.orgUnitTypeIds,
      (ids) => sql`EXISTS (
        SELECT FROM georegistry.current_org_unit unit
        WHERE unit.account_id = ${db.account} AND unit.unit_id = ANY(m.unit_ids) AND unit.type_id = ANY(${ids}::uuid[]))`,
    ),
    ...asked(filter.everyOrgUnit, (every) => sql`(m.unit_ids IS NULL) = ${every}`),
    memberWithin(db, reach),
  ];
  return sql.join(conditions, ' AND ');
}

const named = (db: AccountDatabase, key: string): Statement => db.sql`EXISTS (
  SELECT FROM identity."user" p
  WHERE p.id = m.user_id AND (strpos(p.search_key, ${key}) > 0 OR strpos(p.email_key, ${key}) > 0))`;

/** Directly or by a role. */
const holding = (db: AccountDatabase, names: readonly string[]): Statement => db.sql`(
  m.permissions && ${names}::text[] OR EXISTS (
    SELECT FROM identity.membership_role mr
    JOIN identity.role r ON r.account_id = mr.account_id AND r.id = mr.role_id
    WHERE mr.account_id = ${db.account} AND mr.user_id = m.user_id
      AND (r.every_permission OR r.permissions && ${names}::text[])))`;

/** Whose scope names one of the units, or one above or below it. */
function placedAt(
  db: AccountDatabase,
  { ids, above, below }: { ids: readonly string[]; above: boolean; below: boolean },
): Statement {
  const { sql } = db;
  if (!above && !below) return sql`m.unit_ids && ${ids}::uuid[]`;
  const related = [
    sql`theirs.unit_id = asked.unit_id`,
    ...(above ? [within(db, sql.raw('asked.path'), sql.raw('theirs.path'))] : []),
    ...(below ? [within(db, sql.raw('theirs.path'), sql.raw('asked.path'))] : []),
  ];
  return sql`EXISTS (
    SELECT FROM georegistry.org_unit_place theirs
    JOIN georegistry.org_unit_place asked
      ON asked.account_id = theirs.account_id AND asked.data_source_id = theirs.data_source_id
    WHERE theirs.account_id = ${db.account} AND asked.account_id = ${db.account}
      AND theirs.unit_id = ANY(m.unit_ids) AND asked.unit_id = ANY(${ids}::uuid[])
      AND (${sql.join(related, ' OR ')}))`;
}

/** A subtree's paths begin with its own. */
const within = (db: AccountDatabase, path: Statement, root: Statement): Statement =>
  db.sql`substring(${path} FROM 1 FOR length(${root})) = ${root}`;
