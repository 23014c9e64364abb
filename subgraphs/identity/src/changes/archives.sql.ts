/** Who still has to read the log. */
import type { AccountDatabase } from '@iroko/database';

/**
 * The position up to which nobody needs the log any more; null when nobody reads it. Webhooks need what comes behind
 * their place, disabled ones too, since they go on from where they stopped; kept deliveries need the event that they
 * show and can replay.
 */
export const slowestReader = (db: AccountDatabase) =>
  db.one<{ position: number | null }>(db.sql`
    SELECT min(r.position) AS position
    FROM (
      SELECT least(w.position, w.replay_after) AS position FROM identity.webhook w
      WHERE w.account_id = ${db.account}
      UNION ALL
      SELECT d.position - 1 FROM identity.webhook_delivery d
      WHERE d.account_id = ${db.account} AND d.position IS NOT NULL
      UNION ALL
      SELECT n.position FROM identity.notice_rule n WHERE n.account_id = ${db.account} AND n.stopped_at IS NULL
    ) r`);
