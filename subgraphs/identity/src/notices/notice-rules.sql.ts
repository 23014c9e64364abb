/** The statements by which a person's notice rules are kept. */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import type { Frequency } from './next-notice';
import type { NoticeRuleType } from './notice-rule-type';

const columns = (db: AccountDatabase) => db.sql`
  n.id, n.name, n.frequency, n.hour, n.subject_type AS "subjectType", n.actions, n.subtree,
  n.project_id AS "projectId", n.last_sent_at AS "lastSentAt", n.stopped_at AS "stoppedAt", n.revision,
  n.created_at AS "createdAt"`;

export const rulesOf = (db: AccountDatabase, userId: string) =>
  db.rows<NoticeRuleType>(db.sql`
    SELECT ${columns(db)} FROM identity.notice_rule n
    WHERE n.account_id = ${db.account} AND n.user_id = ${userId} ORDER BY n.id`);

/** Nobody reaches the rule of somebody else. */
export const ruleOf = (tx: AccountTransaction, userId: string, id: string) =>
  tx.maybe<NoticeRuleType>(tx.sql`
    SELECT ${columns(tx)} FROM identity.notice_rule n
    WHERE n.account_id = ${tx.account} AND n.user_id = ${userId} AND n.id = ${id} FOR UPDATE`);

export interface RuleContent {
  name: string;
  frequency: Frequency;
  hour: number | null;
  subjectType: string | null;
  actions: string[] | null;
  subtree: string | null;
  projectId: string | null;
}

export const insertRule = (
  tx: AccountTransaction,
  {
    id,
    userId,
    position,
    nextAt,
    ...rule
  }: RuleContent & { id: string; userId: string; position: number; nextAt: Date },
) =>
  tx.one<NoticeRuleType>(tx.sql`
    INSERT INTO identity.notice_rule AS n
      (account_id, id, user_id, name, frequency, hour, subject_type, actions, subtree, project_id, position, next_at)
    VALUES (${tx.account}, ${id}, ${userId}, ${rule.name}, ${rule.frequency}, ${rule.hour}, ${rule.subjectType},
            ${rule.actions}::text[], ${rule.subtree}, ${rule.projectId}, ${position}, ${nextAt})
    RETURNING ${columns(tx)}`);

export const updateRule = (tx: AccountTransaction, id: string, rule: RuleContent, nextAt: Date) =>
  tx.one<NoticeRuleType>(tx.sql`
    UPDATE identity.notice_rule n
    SET name = ${rule.name}, frequency = ${rule.frequency}, hour = ${rule.hour}, subject_type = ${rule.subjectType},
        actions = ${rule.actions}::text[], subtree = ${rule.subtree}, project_id = ${rule.projectId},
        next_at = ${nextAt}, revision = n.revision + 1
    WHERE n.account_id = ${tx.account} AND n.id = ${id}
    RETURNING ${columns(tx)}`);

/** Begun anew, it goes on from the end of the log: nobody wants the mails of a holiday. */
export const stopRule = (tx: AccountTransaction, id: string, stopped: boolean) =>
  tx.one<NoticeRuleType>(tx.sql`
    UPDATE identity.notice_rule n
    SET stopped_at = CASE WHEN ${stopped}::boolean THEN now() END, revision = n.revision + 1,
        position = CASE WHEN ${stopped}::boolean THEN n.position ELSE coalesce((
          SELECT c.position FROM platform.change_chain c WHERE c.account_id = ${tx.account}), 0) END
    WHERE n.account_id = ${tx.account} AND n.id = ${id}
    RETURNING ${columns(tx)}`);

export const deleteRule = (tx: AccountTransaction, id: string) =>
  tx.execute(tx.sql`DELETE FROM identity.notice_rule n WHERE n.account_id = ${tx.account} AND n.id = ${id}`);

export const accountTimeZone = (db: AccountDatabase) =>
  db.one<{ timeZone: string; name: string }>(db.sql`
    SELECT a.time_zone AS "timeZone", a.name FROM identity.account a WHERE a.id = ${db.account}`);
