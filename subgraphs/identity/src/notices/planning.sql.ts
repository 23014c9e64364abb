/** The statements that find whom to tell, and note that they were told. */
import type { ChangeFilter } from '@iroko/changes';
import type { AccountDatabase, AccountTransaction, SystemDatabase } from '@iroko/database';
import type { RuleContent } from './notice-rules.sql';

/** What of the log a rule is about; who made the rule is no part of it. */
export const filterOf = ({ subjectType, actions, subtree, projectId }: RuleContent): ChangeFilter => ({
  subjectType,
  actions,
  subtree,
  projectId,
});

/** Rules of any account that are due and behind their log. */
export const dueRules = (db: SystemDatabase, limit: number) =>
  db.rows<{ accountId: string; id: string }>(db.sql`
    SELECT n.account_id AS "accountId", n.id
    FROM identity.notice_rule n
    WHERE n.stopped_at IS NULL AND n.next_at <= clock_timestamp()
      AND n.position < (SELECT c.position FROM platform.change_chain c WHERE c.account_id = n.account_id)
    ORDER BY n.next_at
    LIMIT ${limit}`);

export interface PlannedRule extends RuleContent {
  id: string;
  userId: string;
  position: number;
  /** The end of the log. */
  end: number;
  timeZone: string;
}

/** Undefined when it is no longer due, or somebody else looks at it now. */
export const lockDueRule = (tx: AccountTransaction, id: string) =>
  tx.maybe<PlannedRule>(tx.sql`
    SELECT n.id, n.user_id AS "userId", n.name, n.frequency, n.hour, n.subject_type AS "subjectType", n.actions,
           n.subtree, n.project_id AS "projectId", n.position, c.position AS "end", a.time_zone AS "timeZone"
    FROM identity.notice_rule n
    JOIN platform.change_chain c ON c.account_id = ${tx.account} AND c.position > n.position
    JOIN identity.account a ON a.id = ${tx.account}
    WHERE n.account_id = ${tx.account} AND n.id = ${id} AND n.stopped_at IS NULL
      AND n.next_at <= clock_timestamp()
    FOR UPDATE OF n SKIP LOCKED`);

/** Without `nextAt` the rule stays due: the next change is told at once. */
export const moveRule = (tx: AccountTransaction, id: string, position: number, nextAt: Date | null) =>
  tx.execute(tx.sql`
    UPDATE identity.notice_rule n SET position = ${position}, next_at = coalesce(${nextAt}, n.next_at)
    WHERE n.account_id = ${tx.account} AND n.id = ${id}`);

/** The rule of a notice that is about to be sent; undefined when it is gone or stopped. */
export const activeRule = (db: AccountDatabase, id: string) =>
  db.maybe<RuleContent & { userId: string; accountName: string; timeZone: string }>(db.sql`
    SELECT n.user_id AS "userId", n.name, n.frequency, n.hour, n.subject_type AS "subjectType", n.actions, n.subtree,
           n.project_id AS "projectId", a.name AS "accountName", a.time_zone AS "timeZone"
    FROM identity.notice_rule n
    JOIN identity.account a ON a.id = ${db.account}
    WHERE n.account_id = ${db.account} AND n.id = ${id} AND n.stopped_at IS NULL`);

export const noteSent = (db: AccountDatabase, id: string) =>
  db.execute(db.sql`
    UPDATE identity.notice_rule n SET last_sent_at = now()
    WHERE n.account_id = ${db.account} AND n.id = ${id}`);

export const userNames = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string; name: string }>(db.sql`
    SELECT u.id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) AS name FROM identity.membership m JOIN identity."user" u ON u.id = m.user_id
    WHERE m.account_id = ${db.account} AND m.user_id = ANY (${ids}::uuid[])`);

export const unitNames = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<{ id: string; name: string }>(db.sql`
    SELECT c.unit_id AS id, c.name FROM georegistry.current_org_unit c
    WHERE c.account_id = ${db.account} AND c.unit_id = ANY (${ids}::uuid[])`);
