/**
 * The job that takes a file of users. Who is no member yet is invited by mail: a person has one password for all
 * accounts, so only they choose it. Who is a member is changed to what the file says.
 */
import { Readable } from 'node:stream';
import { personal, recordChanges } from '@iroko/changes';
import type { AccountTransaction } from '@iroko/database';
import { ApiError } from '@iroko/errors';
import type { Files } from '@iroko/files';
import { defineJob, enqueue, type RunningJob } from '@iroko/jobs';
import { csvLine } from '@iroko/tabular';
import { z } from 'zod';
import { type Granter, granterOf } from '../roles/granter';
import { requireWholeAccount } from '../scope/member-scope';
import { insertInvitations, updateMemberships } from './bulk-users.sql';
import { USER_COLUMNS, type UserColumn } from './columns';
import { mailInvitations } from './mail-job';
import { isProblem, parseUserRow, type RowProblem, type UserRow } from './parse-row';
import { differences, planRows, type RowPlan } from './plan';
import { vocabulary } from './resolve';
import { BATCH_ROWS, readUsersFile } from './users-file';

const PROBLEMS_SHOWN = 100;

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
  const held = await job.db.transaction((tx) => manager(tx, job));
  const planning = { words: await vocabulary(job.db), held, userId: job.viewer.userId, seen: new Map() };
  const outcomes: Outcome[] = [];
  const writesAtOnce = !input.dryRun && !input.allOrNothing;
  for await (const { places, rows } of readUsersFile(files, job.db, input.fileId)) {
    job.throwIfStopped();
    const parsed = rows.map(({ line, cells }) => parseUserRow(line, cells, places, input.defaults));
    const good = parsed.filter((row): row is UserRow => !isProblem(row));
    const plans = [...parsed.filter(isProblem), ...(await planRows(job.db, good, planning))];
    if (writesAtOnce) await job.commit((tx) => write(tx, job, plans));
    // What was written is not kept: memory does not grow with what cells say.
    outcomes.push(...(writesAtOnce ? plans.map(outline) : plans));
    await job.progress(outcomes.length, null, 'rows');
  }
  outcomes.sort((a, b) => a.line - b.line);
  const problems = outcomes.filter((row): row is RowProblem => 'message' in row);
  const written = !input.dryRun && !(input.allOrNothing && problems.length > 0);
  if (written && !writesAtOnce) {
    await job.commit(async (tx) => {
      for (let at = 0; at < outcomes.length; at += BATCH_ROWS) {
        await write(tx, job, outcomes.slice(at, at + BATCH_ROWS));
      }
    });
  }
  const report = await files.store(job.db, Readable.from(reportLines(outcomes, written)), {
    name: 'users report.csv',
    contentType: 'text/csv',
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

type Outline = Pick<RowPlan, 'line' | 'email' | 'passwordGiven' | 'kind'>;
type Outcome = RowPlan | Outline | RowProblem;

/** With the rights of this moment. Throws FORBIDDEN. */
async function manager(tx: AccountTransaction, { viewer }: RunningJob): Promise<Granter> {
  const held = await granterOf(tx, viewer, 'users.manage');
  requireWholeAccount(held.scope, 'A file of users');
  return held;
}

async function write(tx: AccountTransaction, job: RunningJob, outcomes: readonly Outcome[]): Promise<void> {
  const held = await manager(tx, job);
  const invitations = outcomes.flatMap((row) => ('invitation' in row ? [row.invitation] : []));
  const updates = outcomes.flatMap((row) => ('after' in row ? [row] : []));
  // A right that was taken away since the rows were looked at ends the job here, before anything is given.
  const given = [...invitations, ...updates.map(({ after }) => after)].flatMap(
    ({ permissions }) => permissions,
  );
  const lost = given.find((permission) => !held.permissions.has(permission));
  if (lost !== undefined)
    throw new ApiError('FORBIDDEN', `You no longer hold ${lost}.`, { permission: lost });
  if (invitations.length > 0) {
    const added = new Set((await insertInvitations(tx, invitations, job.viewer.userId)).map(({ id }) => id));
    const there = invitations.filter(({ id }) => added.has(id));
    await recordChanges(
      tx,
      there.map(({ id, email, emailKey: _, firstName, lastName, phone, ...preset }) => ({
        subjectType: 'Invitation',
        subjectId: id,
        action: 'CREATE',
        before: null,
        after: {
          ...preset,
          email: personal(email),
          firstName: personal(firstName),
          lastName: personal(lastName),
          phone: personal(phone),
        },
      })),
    );
    if (there.length > 0) await enqueue(tx, mailInvitations, { invitationIds: there.map(({ id }) => id) });
  }
  if (updates.length > 0) {
    await updateMemberships(
      tx,
      updates.map(({ after }) => after),
    );
    await recordChanges(
      tx,
      updates.map(({ before, after }) => {
        const changed = differences(before, after);
        return {
          subjectType: 'Membership',
          subjectId: after.userId,
          action: 'UPDATE',
          before: changed.before,
          after: changed.after,
        };
      }),
    );
  }
}

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
