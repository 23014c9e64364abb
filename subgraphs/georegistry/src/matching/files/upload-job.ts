/** The job that takes an uploaded file of links: what is right lands together, what is not comes back row by row. */
import { type Change, recordChange, recordChanges } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, newId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import type { Files } from '@iroko/files';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { writeCsv } from '@iroko/tabular';
import { z } from 'zod';
import { translatingRefusals } from '../../refusals';
import type { MatchReport, MatchRunRow } from '../match-run';
import { finishRun, runsById } from '../match-run.sql';
import { type Judgement, judgeRows, type KnownUnit, type RefusedRow } from './judge-rows';
import { PAIR_COLUMNS, type PairRow, readPairs } from './pair-file';
import { decideUploaded, insertUploaded, linksBetween, type NamedBy, unitsNamed } from './pair-units.sql';

const BATCH = 5000;

export const uploadLinks = defineJob<
  { runId: string; pair: string; by: NamedBy },
  MatchReport,
  { files: Files }
>({
  name: 'georegistry.upload-links',
  input: z.object({ runId: z.string(), pair: z.string(), by: z.enum(['ID', 'REFERENCE']) }),
  permission: 'links.match',
  oneAtATimeBy: ({ pair }) => pair,
  retries: 1,
  handler: async (job, { runId, by }, { files }) => {
    const [run] = await runsById(job.db, [runId]);
    if (!run?.fileId) throw notFound('MatchRun', runId);
    const rows = await readPairs(job.db, files, run.fileId);
    await job.progress(0, rows.length, 'rows', 'rows read');
    return translatingRefusals(() => job.complete((tx) => take(tx, job, { run, rows, by, files })));
  },
});

interface Upload {
  run: MatchRunRow;
  rows: PairRow[];
  by: NamedBy;
  files: Files;
}

async function take(
  tx: AccountTransaction,
  job: RunningJob,
  { run, rows, by, files }: Upload,
): Promise<MatchReport> {
  const [firstSourceId, secondSourceId] = [run.leftSourceId, run.rightSourceId].sort() as [string, string];
  const judged = judgeRows(rows, {
    leftSourceId: run.leftSourceId,
    rightSourceId: run.rightSourceId,
    left: await namedUnits(tx, run.leftSourceId, by, rows, 'left'),
    right: await namedUnits(tx, run.rightSourceId, by, rows, 'right'),
    present: await linksBetween(tx, firstSourceId, secondSourceId),
    mayDecide: job.viewer.permissions.has('links.review'),
    newId,
  });
  const upload = { runId: run.id, firstSourceId, secondSourceId };
  // Rejections first: they make room for what is accepted.
  const decisions = judged.decide.sort(
    (a, b) => Number(a.status === 'ACCEPTED') - Number(b.status === 'ACCEPTED'),
  );
  for (let at = 0; at < decisions.length; at += BATCH) {
    const batch = decisions.slice(at, at + BATCH);
    await decideUploaded(
      tx,
      upload,
      batch.filter(({ status }) => status !== 'ACCEPTED'),
    );
    await decideUploaded(
      tx,
      upload,
      batch.filter(({ status }) => status === 'ACCEPTED'),
    );
    await recordChanges(tx, batch.map(changeOf));
  }
  for (let at = 0; at < judged.insert.length; at += BATCH) {
    job.throwIfStopped();
    await insertUploaded(tx, upload, judged.insert.slice(at, at + BATCH));
  }
  const report = await reportOf(tx, job.db, files, rows, judged);
  await finishRun(tx, run.id, report);
  const after = {
    ...report,
    method: run.method,
    leftSourceId: run.leftSourceId,
    rightSourceId: run.rightSourceId,
  };
  await recordChange(tx, {
    subjectType: 'MatchRun',
    subjectId: run.id,
    action: 'FINISH',
    before: null,
    after,
  });
  return report;
}

const changeOf = ({ id, status, before, reason }: Judgement['decide'][number]): Change => ({
  subjectType: 'Link',
  subjectId: id,
  action: 'REVIEW',
  before: { status: before },
  after: { status },
  reason,
});

async function reportOf(
  tx: AccountTransaction,
  db: AccountDatabase,
  files: Files,
  rows: readonly PairRow[],
  judged: Judgement,
): Promise<MatchReport> {
  const count = (status: string) =>
    [...judged.insert, ...judged.decide].filter((link) => link.status === status).length;
  return {
    leftUnits: rows.length,
    rightUnits: 0,
    comparedPairs: rows.length,
    accepted: count('ACCEPTED'),
    proposed: count('PROPOSED'),
    belowReview: 0,
    decidedBefore: judged.same,
    withdrawn: 0,
    refused: judged.refused.length,
    outcomesFileId: await keepRefused(tx, db, files, judged.refused),
  };
}

/** Throws nothing for a text that names no unit: its row says so. */
export async function namedUnits(
  db: AccountDatabase,
  source: string,
  by: NamedBy,
  rows: readonly PairRow[],
  side: 'left' | 'right',
): Promise<Map<string, KnownUnit>> {
  const texts = [...new Set(rows.map((row) => row[side]))];
  const units = new Map<string, KnownUnit>();
  for (let at = 0; at < texts.length; at += BATCH) {
    const found = await unitsNamed(db, source, by, texts.slice(at, at + BATCH));
    for (const { text, id, dataSourceId } of found) units.set(text, { id, dataSourceId });
  }
  return units;
}

async function keepRefused(
  tx: AccountTransaction,
  db: AccountDatabase,
  files: Files,
  refused: readonly RefusedRow[],
): Promise<string | null> {
  if (refused.length === 0) return null;
  async function* cells(): AsyncGenerator<string[][]> {
    yield refused.map(({ row, code, message }) => [
      String(row.line),
      code,
      message,
      ...PAIR_COLUMNS.map((name) => row[name]),
    ]);
  }
  const csv = writeCsv(['row', 'code', 'message', ...PAIR_COLUMNS], cells());
  const file = await files.store(db, csv, { name: 'links not taken.csv', contentType: 'text/csv' });
  await files.keep(tx, file.id);
  return file.id;
}
