/** Statements on submissions and their attachments. What lists and counts show lies within the scope of the handle. */
import type { AccountDatabase, AccountTransaction, Statement } from '@iroko/database';
import { inReach, unitReach } from '@iroko/viewer';
import { predecessorsOf } from '../units/predecessors.sql';
import type { Measured } from './geopoint';

export interface SubmissionRow {
  id: string;
  formId: string;
  formVersionId: string;
  instanceId: string;
  instanceName: string | null;
  deviceId: string | null;
  answers: Record<string, unknown>;
  orgUnitId: string | null;
  unitVersion: number | null;
  appUserId: string | null;
  receivedAt: Date;
}

export interface NewSubmission extends Omit<SubmissionRow, 'receivedAt' | 'answers' | 'appUserId'> {
  xml: string;
  contentHash: Buffer;
  /** JSON text. */
  answers: string;
  location: Measured | null;
  unitSourceId: string | null;
  appUserId: string | null;
}

const columns = (db: AccountDatabase): Statement => db.sql`
  s.id, s.form_id AS "formId", s.form_version_id AS "formVersionId", s.instance_id AS "instanceId",
  s.instance_name AS "instanceName", s.device_id AS "deviceId", s.answers, s.org_unit_id AS "orgUnitId",
  s.unit_version AS "unitVersion", s.app_user_id AS "appUserId", s.received_at AS "receivedAt"`;

/** 0 when the instance is there already; a concurrent insert of the same instance is waited for. */
export const insertSubmission = (tx: AccountTransaction, row: NewSubmission) =>
  tx.execute(tx.sql`
    INSERT INTO submissions.submission
      (account_id, id, form_id, form_version_id, instance_id, instance_name, device_id, xml, content_hash, answers,
       longitude, latitude, altitude, accuracy, org_unit_id, unit_source_id, unit_version, app_user_id, created_by)
    VALUES (${tx.account}, ${row.id}, ${row.formId}, ${row.formVersionId}, ${row.instanceId}, ${row.instanceName},
      ${row.deviceId}, ${row.xml}, ${row.contentHash}, ${row.answers}, ${row.location?.longitude ?? null},
      ${row.location?.latitude ?? null}, ${row.location?.altitude ?? null}, ${row.location?.accuracy ?? null}, ${row.orgUnitId}, ${row.unitSourceId},
      ${row.unitVersion}, ${row.appUserId}, ${tx.actor.userId ?? null})
    ON CONFLICT (account_id, instance_id) DO NOTHING`);

export const storedInstance = (db: AccountDatabase, instanceId: string) =>
  db.maybe<{ id: string }>(db.sql`
    SELECT s.id FROM submissions.submission s
    WHERE s.account_id = ${db.account} AND s.instance_id = ${instanceId}`);

/** Locked, so that two sendings of one instance add their attachments one after the other. */
export const lockByInstance = (tx: AccountTransaction, instanceId: string) =>
  tx.one<{ id: string; formId: string; orgUnitId: string | null; contentHash: Buffer }>(tx.sql`
    SELECT s.id, s.form_id AS "formId", s.org_unit_id AS "orgUnitId", s.content_hash AS "contentHash"
    FROM submissions.submission s
    WHERE s.account_id = ${tx.account} AND s.instance_id = ${instanceId} FOR NO KEY UPDATE`);

/** A submission is in scope by its unit; one at no unit is in nobody's limited scope. */
const inScope = async (db: AccountDatabase): Promise<Statement> =>
  inReach(db, db.sql`s.org_unit_id`, await unitReach(db));

export const submissionsByIds = async (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<SubmissionRow>(db.sql`
    SELECT ${columns(db)} FROM submissions.submission s
    WHERE s.account_id = ${db.account} AND s.id = ANY(${ids}::uuid[]) AND ${await inScope(db)}`);

/** For whoever has just sent the whole of it, wherever it was made. */
export const sentSubmission = (db: AccountDatabase, id: string) =>
  db.one<SubmissionRow>(db.sql`
    SELECT ${columns(db)} FROM submissions.submission s
    WHERE s.account_id = ${db.account} AND s.id = ${id}`);

export const xmlOfSubmission = (db: AccountDatabase, id: string) =>
  db.maybe<{ xml: string }>(db.sql`
    SELECT s.xml FROM submissions.submission s WHERE s.account_id = ${db.account} AND s.id = ${id}`);

export interface SubmissionFilter {
  formId?: string | null;
  orgUnitId?: string | null;
  /** Also those of the units in whose place that unit is. */
  withPredecessors?: boolean | null;
  receivedFrom?: Date | null;
  /** Exclusive. */
  receivedBefore?: Date | null;
}

const matching = async (db: AccountDatabase, filter: SubmissionFilter): Promise<Statement> => {
  const { sql } = db;
  const conditions = [sql`s.account_id = ${db.account}`, await inScope(db)];
  if (filter.formId) conditions.push(sql`s.form_id = ${filter.formId}`);
  if (filter.orgUnitId) conditions.push(await atUnit(db, filter.orgUnitId, filter.withPredecessors ?? false));
  if (filter.receivedFrom) conditions.push(sql`s.received_at >= ${filter.receivedFrom}`);
  if (filter.receivedBefore) conditions.push(sql`s.received_at < ${filter.receivedBefore}`);
  return sql.join(conditions, ' AND ');
};

async function atUnit(db: AccountDatabase, unitId: string, withPredecessors: boolean): Promise<Statement> {
  if (!withPredecessors) return db.sql`s.org_unit_id = ${unitId}`;
  const before = await predecessorsOf(db, [unitId]);
  const whole = before.filter(({ beforeVersion }) => beforeVersion === null);
  const parts = before
    .filter(({ beforeVersion }) => beforeVersion !== null)
    .map(
      ({ predecessorId, beforeVersion }) =>
        db.sql`s.org_unit_id = ${predecessorId} AND s.unit_version < ${beforeVersion}`,
    );
  const ids = [unitId, ...whole.map(({ predecessorId }) => predecessorId)];
  return db.sql`(${db.sql.join([db.sql`s.org_unit_id = ANY(${ids}::uuid[])`, ...parts], ' OR ')})`;
}

/** Newest first. `after` is the id of the last submission before the page, whose time is looked up. */
export const submissionsPage = async (
  db: AccountDatabase,
  filter: SubmissionFilter,
  after: string | null,
  limit: number,
) =>
  db.rows<SubmissionRow>(db.sql`
    SELECT ${columns(db)} FROM submissions.submission s
    WHERE ${await matching(db, filter)} ${
      after === null
        ? db.sql``
        : db.sql`AND (s.received_at, s.id) < (
            SELECT l.received_at, l.id FROM submissions.submission l
            WHERE l.account_id = ${db.account} AND l.id = ${after})`
    }
    ORDER BY s.received_at DESC, s.id DESC LIMIT ${limit}`);

export const countSubmissions = async (db: AccountDatabase, filter: SubmissionFilter): Promise<number> =>
  (
    await db.one<{ count: number }>(
      db.sql`SELECT count(*) AS count FROM submissions.submission s WHERE ${await matching(db, filter)}`,
    )
  ).count;

/** One row per unit that has any. */
export const countsByUnit = async (db: AccountDatabase, unitIds: readonly string[], formId: string | null) =>
  db.rows<{ unitId: string; count: number }>(db.sql`
    SELECT s.org_unit_id AS "unitId", count(*) AS count FROM submissions.submission s
    WHERE s.account_id = ${db.account} AND s.org_unit_id = ANY(${unitIds}::uuid[]) AND ${await inScope(db)}
      ${formId === null ? db.sql`` : db.sql`AND s.form_id = ${formId}`}
    GROUP BY s.org_unit_id`);

/** The same, with what was sent from the units in whose place each unit is. */
export const countsWithPredecessors = async (
  db: AccountDatabase,
  unitIds: readonly string[],
  formId: string | null,
) => {
  const before = await predecessorsOf(db, unitIds);
  return db.rows<{ unitId: string; count: number }>(db.sql`
    SELECT p.asked_id AS "unitId", count(*) AS count
    FROM unnest(${[...unitIds, ...before.map(({ unitId }) => unitId)]}::uuid[],
      ${[...unitIds, ...before.map(({ predecessorId }) => predecessorId)]}::uuid[],
      ${[...unitIds.map(() => null), ...before.map(({ beforeVersion }) => beforeVersion)]}::integer[])
      AS p (asked_id, unit_id, before_version)
    JOIN submissions.submission s ON s.account_id = ${db.account} AND s.org_unit_id = p.unit_id
      AND (p.before_version IS NULL OR s.unit_version < p.before_version)
    WHERE ${await inScope(db)} ${formId === null ? db.sql`` : db.sql`AND s.form_id = ${formId}`}
    GROUP BY p.asked_id`);
};

export const countsByForm = async (db: AccountDatabase, formIds: readonly string[]) =>
  db.rows<{ formId: string; count: number }>(db.sql`
    SELECT s.form_id AS "formId", count(*) AS count FROM submissions.submission s
    WHERE s.account_id = ${db.account} AND s.form_id = ANY(${formIds}::uuid[]) AND ${await inScope(db)}
    GROUP BY s.form_id`);
