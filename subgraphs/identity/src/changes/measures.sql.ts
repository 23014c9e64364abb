/** How far the readers of all accounts are behind. Each statement reads an index of what waits. */
import type { SystemDatabase } from '@iroko/database';

export const sealBacklog = (db: SystemDatabase) =>
  db.one<{ count: number; oldestSeconds: number }>(db.sql`
    SELECT count(*) AS count,
           coalesce(extract(epoch FROM clock_timestamp() - min(e.at)), 0)::float8 AS "oldestSeconds"
    FROM platform.change_event e WHERE e.position IS NULL`);

export const deliveryBacklog = (db: SystemDatabase) =>
  db.one<{ pending: number; oldestSeconds: number; parked: number; disabled: number }>(db.sql`
    SELECT count(*) AS pending,
           coalesce(extract(epoch FROM clock_timestamp() - min(d.created_at)), 0)::float8 AS "oldestSeconds",
           (SELECT count(*) FROM identity.webhook_delivery p WHERE p.status = 'PARKED') AS parked,
           (SELECT count(*) FROM identity.webhook w WHERE w.disabled_reason IN ('GONE', 'FAILING')) AS disabled
    FROM identity.webhook_delivery d WHERE d.status = 'PENDING'`);

export const noticeBacklog = (db: SystemDatabase) =>
  db.one<{ due: number }>(db.sql`
    SELECT count(*) AS due FROM identity.notice_rule n
    WHERE n.stopped_at IS NULL AND n.next_at <= clock_timestamp()
      AND n.position < (SELECT c.position FROM platform.change_chain c WHERE c.account_id = n.account_id)`);
