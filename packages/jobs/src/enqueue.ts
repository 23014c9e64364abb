/**
 * Asking for a job: its row is written in the transaction that asks for it, so there is a job exactly when that
 * transaction commits. The relay carries it to the queue afterwards.
 */
import { type AccountTransaction, newId } from '@iroko/database';
import { conflict } from '@iroko/errors';
import type { AskedJob } from './asked-of-others';
import { DEFAULT_RETRIES } from './definition';
import { insertJob, jobByIdempotencyKey } from './enqueue.sql';

/** Wakes the relays; without it they look by themselves. */
export const QUEUED_CHANNEL = 'job_queued';

export interface EnqueueOptions {
  /** Asking twice with one key (and the same input) gives the same job. Per account and job name; 1 to 200 characters. */
  idempotencyKey?: string;
  /** Why, in the words of the person who asked. */
  reason?: string;
}

/** Returns the job's id. Throws CONFLICT when the idempotency key was used with another input. */
export async function enqueue<Input>(
  tx: AccountTransaction,
  definition: AskedJob<Input>,
  input: Input,
  options: EnqueueOptions = {},
): Promise<string> {
  const parsed = definition.input.parse(input);
  const row = {
    id: newId(),
    name: definition.name,
    input: JSON.stringify(parsed),
    idempotencyKey: options.idempotencyKey ?? null,
    oneAtATimeKey: definition.oneAtATimeBy ? `${definition.name} ${definition.oneAtATimeBy(parsed)}` : null,
    reason: options.reason ?? null,
    maxAttempts: 1 + (definition.retries ?? DEFAULT_RETRIES),
  };
  if ((await insertJob(tx, row)) === 0) return earlierJob(tx, row.name, row.input, row.idempotencyKey ?? '');
  await tx.notify(QUEUED_CHANNEL, '');
  return row.id;
}

async function earlierJob(tx: AccountTransaction, name: string, input: string, key: string): Promise<string> {
  const earlier = await jobByIdempotencyKey(tx, name, key, input);
  if (!earlier.sameInput) {
    throw conflict(
      `The idempotency key ${JSON.stringify(key)} was used for a job with another input. Use a new key for new work.`,
      { jobId: earlier.id },
    );
  }
  return earlier.id;
}
