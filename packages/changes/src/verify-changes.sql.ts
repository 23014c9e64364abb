/**
 * The statements that read the chain.
 */
import type { AccountDatabase, SystemDatabase } from '@iroko/database';
import type { ChainEnd, SealedLink } from './chain';

export const sealedLinks = (db: AccountDatabase) =>
  db.stream<SealedLink>(db.sql`
    SELECT e.id, e.position, e.previous_hash AS "previousHash", e.hash, platform.change_digest(e) AS digest
    FROM platform.change_event e
    WHERE e.account_id = ${db.account} AND e.position > 0
    ORDER BY e.position`);

export const recordedEnd = (db: AccountDatabase) =>
  db.maybe<ChainEnd>(db.sql`
    SELECT c.position, c.hash FROM platform.change_chain c WHERE c.account_id = ${db.account}`);

/** Every account that has a log, also one whose recorded end was taken away. */
export const accountsWithLog = (db: SystemDatabase) =>
  db.rows<{ accountId: string }>(db.sql`
    SELECT c.account_id AS "accountId" FROM platform.change_chain c
    UNION
    SELECT e.account_id FROM platform.change_event e WHERE e.position > 0
    ORDER BY 1`);
