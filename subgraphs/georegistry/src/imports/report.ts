/** What an import says of itself when it is done: the result of its job, and the answer of a dry run. */
import type { Pass } from './matching/match-units';
import type { QuarantinedRow } from './quarantine/quarantine.sql';
import type { FlaggedRows } from './rules/apply-rules';

export interface ImportReport {
  dryRun: boolean;
  dataSourceId: string;
  /** The draft; null for a dry run of a source that has none open. */
  version: { id: string; number: number } | null;
  /** How the file was read, found in it or named by the mapping; null for a file that says it itself. */
  readAs: { encoding: string; separator: string; decimalSign: string; dateOrder: string } | null;
  /** Rows of the file, header and blank rows left out. */
  rows: number;
  /** Ancestors that the rows name. */
  ancestors: number;
  units: {
    added: number;
    changed: number;
    /** Among the changed: those with another parent. */
    moved: number;
    removed: number;
    same: number;
    /** Not in the file and left as they are. */
    kept: number;
  };
  /** How many units were known again, by which pass. */
  matched: Record<Pass, number>;
  types: { added: number };
  groups: { added: number };
  /** Rows whose cells equal an earlier row's; `lines` has the first 1,000. */
  duplicates: { count: number; lines: { line: number; firstLine: number }[] };
  quarantine: {
    count: number;
    reasons: Record<string, number>;
    /** The first 100. */
    rows: QuarantinedRow[];
    /** The rows as CSV, to be corrected and sent again; null when there are none. */
    fileId: string | null;
  };
  /** Rows that landed although their type may not stand there, where the account flags such rows. */
  violations: FlaggedRows;
  /** Whole milliseconds per step. */
  milliseconds: Record<string, number>;
}
