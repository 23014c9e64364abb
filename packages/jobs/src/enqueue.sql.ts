/**
 * The statements that write a new job.
 */
import type { AccountTransaction } from '@iroko/database';

export interface NewJobRow {
  id: string;
  name: string;
  /** JSON text. */
  input: string;
  idempotencyKey: string | null;
  oneAtATimeKey: string | null;
  reason: string | null;
  maxAttempts: number;
}

/** Writes nothing when the idempotency key is taken; waits for a transaction that is about to take it. */
export const insertJob = (tx: AccountTransaction, row: NewJobRow) =>
  tx.execute(tx.sql`
    INSERT INTO platform.job (account_id, id, name, input, idempotency_key, one_at_a_time_key, reason,
                              user_id, token_id, parent_job_id, on_behalf_of, request_id, max_attempts)
    VALUES (${tx.account}, ${row.id}, ${row.name}, ${row.input}, ${row.idempotencyKey}, ${row.oneAtATimeKey},
            ${row.reason}, ${tx.actor.userId ?? null}, ${tx.actor.tokenId ?? null}, ${tx.actor.jobId ?? null},
            ${tx.actor.onBehalfOf ?? null}, ${tx.actor.requestId}, ${row.maxAttempts})
    ON CONFLICT (account_id, name, idempotency_key) DO NOTHING`);

export const jobByIdempotencyKey = (tx: AccountTransaction, name: string, key: string, input: string) =>
  tx.one<{ id: string; sameInput: boolean }>(tx.sql`
    SELECT j.id, j.input = ${input}::jsonb AS "sameInput"
    FROM platform.job j
    WHERE j.account_id = ${tx.account} AND j.name = ${name} AND j.idempotency_key = ${key}`);
