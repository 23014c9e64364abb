/** Statements of lists of links: typed filters, keyset pages. */
import { type AccountDatabase, isId, type Statement } from '@iroko/database';
import type { CursorKey } from '@iroko/graph';
import { inSubtrees, placesOfUnits } from '@iroko/viewer';
import { textPattern } from '../org-units/search/like-text';
import type { LinkRow } from './link';
import { linkColumns, linkInScope } from './link.sql';
import { type LinkFilter, LinkSort } from './link-list';

export interface LinkList {
  filter: LinkFilter;
  /** Whether units are looked at in drafts, where nothing is released. */
  withDrafts: boolean;
}

export const listLinks = async (
  db: AccountDatabase,
  list: LinkList,
  sort: LinkSort,
  after: readonly CursorKey[] | undefined,
  limit: number,
) => {
  const { order, beyond } = ordering(db, sort, after);
  return db.rows<LinkRow>(db.sql`
    SELECT ${linkColumns(db)} FROM georegistry.link l
    WHERE ${await conditions(db, list)} AND ${await linkInScope(db)} ${beyond}
    ORDER BY ${order} LIMIT ${limit}`);
};

/** The surest first, in pages for a job; `until` leaves out what came later. */
export const linksToReview = async (
  db: AccountDatabase,
  list: LinkList,
  after: readonly CursorKey[] | undefined,
  until: string,
  limit: number,
) => {
  const { order, beyond } = ordering(db, LinkSort.SCORE_DESC, after);
  return db.rows<Pick<LinkRow, 'id' | 'score' | 'revision'>>(db.sql`
    SELECT l.id, l.score, l.revision FROM georegistry.link l
    WHERE ${await conditions(db, list)} AND ${await linkInScope(db)} AND l.id < ${until}::uuid ${beyond}
    ORDER BY ${order} LIMIT ${limit}`);
};

export const countLinks = async (db: AccountDatabase, list: LinkList) =>
  db.one<{ count: number }>(db.sql`
    SELECT count(*) AS count FROM georegistry.link l WHERE ${await conditions(db, list)} AND ${await linkInScope(db)}`);

/** The keys of a row in its list. */
export function linkKeys(row: Pick<LinkRow, 'score' | 'id'>, sort: LinkSort): CursorKey[] {
  return sort === LinkSort.NEWEST ? [row.id] : [row.score, row.id];
}

function ordering(db: AccountDatabase, sort: LinkSort, after: readonly CursorKey[] | undefined) {
  const { sql } = db;
  if (sort === LinkSort.NEWEST) {
    return { order: sql`l.id DESC`, beyond: after ? sql`AND l.id < ${after[0]}::uuid` : sql`` };
  }
  const isDown = sort === LinkSort.SCORE_DESC;
  const sign = sql.raw(isDown ? '<' : '>');
  const beyond = after ? sql`AND (l.score, l.id) ${sign} (${after[0]}::float8, ${after[1]}::uuid)` : sql``;
  return { order: sql.raw(isDown ? 'l.score DESC, l.id DESC' : 'l.score, l.id'), beyond };
}

async function conditions(db: AccountDatabase, { filter, withDrafts }: LinkList): Promise<Statement> {
  const { sql } = db;
  const parts = [sql`l.account_id = ${db.account}`];
  const keep = (part: Statement) => parts.push(part);
  if (filter.statuses) keep(sql`l.status = ANY(${filter.statuses}::text[])`);
  if (filter.origins) keep(sql`l.origin = ANY(${filter.origins}::text[])`);
  if (filter.matchRunId != null) keep(sql`l.match_run_id = ANY(${known([filter.matchRunId])}::uuid[])`);
  if (filter.unitId != null) keep(oneEnd(db, 'unit', filter.unitId));
  if (filter.dataSourceId != null) keep(oneEnd(db, 'source', filter.dataSourceId));
  if (filter.otherDataSourceId != null) {
    keep(oneEnd(db, 'source', filter.otherDataSourceId));
    if (filter.otherDataSourceId === filter.dataSourceId) keep(sql`false`);
  }
  if (filter.scoreFrom != null) keep(sql`l.score >= ${filter.scoreFrom}::float8`);
  if (filter.scoreTo != null) keep(sql`l.score <= ${filter.scoreTo}::float8`);
  if (filter.decidedByPerson === true) keep(sql`l.decided_by IS NOT NULL`);
  if (filter.decidedByPerson === false) keep(sql`l.decided_by IS NULL`);
  if (filter.decidedById != null) keep(sql`l.decided_by = ANY(${known([filter.decidedById])}::uuid[])`);
  if (filter.types) keep(anEndWith(db, sql`c.type_id = ANY(${known(filter.types)}::uuid[])`, withDrafts));
  if (filter.subtree != null) keep(await anEndBelow(db, filter.subtree));
  if (filter.versionId != null) keep(anEndIn(db, filter.versionId));
  const pattern = textPattern(filter.text);
  if (pattern !== undefined) keep(anEndWith(db, sql`c.search_key LIKE ${pattern}`, withDrafts));
  return sql.join(parts, ' AND ');
}

function oneEnd(db: AccountDatabase, what: 'unit' | 'source', id: string): Statement {
  const ids = known([id]);
  return what === 'unit'
    ? db.sql`(l.first_unit_id = ANY(${ids}::uuid[]) OR l.second_unit_id = ANY(${ids}::uuid[]))`
    : db.sql`(l.first_source_id = ANY(${ids}::uuid[]) OR l.second_source_id = ANY(${ids}::uuid[]))`;
}

/** A unit at either end, as the current version of its source has it. */
const anEndWith = (db: AccountDatabase, condition: Statement, withDrafts: boolean): Statement => db.sql`
  EXISTS (
    SELECT FROM georegistry.current_org_unit c
    WHERE c.account_id = ${db.account} AND c.unit_id IN (l.first_unit_id, l.second_unit_id)
      AND (c.released OR ${withDrafts}::boolean) AND ${condition}
  )`;

async function anEndBelow(db: AccountDatabase, unitId: string): Promise<Statement> {
  const [place] = await placesOfUnits(db, known([unitId]));
  if (!place) return db.sql`false`;
  return db.sql`EXISTS (
    SELECT FROM georegistry.org_unit_place p
    WHERE p.account_id = ${db.account} AND p.unit_id IN (l.first_unit_id, l.second_unit_id)
      AND p.data_source_id = ${place.dataSourceId} AND ${inSubtrees(db, db.sql`p.path`, [place.path])})`;
}

const anEndIn = (db: AccountDatabase, versionId: string): Statement => db.sql`
  EXISTS (
    SELECT FROM georegistry.source_version v
    JOIN georegistry.org_unit_state s ON s.account_id = ${db.account} AND s.data_source_id = v.data_source_id
      AND s.unit_id IN (l.first_unit_id, l.second_unit_id) AND s.from_version <= v.number
      AND (s.to_version IS NULL OR s.to_version > v.number)
    WHERE v.account_id = ${db.account} AND v.id = ANY(${known([versionId])}::uuid[])
  )`;

const known = (ids: readonly string[]): string[] => ids.filter(isId);
