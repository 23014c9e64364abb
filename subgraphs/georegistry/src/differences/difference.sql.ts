/**
 * Statements of differences. Within a source they read only what changed: states that began between the two
 * versions and the units removed there. Across sources they walk both trees in the order of references.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import { type Reach, reachIn, standsWithin } from '../scope/reach.sql';
import type { VersionRow } from '../versions/version';
import type { DifferenceFilter, DifferenceKind, UnitField } from './difference';

export interface DifferenceQuery {
  from: VersionRow;
  to: VersionRow;
  filter: DifferenceFilter;
  /** The paths of the filter's subtree in either version. */
  subtree: { before: Buffer | undefined; after: Buffer | undefined } | undefined;
}

/** A difference with what the handle reaches in either version: what it does not reach is not there. */
interface ReachedQuery extends DifferenceQuery {
  reach: { before: Reach; after: Reach };
}

async function reached(db: AccountDatabase, query: DifferenceQuery): Promise<ReachedQuery> {
  const [before, after] = await Promise.all(
    [query.from, query.to].map(({ dataSourceId, number }) => reachIn(db, dataSourceId, number)),
  );
  return { ...query, reach: { before, after } };
}

export interface DifferenceRow {
  /** Unit id within a source, reference across sources. */
  key: string;
  beforeId: string | null;
  afterId: string | null;
  kind: DifferenceKind;
  fields: UnitField[];
}

export const differencePage = async (
  db: AccountDatabase,
  wanted: DifferenceQuery,
  after: string | undefined,
  limit: number,
) => {
  const query = await reached(db, wanted);
  return db.rows<DifferenceRow>(db.sql`
    SELECT d.key, d.before_id AS "beforeId", d.after_id AS "afterId", d.kind, d.fields
    FROM (${differences(db, query, after)}) d
    WHERE ${kept(db, query)} ORDER BY d.key LIMIT ${limit}`);
};

export const differenceCounts = async (db: AccountDatabase, wanted: DifferenceQuery) => {
  const query = await reached(db, wanted);
  return db.one<{ added: number; removed: number; changed: number }>(db.sql`
    SELECT count(*) FILTER (WHERE d.kind = 'ADDED') AS added, count(*) FILTER (WHERE d.kind = 'REMOVED') AS removed,
      count(*) FILTER (WHERE d.kind = 'CHANGED') AS changed
    FROM (${differences(db, query, undefined)}) d WHERE ${kept(db, query)}`);
};

function differences(db: AccountDatabase, query: ReachedQuery, after: string | undefined): Statement {
  const { sql } = db;
  const isOneSource = query.from.dataSourceId === query.to.dataSourceId;
  const sides = isOneSource ? changedUnits(db, query, after) : matchedUnits(db, query, after);
  return sql`
    SELECT x.key, b.unit_id AS before_id, a.unit_id AS after_id,
      CASE WHEN b.unit_id IS NULL THEN 'ADDED' WHEN a.unit_id IS NULL THEN 'REMOVED' ELSE 'CHANGED' END AS kind,
      CASE WHEN b.unit_id IS NULL OR a.unit_id IS NULL THEN '{}'
        ELSE ${changedFields(db, isOneSource)} END AS fields
    FROM (${sides}) x
    ${stateOf(db, 'b', sql`x.before_id`, query.from, query.reach.before)}
    ${stateOf(db, 'a', sql`x.after_id`, query.to, query.reach.after)}
    WHERE (b.unit_id IS NOT NULL OR a.unit_id IS NOT NULL)
      ${typeCondition(db, query)} ${subtreeCondition(db, query)}`;
}

/** Of one source: units with a state that began after the older version, up to the newer one, and removed ones. */
function changedUnits(
  db: AccountDatabase,
  { from, to }: DifferenceQuery,
  after: string | undefined,
): Statement {
  const older = Math.min(from.number, to.number);
  const newer = Math.max(from.number, to.number);
  const beyond = (alias: 's' | 'r') =>
    after === undefined ? db.sql`` : db.sql`AND ${db.sql.raw(alias)}.unit_id > ${after}::uuid`;
  return db.sql`
    SELECT DISTINCT c.unit_id AS key, c.unit_id AS before_id, c.unit_id AS after_id
    FROM (
      SELECT s.unit_id FROM georegistry.org_unit_state s
      WHERE s.account_id = ${db.account} AND s.data_source_id = ${from.dataSourceId}
        AND s.from_version > ${older} AND s.from_version <= ${newer} ${beyond('s')}
      UNION ALL
      SELECT r.unit_id FROM georegistry.org_unit_removal r
      WHERE r.account_id = ${db.account} AND r.data_source_id = ${from.dataSourceId}
        AND r.version_number > ${older} AND r.version_number <= ${newer} ${beyond('r')}
    ) c`;
}

/** Of two sources: all units, those of one reference together. A unit that its version does not hold falls out later. */
function matchedUnits(
  db: AccountDatabase,
  { from, to }: DifferenceQuery,
  after: string | undefined,
): Statement {
  const side = ({ dataSourceId }: VersionRow) => db.sql`
    SELECT u.reference, u.id FROM georegistry.org_unit u
    WHERE u.account_id = ${db.account} AND u.data_source_id = ${dataSourceId}
      ${after === undefined ? db.sql`` : db.sql`AND u.reference > ${after}`}`;
  return db.sql`
    SELECT coalesce(m.reference, n.reference) AS key, m.id AS before_id, n.id AS after_id
    FROM (${side(from)}) m FULL JOIN (${side(to)}) n ON n.reference = m.reference`;
}

/** The state of a unit in a version, looked up through the primary key whatever the planner thinks (OFFSET 0). */
const stateOf = (
  db: AccountDatabase,
  alias: 'a' | 'b',
  unitId: Statement,
  version: VersionRow,
  reach: Reach,
): Statement =>
  db.sql`LEFT JOIN LATERAL (
      SELECT s.* FROM georegistry.org_unit_state s
      WHERE s.account_id = ${db.account} AND s.unit_id = ${unitId} AND s.from_version <= ${version.number}
        AND (s.to_version IS NULL OR s.to_version > ${version.number})
        AND ${standsWithin(db, db.sql`s.unit_id`, db.sql`${version.number}::integer`, reach)}
      OFFSET 0
    ) ${db.sql.raw(alias)} ON true`;

/** Across sources a parent or a group is the same when its reference is. */
function changedFields(db: AccountDatabase, isOneSource: boolean): Statement {
  const { sql } = db;
  const reference = (side: 'a' | 'b') => sql`(SELECT p.reference FROM georegistry.org_unit p
    WHERE p.account_id = ${db.account} AND p.id = ${sql.raw(side)}.parent_id)`;
  const references = (side: 'a' | 'b') => sql`(SELECT array_agg(g.reference ORDER BY g.reference)
    FROM georegistry."group" g WHERE g.account_id = ${db.account} AND g.id = ANY(${sql.raw(side)}.group_ids))`;
  const differs = (field: UnitField, before: Statement, after: Statement) =>
    sql`CASE WHEN ${before} IS DISTINCT FROM ${after} THEN ${sql.raw(`'${field}'`)} END`;
  const column = (field: UnitField, name: string) =>
    differs(field, sql.raw(`b.${name}`), sql.raw(`a.${name}`));
  return sql`array_remove(ARRAY[
    ${column('NAME', 'name')}, ${column('ALIASES', 'aliases')}, ${column('CODE', 'code')},
    ${column('TYPE', 'type_id')}, ${column('STATUS', 'status')},
    ${isOneSource ? column('PARENT', 'parent_id') : differs('PARENT', reference('b'), reference('a'))},
    ${column('OPENING_DATE', 'opening_date')}, ${column('CLOSED_DATE', 'closed_date')},
    ${differs('LOCATION', sql.raw('(b.longitude, b.latitude, b.altitude)'), sql.raw('(a.longitude, a.latitude, a.altitude)'))},
    ${column('SHAPE', 'shape_hash')},
    ${isOneSource ? column('GROUPS', 'group_ids') : differs('GROUPS', references('b'), references('a'))},
    ${column('ATTRIBUTES', 'attributes')}
  ]::text[], NULL)`;
}

function typeCondition(db: AccountDatabase, { filter }: DifferenceQuery): Statement {
  if (!filter.typeIds) return db.sql``;
  return db.sql`AND (b.type_id = ANY(${filter.typeIds}::uuid[]) OR a.type_id = ANY(${filter.typeIds}::uuid[]))`;
}

function subtreeCondition(db: AccountDatabase, { from, to, subtree }: DifferenceQuery): Statement {
  if (!subtree) return db.sql``;
  const within = (side: 'a' | 'b', version: VersionRow, path: Buffer | undefined) =>
    path === undefined
      ? db.sql`false`
      : db.sql`EXISTS (SELECT FROM georegistry.org_unit_path p
          WHERE p.account_id = ${db.account} AND p.unit_id = ${db.sql.raw(side)}.unit_id
            AND p.from_version <= ${version.number} AND (p.to_version IS NULL OR p.to_version > ${version.number})
            AND p.path >= ${path}::bytea AND p.path < ${path}::bytea || '\\xffffffff'::bytea)`;
  return db.sql`AND (${within('b', from, subtree.before)} OR ${within('a', to, subtree.after)})`;
}

function kept(db: AccountDatabase, { filter }: DifferenceQuery): Statement {
  const parts = [db.sql`(d.kind <> 'CHANGED' OR cardinality(d.fields) > 0)`];
  if (filter.kinds) parts.push(db.sql`d.kind = ANY(${filter.kinds}::text[])`);
  if (filter.fields) parts.push(db.sql`d.fields && ${filter.fields}::text[]`);
  return db.sql.join(parts, ' AND ');
}
