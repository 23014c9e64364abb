import { newId } from '@iroko/database';
import type { RunningJob } from '@iroko/jobs';
import { openStage, type Stage } from '../testing/stage';
import { loadFile } from './load-file';

describe('a load that is stopped', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it('leaves nothing behind, also when most rows were written', async () => {
    const { db } = stage.account;
    const csv = `N\n${Array.from({ length: 5000 }, (_, index) => index).join('\n')}\n`;
    let written = 0;
    const job = {
      db,
      throwIfStopped: () => {
        if (written > 3000) throw new Error('The job was cancelled.');
      },
      progress: async (done: number, total: number | null) => {
        if (total !== null) written = done;
      },
      complete: db.transaction.bind(db),
    } as unknown as RunningJob;
    const input = {
      datasetId: newId(),
      create: { name: 'Stopped', description: null },
      fileId: await stage.account.upload(csv),
      reading: {},
      fields: [],
      unit: null,
    };
    await expect(loadFile(job, input, stage.files)).rejects.toThrow('cancelled');
    expect(written).toBeGreaterThan(3000);
    const { datasets } = await stage.account.run('{ datasets { totalCount } }');
    expect(datasets.totalCount).toBe(0);
    written = 0;
    const again = { ...job, throwIfStopped: () => undefined } as RunningJob;
    expect(await loadFile(again, input, stage.files)).toMatchObject({ version: 1, rows: 5000 });
  });
});
