/** How a job ended, read where it stands. */
import type { AccountDatabase } from '@iroko/database';

export interface JobOutcome {
  status: string;
  result: { datasetId: string; version: number; changed: boolean; rows: number; quarantined: number };
  error: { code: string; message: string } | null;
}

export const jobOutcome = (db: AccountDatabase, id: string) =>
  db.one<JobOutcome>(db.sql`
    SELECT j.status, j.result, j.error FROM platform.job j WHERE j.account_id = ${db.account} AND j.id = ${id}`);
