/** A file of pairs of units, as a notebook writes it: CSV or XLSX with the columns `left` and `right`, and perhaps more. */
import type { AccountDatabase } from '@iroko/database';
import { badInput, limitExceeded } from '@iroko/errors';
import type { Files } from '@iroko/files';
import { openTable } from '../../imports/tables/input-file';

export const PAIR_COLUMNS = ['left', 'right', 'score', 'status', 'reason'] as const;
type PairColumn = (typeof PAIR_COLUMNS)[number];

/** Rows are kept in memory while they are judged: 16 bytes to a few hundred each. */
const ROWS_MAX = 1_000_000;

export interface PairRow extends Record<PairColumn, string> {
  /** The row of the file, the header being 1. */
  line: number;
}

/** Throws NOT_FOUND for the file, BAD_USER_INPUT for one that is no such table. */
export async function readPairs(db: AccountDatabase, files: Files, fileId: string): Promise<PairRow[]> {
  const file = await files.find(db, fileId);
  const table = await openTable(db, files, file, {});
  try {
    const headings = table.columns.map((heading) => heading.trim().toLowerCase());
    const at = Object.fromEntries(PAIR_COLUMNS.map((name) => [name, headings.indexOf(name)]));
    for (const name of ['left', 'right']) {
      if (at[name] === -1) {
        throw badInput(
          `The file ${JSON.stringify(file.name)} has no column ${name}; it has ${table.columns.join(', ')}. Name the columns left and right, perhaps score, status and reason.`,
          { column: name },
        );
      }
    }
    const rows: PairRow[] = [];
    for await (const batch of table.rows()) {
      for (const { line, cells } of batch) {
        if (cells.every((cell) => cell.trim() === '')) continue;
        const cell = (name: PairColumn) => cells[at[name] as number]?.trim() ?? '';
        rows.push({
          line,
          left: cell('left'),
          right: cell('right'),
          score: cell('score'),
          status: cell('status'),
          reason: cell('reason'),
        });
      }
      if (rows.length > ROWS_MAX) {
        throw limitExceeded(`A file has at most ${ROWS_MAX} pairs. Send it in parts.`, 'rows', ROWS_MAX);
      }
    }
    return rows;
  } finally {
    await table.dispose();
  }
}
