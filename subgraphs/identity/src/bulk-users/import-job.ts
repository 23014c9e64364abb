/**
 * The job that takes a file of users. Who is no member yet is invited by mail: a person has one password for all
 * accounts, so only they choose it. Who is a member is changed to what the file says.
 */
import { Readable } from 'node:stream';
import type { AccountTransaction } from '@iroko/database';
import type { Files } from '@iroko/files';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { csvLine } from '@iroko/tabular';
import { z } from 'zod';
import { granterOf } from '../roles/granter';
import { USER_COLUMNS, type UserColumn } from './columns';
import { isProblem, parseUserRow, type RowProblem, type UserRow } from './parse-row';
import { type Planning, planRows, type RowPlan } from './plan';
import { vocabulary } from './resolve';
import { readUsersFile, type UsersFile } from './users-file';
import { writePlans } from './write-plans';

const PROBLEMS_SHOWN = 100;
/** It has addresses in it. */
const REPORT_HOURS = 7 * 24;

export const importUsersInput = z.object({
  fileId: z.uuid(),
  dryRun: z.boolean(),
  allOrNothing: z.boolean(),
  defaults: z.partialRecord(z.enum(USER_COLUMNS), z.string().max(10_000)),
});
export type ImportUsersJobInput = z.infer<typeof importUsersInput>;

export interface ImportUsersResult {
  rows: number;
  invited: number;
  updated: number;
  unchanged: number;
  refused: number;
  /** Whether anything was written: not on trial, and not when one wrong row refuses them all. */
  written: boolean;
  /** The first hundred; all of them stand in the report. */
  problems: RowProblem[];
  /** A CSV with the outcome of every row. */
  reportFileId: string;
}

export const importUsers = defineJob<ImportUsersJobInput, ImportUsersResult, { files: Files }>({
  name: 'identity.importUsers',
  input: importUsersInput,
  permission: 'users.manage',
  oneAtATimeBy: () => 'users',
  handler: (job, input, { files }) => takeFile(job, input, files),
});

async function takeFile(
  job: RunningJob,
  input: ImportUsersJobInput,
  files: Files,
): Promise<ImportUsersResult> {
  const { outcomes, written } = await outcomesOf(job, input, files);
  outcomes.sort((a, b) => a.line - b.line);
  const problems = outcomes.filter((row): row is RowProblem => 'message' in row);
  const report = await files.store(job.db, Readable.from(reportLines(outcomes, written)), {
    name: 'users report.csv',
    contentType: 'text/csv',
    expiresInHours: REPORT_HOURS,
  });
  const count = (kind: RowPlan['kind']) =>
    outcomes.filter((row) => 'kind' in row && row.kind === kind).length;
  return {
    rows: outcomes.length,
    invited: count('INVITE'),
    updated: count('UPDATE'),
    unchanged: count('UNCHANGED'),
    refused: problems.length,
    written,
    problems: problems.slice(0, PROBLEMS_SHOWN),
    reportFileId: report.id,
  };
}

/** Carries the outcomes out of a transaction that is rolled back. */
class NothingTaken extends Error {
  constructor(readonly outcomes: Outcome[]) {
    super('A row was refused, so none is taken.');
  }
}

/**
 * Rows are looked at and written in one transaction, that of their batch or of the whole file: nobody who grants
 * changes anything between the look and the write. What was written is not kept: memory does not grow with what cells
 * say.
 */
async function outcomesOf(
  job: RunningJob,
  input: ImportUsersJobInput,
  files: Files,
): Promise<{ outcomes: Outcome[]; written: boolean }> {
  const seen: Planning['seen'] = new Map();
  const outcomes: Outcome[] = [];
  const taking = async (tx: AccountTransaction, batch: UsersFile, writes: boolean) => {
    const plans = await planBatch(tx, job, batch, input, seen);
    if (writes) await writePlans(tx, job, plans);
    outcomes.push(...plans.map(outline));
  };
  const eachBatch = async (take: (batch: UsersFile) => Promise<void>) => {
    for await (const batch of readUsersFile(files, job.db, input.fileId)) {
      job.throwIfStopped();
      await take(batch);
      await job.progress(outcomes.length, null, 'rows');
    }
  };
  if (input.dryRun) {
    await eachBatch((batch) => job.db.transaction((tx) => taking(tx, batch, false)));
    return { outcomes, written: false };
  }
  if (!input.allOrNothing) {
    await eachBatch((batch) => job.commit((tx) => taking(tx, batch, true)));
    return { outcomes, written: true };
  }
  try {
    await job.commit(async (tx) => {
      await eachBatch((batch) => taking(tx, batch, true));
      if (outcomes.some((row) => 'message' in row)) throw new NothingTaken(outcomes);
    });
    return { outcomes, written: true };
  } catch (error) {
    if (!(error instanceof NothingTaken)) throw error;
    return { outcomes, written: false };
  }
}

/** With the rights of this moment. Throws FORBIDDEN without users.manage. */
async function planBatch(
  tx: AccountTransaction,
  job: RunningJob,
  { places, rows }: UsersFile,
  { defaults }: ImportUsersJobInput,
  seen: Planning['seen'],
): Promise<(RowPlan | RowProblem)[]> {
  const held = await granterOf(tx, job.viewer, 'users.manage');
  const words = await vocabulary(tx, held.scope);
  const parsed = rows.map(({ line, cells }) => parseUserRow(line, cells, places, defaults));
  const good = parsed.filter((row): row is UserRow => !isProblem(row));
  const planning = { words, held, userId: job.viewer.userId, seen };
  return [...parsed.filter(isProblem), ...(await planRows(tx, good, planning))];
}

type Outline = Pick<RowPlan, 'line' | 'email' | 'passwordGiven' | 'kind'>;
type Outcome = Outline | RowProblem;

/** A row that is done: enough for the report. */
function outline(row: RowPlan | RowProblem): Outcome {
  if ('message' in row) return row;
  const { line, email, passwordGiven, kind } = row;
  return { line, email, passwordGiven, kind };
}

const WORDS: Record<RowPlan['kind'], string> = {
  INVITE: 'INVITED',
  UPDATE: 'UPDATED',
  UNCHANGED: 'UNCHANGED',
};

function* reportLines(outcomes: readonly Outcome[], written: boolean): Generator<string> {
  yield csvLine(['line', 'email', 'outcome', 'column', 'message']);
  for (const row of outcomes) {
    if ('message' in row) yield csvLine([String(row.line), '', 'REFUSED', row.column ?? '', row.message]);
    else {
      const outcome = written || row.kind === 'UNCHANGED' ? WORDS[row.kind] : `WOULD BE ${WORDS[row.kind]}`;
      const note = row.passwordGiven ? 'The password was not used: people choose theirs.' : '';
      yield csvLine([String(row.line), row.email, outcome, '', note]);
    }
  }
}

/** Cells for the file, from what the API takes. */
export function defaultCells(given: Partial<Record<UserColumn, readonly string[] | string | null>>) {
  const cells: Partial<Record<UserColumn, string>> = {};
  for (const [column, value] of Object.entries(given) as [UserColumn, readonly string[] | string | null][]) {
    if (value === null || value === undefined || value.length === 0) continue;
    cells[column] = typeof value === 'string' ? value : value.map(quoted).join(',');
  }
  return cells;
}

/** An entry of a cell with several: in quotes when it has a comma or a quote itself. */
export const quoted = (entry: string): string =>
  /[",]/.test(entry) ? `"${entry.replaceAll('"', '""')}"` : entry;
