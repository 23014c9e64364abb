/** A statement over a million rows does not look up when its job is cancelled; this stops it. */
import type { AccountTransaction } from '@iroko/database';
import type { RunningJob } from '@iroko/jobs';
import { backendOf, cancelBackend } from './cancel-statement.sql';

/** Until the answer is called, an abort of the job cancels whatever the transaction is executing. */
export async function cancelOnAbort(tx: AccountTransaction, job: RunningJob): Promise<() => void> {
  const { pid } = await backendOf(tx);
  const cancel = () => {
    cancelBackend(job.db, pid).catch((error: unknown) => job.logger.warn({ err: error }, 'could not cancel'));
  };
  job.signal.addEventListener('abort', cancel, { once: true });
  return () => job.signal.removeEventListener('abort', cancel);
}
