/**
 * The statements that read the log. Only sealed events are read, in the order of their position.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import type { ChangeEvent } from './change';

export interface ChangeFilter {
  subjectType?: string | null;
  /** Only together with `subjectType`. */
  subjectId?: string | null;
  /** Any of these. */
  actions?: readonly string[] | null;
  /** The events of this org unit itself. */
  unitId?: string | null;
  /** The events of this org unit and of those that stand or stood below it, in any version. */
  subtree?: string | null;
  projectId?: string | null;
  /** What this user did. */
  userId?: string | null;
  /** Written then or later. */
  from?: Date | null;
  /** Written before. */
  to?: Date | null;
  /** What the reader may see; everything without it. */
  visible?: ChangeVisibility;
}

/** Which events somebody may see, whatever they ask for. */
export interface ChangeVisibility {
  /** Nothing of these types. */
  withoutTypes: readonly string[];
  /** Of these projects and of none; null: of all. */
  projects: readonly string[] | null;
  /** A condition on the org unit that an event concerns; undefined: all units. */
  atUnits?: (unitId: Statement) => Statement;
  /** Where units are limited: types that are hidden when they concern no unit. */
  onlyAtUnits: readonly string[];
  /** By type of subject, where more is asked of the subject itself. */
  subjects?: Readonly<Record<string, SubjectCondition>>;
}

/** A condition on the id of a subject, which is a text. */
export type SubjectCondition = (subjectId: Statement) => Statement;

/** A subtree of up to this many units is read unit by unit; a larger one is found by walking the log. */
export const SMALL_SUBTREE = 2000;

const eventColumns = (db: AccountDatabase) => db.sql`
  e.id, e.position, e.at, e.user_id AS "userId", e.token_id AS "tokenId", e.job_id AS "jobId",
  e.on_behalf_of AS "onBehalfOf", e.request_id AS "requestId", e.subject_type AS "subjectType",
  e.subject_id AS "subjectId", e.unit_id AS "unitId", e.project_id AS "projectId", e.action,
  e.fields_before AS "before", e.fields_after AS "after", e.reason, e.hash`;

export const changesAfter = (
  db: AccountDatabase,
  position: number,
  limit: number,
  filter: ChangeFilter,
) => db.sql`
    SELECT ${eventColumns(db)}
    FROM platform.change_event e
    WHERE e.account_id = ${db.account} AND e.position > ${position} ${conditions(db, filter)}
      ${subtreeCondition(db, filter.subtree)} ${timeBounds(db, position, filter)}
    ORDER BY e.position
    LIMIT ${limit}`;

/** The same for the units of a small subtree: the first events of each by its index, and of those the first. */
export const changesOfUnits = (
  db: AccountDatabase,
  position: number,
  limit: number,
  filter: ChangeFilter,
  units: readonly string[],
) => db.sql`
    SELECT o.*
    FROM unnest(${units}::uuid[]) AS u (id)
    CROSS JOIN LATERAL (
      SELECT ${eventColumns(db)}
      FROM platform.change_event e
      WHERE e.account_id = ${db.account} AND e.unit_id = u.id AND e.position > ${position}
        ${conditions(db, filter)}
      ORDER BY e.position
      LIMIT ${limit}
    ) o
    ORDER BY o.position
    LIMIT ${limit}`;

/** At most `limit` of the units that stand or stood below this one, itself included. */
export const unitsBelow = (db: AccountDatabase, unitId: string, limit: number) =>
  db.rows<{ id: string }>(db.sql`
    SELECT DISTINCT b.unit_id AS id
    FROM georegistry.org_unit_below b
    WHERE b.account_id = ${db.account} AND b.ancestor_id = ${unitId}
    LIMIT ${limit}`);

/** A record whose events are asked for, before a position. */
export interface SubjectPage {
  subjectType: string;
  subjectId: string;
  before: number | null;
}

/** The last events of each subject, newest first; `at` is its place in the list. */
export const lastChangesOf = (
  db: AccountDatabase,
  subjects: readonly SubjectPage[],
  limit: number,
  visible: ChangeVisibility | undefined,
) =>
  db.rows<ChangeEvent & { place: number }>(db.sql`
    SELECT o.*, (s.place - 1)::integer AS place
    FROM unnest(${subjects.map((subject) => subject.subjectType)}::text[],
                ${subjects.map((subject) => subject.subjectId)}::text[],
                ${subjects.map((subject) => subject.before)}::bigint[])
         WITH ORDINALITY AS s (subject_type, subject_id, before, place)
    CROSS JOIN LATERAL (
      SELECT ${eventColumns(db)}
      FROM platform.change_event e
      WHERE e.account_id = ${db.account} AND e.subject_type = s.subject_type AND e.subject_id = s.subject_id
        AND e.position < coalesce(s.before, 9223372036854775807) ${visibleOnly(db, visible)}
      ORDER BY e.position DESC
      LIMIT ${limit}
    ) o
    ORDER BY s.place, o.position DESC`);

/** Sealed, with this id. */
export const sealedChange = (db: AccountDatabase, id: string) =>
  db.maybe<ChangeEvent>(db.sql`
    SELECT ${eventColumns(db)}
    FROM platform.change_event e
    WHERE e.account_id = ${db.account} AND e.id = ${id} AND e.position > 0`);

/** The place behind which the log is whole: what came before lies in archives. */
const wholeAfter = (db: AccountDatabase) => db.sql`
  SELECT greatest(
    (SELECT min(e.position) - 1 FROM platform.change_event e
     WHERE e.account_id = ${db.account} AND e.position > 0),
    (SELECT max(a.last_position) FROM platform.change_archive a WHERE a.account_id = ${db.account}),
    0) AS position`;

/**
 * The events of a statement, and in the same look at the log where it is whole and where it ends: nothing is archived or
 * sealed between the two.
 */
export const withWholeness = async (db: AccountDatabase, events: Statement, keep: boolean) => {
  const statement = db.sql`
    SELECT o.*, w.position AS "wholeAfter",
           coalesce((SELECT c.position FROM platform.change_chain c WHERE c.account_id = ${db.account}), 0) AS "end"
    FROM (${wholeAfter(db)}) w
    LEFT JOIN LATERAL (${events}) o ON true
    ORDER BY o.position`;
  const rows = await db.rows<(ChangeEvent | { id: null }) & { wholeAfter: number; end: number }>(
    keep ? db.sql.keep(statement) : statement,
  );
  return {
    events: rows.flatMap((row) => (row.id === null ? [] : [row])),
    wholeAfter: rows[0]?.wholeAfter ?? 0,
    end: rows[0]?.end ?? 0,
  };
};

/** Where the log begins by now, and what was the last to be put into an archive; null before the first archive. */
export const logStart = (db: AccountDatabase) =>
  db.one<{ wholeAfter: number; archivedThrough: Date | null }>(db.sql`
    SELECT w.position AS "wholeAfter",
           (SELECT max(a.last_at) FROM platform.change_archive a WHERE a.account_id = ${db.account}) AS "archivedThrough"
    FROM (${wholeAfter(db)}) w`);

function conditions(db: AccountDatabase, filter: ChangeFilter): Statement {
  const parts: Statement[] = [];
  if (filter.subjectType) parts.push(db.sql`AND e.subject_type = ${filter.subjectType}`);
  if (filter.subjectId) parts.push(db.sql`AND e.subject_id = ${filter.subjectId}`);
  if (filter.actions) parts.push(db.sql`AND e.action = ANY (${filter.actions}::text[])`);
  if (filter.unitId) parts.push(db.sql`AND e.unit_id = ${filter.unitId}`);
  if (filter.projectId) parts.push(db.sql`AND e.project_id = ${filter.projectId}`);
  if (filter.userId) parts.push(db.sql`AND e.user_id = ${filter.userId}`);
  parts.push(timeConditions(db, 'e', filter), visibleOnly(db, filter.visible));
  return db.sql.join(parts, ' ');
}

function visibleOnly(db: AccountDatabase, visible: ChangeVisibility | undefined): Statement {
  if (!visible) return db.sql``;
  const { withoutTypes, projects, atUnits, onlyAtUnits, subjects } = visible;
  const parts: Statement[] = [];
  if (withoutTypes.length > 0) parts.push(db.sql`AND e.subject_type <> ALL (${withoutTypes}::text[])`);
  if (projects) parts.push(db.sql`AND (e.project_id IS NULL OR e.project_id = ANY (${projects}::uuid[]))`);
  if (atUnits) {
    parts.push(db.sql`AND (CASE WHEN e.unit_id IS NULL THEN e.subject_type <> ALL (${onlyAtUnits}::text[])
                                ELSE ${atUnits(db.sql.raw('e.unit_id'))} END)`);
  }
  if (subjects) {
    const cases = Object.entries(subjects).map(
      ([type, condition]) => db.sql`WHEN ${type}::text THEN ${condition(db.sql.raw('e.subject_id'))}`,
    );
    parts.push(db.sql`AND CASE e.subject_type ${db.sql.join(cases, ' ')} ELSE true END`);
  }
  return db.sql.join(parts, ' ');
}

function timeConditions(db: AccountDatabase, alias: 'e' | 't', { from, to }: ChangeFilter): Statement {
  const at = db.sql.raw(`${alias}.at`);
  const parts: Statement[] = [];
  if (from) parts.push(db.sql`AND ${at} >= ${from}`);
  if (to) parts.push(db.sql`AND ${at} < ${to}`);
  return db.sql.join(parts, ' ');
}

/**
 * Where in the log a span of time lies, so that a walk neither begins at its beginning nor goes on to its end. The
 * order of times is nearly that of positions and not quite, so the span is looked up in the index of times; the
 * `+ 0` keeps the planner from walking the positions for it.
 */
function timeBounds(db: AccountDatabase, position: number, filter: ChangeFilter): Statement {
  const ended = filter.to && filter.to < new Date();
  if (!ended && (!filter.from || position > 0)) return db.sql``;
  const span = db.sql`
    FROM platform.change_event t
    WHERE t.account_id = ${db.account} AND t.position > 0 ${timeConditions(db, 't', filter)}`;
  return db.sql`
    AND e.position >= (SELECT min(t.position + 0) ${span}) AND e.position <= (SELECT max(t.position + 0) ${span})`;
}

function subtreeCondition(db: AccountDatabase, subtree: string | null | undefined): Statement {
  if (!subtree) return db.sql``;
  return db.sql`
    AND EXISTS (SELECT FROM georegistry.org_unit_below b
                WHERE b.account_id = ${db.account} AND b.ancestor_id = ${subtree} AND b.unit_id = e.unit_id)`;
}

export const personalValues = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string; value: unknown }>(db.sql`
    SELECT v.id, v.value
    FROM platform.personal_value v
    WHERE v.account_id = ${db.account} AND v.id = ANY (${ids}::uuid[]) AND v.erased_at IS NULL`);

/** What the events of some records say, sealed or not. */
export const fieldsOfSubjects = (db: AccountDatabase, subjectType: string, subjectIds: readonly string[]) =>
  db.rows<{ before: unknown; after: unknown }>(db.sql`
    SELECT e.fields_before AS before, e.fields_after AS after FROM platform.change_event e
    WHERE e.account_id = ${db.account} AND e.subject_type = ${subjectType}
      AND e.subject_id = ANY(${subjectIds}::text[])`);

/** Values that were nobody's. */
export const claimValues = (db: AccountDatabase, ids: readonly string[], personId: string) =>
  db.execute(db.sql`
    UPDATE platform.personal_value v SET person_id = ${personId}
    WHERE v.account_id = ${db.account} AND v.id = ANY(${ids}::uuid[]) AND v.person_id IS NULL
      AND v.erased_at IS NULL`);

export const eraseValuesOf = (db: AccountDatabase, personId: string) =>
  db.execute(db.sql`
    UPDATE platform.personal_value v
    SET value = NULL, salt = NULL, erased_at = now()
    WHERE v.account_id = ${db.account} AND v.person_id = ${personId} AND v.erased_at IS NULL`);
