import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStage, type Stage } from '../testing/stage';

const DATA = join(__dirname, '../../../../../shared/data/org-units');

describe('a real list of 6,396 schools', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it('becomes a dataset of its 14 named columns, row by row, and once', async () => {
    const csv = readFileSync(join(DATA, 'drc-schools.csv'));
    const { result } = await stage.account.load(csv, {}, 'Schools');
    expect(result).toMatchObject({ version: 1, changed: true, rows: 6396, quarantined: 0 });
    const { dataset } = await stage.account.run(
      `query ($id: ID!, $sort: DatasetRowSortInput) { dataset(id: $id) {
        fields { heading type } versions { reading { separator encoding } }
        rows(first: 3, sort: $sort) { totalCount nodes { number cells { written } } } } }`,
      { id: result.datasetId },
    );
    expect(dataset.fields).toHaveLength(14);
    expect(dataset.versions).toEqual([{ reading: { separator: ';', encoding: 'UTF_8' } }]);
    expect(dataset.rows.totalCount).toBe(6396);
    const lines = csv.toString('utf8').split('\n');
    for (const { number, cells } of dataset.rows.nodes as {
      number: number;
      cells: { written: string | null }[];
    }[]) {
      const cellsOfFile = (lines[number - 1] ?? '').split(';').slice(0, 14);
      expect(cells.map(({ written }) => written ?? '')).toEqual(cellsOfFile);
    }
    const { reloadDataset } = await stage.account.run(
      'mutation ($input: ReloadDatasetInput!) { reloadDataset(input: $input) { job { id } } }',
      { input: { datasetId: result.datasetId, fileId: await stage.account.upload(csv) } },
    );
    expect((await stage.account.finish(reloadDataset.job.id)).result).toMatchObject({
      version: 1,
      changed: false,
    });
  });
});
