/** Who still has to read the log. */
import type { AccountDatabase } from '@iroko/database';

/** The place of the webhook or notice rule that is furthest behind; null when none reads. */
export const slowestReader = (db: AccountDatabase) =>
  db.one<{ position: number | null }>(db.sql`
    SELECT min(r.position) AS position
    FROM (
      SELECT least(w.position, w.replay_after) AS position FROM identity.webhook w
      WHERE w.account_id = ${db.account} AND w.disabled_reason IS NULL
      UNION ALL
      SELECT d.position FROM identity.webhook_delivery d
      WHERE d.account_id = ${db.account} AND d.status = 'PENDING' AND d.position IS NOT NULL
      UNION ALL
      SELECT n.position FROM identity.notice_rule n WHERE n.account_id = ${db.account} AND n.stopped_at IS NULL
    ) r`);
