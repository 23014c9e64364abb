/** Tries all waiting rows of a dataset again, a thousand at a time; each batch lands by itself. */
import { recordChange } from '@iroko/changes';
import { notFound } from '@iroko/errors';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { z } from 'zod';
import { lockDataset } from '../datasets/dataset.sql';
import { waitingRows } from '../loads/load-rows.sql';
import type { DatasetServices } from '../services';
import { currentVersion, tryRows } from './replay-rows';

export interface ReplayResult {
  landed: number;
  waiting: number;
}

interface Batch extends ReplayResult {
  /** The last row that was tried; null when there was none. */
  last: number | null;
}

const BATCH = 1000;

export const replayJob = defineJob<{ datasetId: string }, ReplayResult, DatasetServices>({
  name: 'datasets.replay',
  input: z.object({ datasetId: z.string() }),
  permission: 'datasets.edit',
  oneAtATimeBy: ({ datasetId }) => datasetId,
  async handler(job, { datasetId }) {
    const total: ReplayResult = { landed: 0, waiting: 0 };
    for (let after = 0; ; ) {
      const batch = await tryBatch(job, datasetId, after);
      if (batch.last === null) break;
      after = batch.last;
      total.landed += batch.landed;
      total.waiting += batch.waiting;
      await job.progress(total.landed + total.waiting, null, 'rows');
    }
    return total;
  },
});

function tryBatch(job: RunningJob, datasetId: string, after: number): Promise<Batch> {
  return job.commit(async (tx) => {
    const dataset = await lockDataset(tx, datasetId);
    const version = dataset && (await currentVersion(tx, dataset));
    if (!dataset || !version) throw notFound('Dataset', datasetId);
    const rows = await waitingRows(tx, datasetId, version.number, after, BATCH);
    if (rows.length === 0) return { landed: 0, waiting: 0, last: null };
    const { landed, waiting } = await tryRows(tx, dataset, version, rows);
    if (landed.length > 0) {
      await recordChange(tx, {
        subjectType: 'Dataset',
        subjectId: datasetId,
        action: 'REPLAY',
        before: null,
        after: { version: version.number, landed: landed.length },
      });
    }
    return { landed: landed.length, waiting: waiting.length, last: rows.at(-1)?.number ?? null };
  });
}
