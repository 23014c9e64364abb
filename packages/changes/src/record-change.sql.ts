/**
 * The statements that write the log.
 */
import type { AccountTransaction } from '@iroko/database';
import type { PersonalValueRow } from './values';

export interface EventRow {
  id: string;
  subjectType: string;
  subjectId: string;
  unitId: string | null;
  projectId: string | null;
  action: string;
  /** JSON text. */
  before: string | null;
  /** JSON text. */
  after: string | null;
  reason: string | null;
}

/** The common case, in half the time of the statement for many. */
export const insertEvent = (tx: AccountTransaction, row: EventRow) =>
  tx.execute(tx.sql.kept`
    INSERT INTO platform.change_event
      (account_id, id, user_id, token_id, job_id, on_behalf_of, request_id,
       subject_type, subject_id, unit_id, project_id, action, fields_before, fields_after, reason)
    VALUES (${tx.account}, ${row.id}, ${tx.actor.userId ?? null}, ${tx.actor.tokenId ?? null},
            ${tx.actor.jobId ?? null}, ${tx.actor.onBehalfOf ?? null}, ${tx.actor.requestId},
            ${row.subjectType}, ${row.subjectId}, ${row.unitId}, ${row.projectId}, ${row.action},
            ${row.before}, ${row.after}, ${row.reason})`);

/** In the order of the rows, which the identity column `entry` keeps. */
export const insertEvents = (tx: AccountTransaction, rows: readonly EventRow[]) =>
  tx.execute(tx.sql`
    INSERT INTO platform.change_event
      (account_id, id, user_id, token_id, job_id, on_behalf_of, request_id,
       subject_type, subject_id, unit_id, project_id, action, fields_before, fields_after, reason)
    SELECT ${tx.account}::uuid, e.id, ${tx.actor.userId ?? null}::uuid, ${tx.actor.tokenId ?? null}::uuid,
           ${tx.actor.jobId ?? null}::uuid, ${tx.actor.onBehalfOf ?? null}::uuid, ${tx.actor.requestId}::text,
           e.subject_type, e.subject_id, e.unit_id, e.project_id, e.action,
           e.fields_before::jsonb, e.fields_after::jsonb, e.reason
    FROM unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.subjectType)}::text[],
                ${rows.map((row) => row.subjectId)}::text[], ${rows.map((row) => row.unitId)}::uuid[],
                ${rows.map((row) => row.projectId)}::uuid[], ${rows.map((row) => row.action)}::text[],
                ${rows.map((row) => row.before)}::text[], ${rows.map((row) => row.after)}::text[],
                ${rows.map((row) => row.reason)}::text[])
         WITH ORDINALITY AS e (id, subject_type, subject_id, unit_id, project_id, action,
                               fields_before, fields_after, reason, line)
    ORDER BY e.line`);

export const insertPersonalValues = (tx: AccountTransaction, rows: readonly PersonalValueRow[]) =>
  tx.execute(tx.sql`
    INSERT INTO platform.personal_value (account_id, id, person_id, value, salt)
    SELECT ${tx.account}::uuid, v.id, v.person_id, v.value::jsonb, decode(v.salt, 'hex')
    FROM unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.personId)}::uuid[],
                ${rows.map((row) => row.value)}::text[], ${rows.map((row) => row.salt)}::text[])
         AS v (id, person_id, value, salt)`);
