/** What is known of the rows in quarantine. */
import type { AccountTransaction } from '@iroko/database';

export interface QuarantinedRow {
  /** The line of a CSV file, the row of a spreadsheet or layer. */
  line: number;
  layer: string | null;
  column: string | null;
  value: string | null;
  reason: string;
  message: string;
}

export const countDefects = (tx: AccountTransaction) =>
  tx.rows<{ reason: string; count: number }>(tx.sql`
    SELECT d.reason, count(*) AS count FROM import_defect d GROUP BY d.reason ORDER BY count(*) DESC, d.reason`);

export const firstDefects = (tx: AccountTransaction, limit: number) =>
  tx.rows<QuarantinedRow>(tx.sql`
    SELECT d.line, d.layer, d."column", d.value, d.reason, d.message FROM import_defect d
    ORDER BY d.layer COLLATE "C" NULLS FIRST, d.line LIMIT ${limit}`);

export const allDefects = (tx: AccountTransaction) =>
  tx.stream<QuarantinedRow>(
    tx.sql`
      SELECT d.line, d.layer, d."column", d.value, d.reason, d.message FROM import_defect d
      ORDER BY d.layer COLLATE "C" NULLS FIRST, d.line`,
    5000,
  );
