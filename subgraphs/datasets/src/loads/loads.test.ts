import { readChanges, sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
import { writeXlsx } from '@iroko/tabular';
import { member, openStage, type Stage } from '../testing/stage';

const CSV = `Place;Date;Cases;Rate;Confirmed;Note
ref-1;31/12/2025;12;1,5;oui;Éclosion
ref-2;01/01/2026;7;0,25;non;
`;
const DATASET = `query ($id: ID!) { dataset(id: $id) {
  name currentVersion revision unitBy
  fields { key heading type isUnit }
  versions { number reading { format separator encoding decimalSign dateOrder } }
  rows { totalCount nodes { number orgUnit { id } cells { key value written number boolean date dateTime } } }
  quarantine { totalCount nodes { number cells { key written } defects { field heading value reason message } } }
} }`;

async function* oneBatch<Row>(rows: Row[]) {
  yield rows;
}

describe('a file becomes a dataset', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const show = async (id: string) => (await stage.account.run(DATASET, { id })).dataset;
  const byReference = () => ({
    heading: 'Place',
    by: 'REFERENCE',
    dataSourceId: stage.account.units.dataSourceId,
  });
  const reload = async (input: object) => {
    const { reloadDataset } = await stage.account.run(
      'mutation ($input: ReloadDatasetInput!) { reloadDataset(input: $input) { job { id } } }',
      { input },
    );
    return stage.account.finish(reloadDataset.job.id);
  };

  it('with types found from its values, and every value kept as it was written', async () => {
    const { status, result } = await stage.account.load(CSV, { unit: byReference() }, 'Cases');
    expect([status, result]).toMatchObject([
      'SUCCEEDED',
      { version: 1, changed: true, rows: 2, quarantined: 0 },
    ]);
    const dataset = await show(result.datasetId);
    expect(dataset).toMatchObject({ name: 'Cases', currentVersion: 1, unitBy: 'REFERENCE' });
    expect(dataset.fields).toEqual([
      { key: 'place', heading: 'Place', type: 'TEXT', isUnit: true },
      { key: 'date', heading: 'Date', type: 'DATE', isUnit: false },
      { key: 'cases', heading: 'Cases', type: 'INTEGER', isUnit: false },
      { key: 'rate', heading: 'Rate', type: 'DECIMAL', isUnit: false },
      { key: 'confirmed', heading: 'Confirmed', type: 'BOOLEAN', isUnit: false },
      { key: 'note', heading: 'Note', type: 'TEXT', isUnit: false },
    ]);
    expect(dataset.versions).toEqual([
      {
        number: 1,
        reading: { format: 'CSV', separator: ';', encoding: 'UTF_8', decimalSign: 'COMMA', dateOrder: 'DMY' },
      },
    ]);
    const [first, second] = dataset.rows.nodes;
    expect(first).toMatchObject({ number: 2, orgUnit: { id: stage.account.units.unitIds[0] } });
    expect(first.cells).toMatchObject([
      { key: 'place', value: 'ref-1', written: 'ref-1' },
      { key: 'date', value: '2025-12-31', written: '31/12/2025', date: '2025-12-31' },
      { key: 'cases', value: '12', number: 12 },
      { key: 'rate', value: '1.5', written: '1,5', number: 1.5 },
      { key: 'confirmed', value: 'true', written: 'oui', boolean: true },
      { key: 'note', value: 'Éclosion' },
    ]);
    expect(second.cells[5]).toMatchObject({ value: null, written: null });
  });

  it('in whatever encoding, and from a spreadsheet', async () => {
    const latin = await stage.account.load(Buffer.from('Nom;N\nÉcole;1\n', 'latin1'));
    expect((await show(latin.result.datasetId)).rows.nodes[0].cells[0].value).toBe('École');
    const written = writeXlsx('Sheet', ['Place', 'Cases', 'Day'], oneBatch([['ref-1', 12, '2026-03-01']]));
    const bytes = Buffer.concat(await written.toArray());
    const sheet = await stage.account.load(bytes, { unit: byReference() });
    expect(sheet.result).toMatchObject({ rows: 1, quarantined: 0 });
    const dataset = await show(sheet.result.datasetId);
    expect(dataset.versions[0].reading).toMatchObject({ format: 'XLSX', separator: null });
    expect(dataset.rows.nodes[0]).toMatchObject({
      number: 2,
      orgUnit: { id: stage.account.units.unitIds[0] },
    });
    expect(dataset.fields.map(({ type }: { type: string }) => type)).toEqual(['TEXT', 'INTEGER', 'DATE']);
  });

  it('again changes nothing; another file becomes the next version, with new columns', async () => {
    const { result } = await stage.account.load(CSV, { unit: byReference() });
    const { datasetId } = result;
    const again = await reload({ datasetId, fileId: await stage.account.upload(CSV, 'renamed.csv') });
    expect(again.result).toMatchObject({ version: 1, changed: false });
    const next = await reload({
      datasetId,
      fileId: await stage.account.upload(
        'Note;Rate;Source;Confirmed;Cases;Date;Place\nx;2,5;A;non;1;02/01/2026;ref-1\n',
      ),
    });
    expect(next.result).toMatchObject({ version: 2, changed: true, rows: 1 });
    const dataset = await show(datasetId);
    expect(dataset.fields.map(({ key }: { key: string }) => key)).toEqual([
      'place',
      'date',
      'cases',
      'rate',
      'confirmed',
      'note',
      'source',
    ]);
    expect(dataset.rows.nodes[0].cells.map(({ value }: { value: string }) => value)).toEqual([
      'ref-1',
      '2026-01-02',
      '1',
      '2.5',
      'false',
      'x',
      'A',
    ]);
    const old = await stage.account.run(
      'query ($id: ID!) { dataset(id: $id) { rows(version: 1) { totalCount nodes { cells { value } } } } }',
      { id: datasetId },
    );
    expect(old.dataset.rows).toMatchObject({ totalCount: 2 });
    expect(old.dataset.rows.nodes[0].cells).toHaveLength(6);
    const missing = await reload({
      datasetId,
      fileId: await stage.account.upload('Place;Date\nref-1;01/01/2026\n'),
    });
    expect(missing).toMatchObject({
      status: 'FAILED',
      error: { code: 'BAD_USER_INPUT', message: expect.stringContaining('no column "Cases"') },
    });
    expect((await show(datasetId)).currentVersion).toBe(2);
  });

  it('with other types when a person says so, from the same file', async () => {
    const { result } = await stage.account.load('Code,N\n12,1\n34,x\n');
    const { datasetId } = result;
    expect((await show(datasetId)).fields.map(({ type }: { type: string }) => type)).toEqual([
      'INTEGER',
      'TEXT',
    ]);
    const retyped = await reload({
      datasetId,
      fields: [
        { heading: 'Code', type: 'TEXT' },
        { heading: 'N', type: 'INTEGER' },
      ],
    });
    expect(retyped.result).toMatchObject({ version: 2, rows: 1, quarantined: 1 });
    const dataset = await show(datasetId);
    expect(dataset.fields.map(({ type }: { type: string }) => type)).toEqual(['TEXT', 'INTEGER']);
    expect(dataset.quarantine.nodes).toMatchObject([
      { number: 3, defects: [{ field: 'n', heading: 'N', value: 'x', reason: 'NO_INTEGER' }] },
    ]);
  });

  it('is shown before anything is made, and read as a person corrects it', async () => {
    const fileId = await stage.account.upload('Name,Name,,When\nA,1,,01/02/2025\nB,2,,03/04/2025\n');
    const ask = `query ($fileId: ID!, $reading: TableReadingInput) { previewDataset(fileId: $fileId, reading: $reading) {
      rowCount reading { separator dateOrder dateOrderAmbiguous } columns { heading type examples } } }`;
    const { previewDataset } = await stage.account.run(ask, { fileId });
    expect(previewDataset).toEqual({
      rowCount: 2,
      reading: { separator: ',', dateOrder: 'DMY', dateOrderAmbiguous: true },
      columns: [
        { heading: 'Name', type: 'TEXT', examples: ['A', 'B'] },
        { heading: 'Name (2)', type: 'INTEGER', examples: ['1', '2'] },
        { heading: 'When', type: 'DATE', examples: ['01/02/2025', '03/04/2025'] },
      ],
    });
    const corrected = await stage.account.run(ask, { fileId, reading: { separator: ';', dateOrder: 'MDY' } });
    expect(corrected.previewDataset.columns).toHaveLength(1);
    expect(corrected.previewDataset.reading).toMatchObject({ dateOrder: 'MDY', dateOrderAmbiguous: false });
    expect(await stage.account.codeOf(ask, { fileId, reading: { timeZone: 'Mars/Olympus' } })).toBe(
      'BAD_USER_INPUT',
    );
    expect(await stage.twin.codeOf(ask, { fileId })).toBe('NOT_FOUND');
  });

  it.each([
    ['an empty file', '', /empty/],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), /image\/png/],
    ['no spreadsheet at all', Buffer.from('PK\u0003\u0004 xl/workbook.xml nonsense'), /not a readable XLSX/],
    ['a quote that never ends', 'a,b\n"x,1\n', /quote that opens in line 2/],
    [
      '10,000 columns',
      `${Array.from({ length: 10_000 }, (_, index) => `c${index}`).join(',')}\n1\n`,
      /10000 columns/,
    ],
  ])('is refused when it is %s, and nothing is made', async (_what, content, message) => {
    const count = async () => (await stage.account.run('{ datasets { totalCount } }')).datasets.totalCount;
    const before = await count();
    const failed = await stage.account.load(content);
    expect(failed.status).toBe('FAILED');
    expect(failed.error?.message).toMatch(message);
    expect(await count()).toBe(before);
  });

  it('may have headings and no row', async () => {
    const { result } = await stage.account.load('a,b\n');
    expect(result).toMatchObject({ rows: 0, quarantined: 0 });
    expect((await show(result.datasetId)).rows).toMatchObject({ totalCount: 0, nodes: [] });
  });

  it('needs a name of its own, a file and a unit column that are there', async () => {
    const CREATE = 'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { job { id } } }';
    await stage.account.load(CSV, {}, 'Taken');
    const fileId = await stage.account.upload(CSV);
    const foreign = await stage.twin.upload(CSV);
    expect(await stage.account.codeOf(CREATE, { input: { name: 'TAKÉN', fileId } })).toBe('CONFLICT');
    expect(await stage.account.codeOf(CREATE, { input: { name: ' ', fileId } })).toBe('BAD_USER_INPUT');
    for (const id of [foreign, newId(), 'nonsense']) {
      expect(await stage.account.codeOf(CREATE, { input: { name: 'X', fileId: id } })).toBe('NOT_FOUND');
    }
    const unit = { heading: 'Place', by: 'NAME' };
    expect(await stage.account.codeOf(CREATE, { input: { name: 'X', fileId, unit } })).toBe('BAD_USER_INPUT');
    const noColumn = await stage.account.load(CSV, { unit: { ...byReference(), heading: 'Nowhere' } });
    expect(noColumn.error).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('no column "Nowhere"'),
    });
    const foreignSource = { ...byReference(), dataSourceId: stage.twin.units.dataSourceId };
    expect((await stage.account.load(CSV, { unit: foreignSource })).error?.code).toBe('NOT_FOUND');
    const { accountId, userId } = stage.account.viewer as { accountId: string; userId: string };
    const reader = stage.as(member(accountId, userId, ['datasets.read']));
    expect(await reader.codeOf(CREATE, { input: { name: 'X', fileId } })).toBe('FORBIDDEN');
  });

  it('is made once when two ask for the same name at once', async () => {
    const CREATE = 'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { job { id } } }';
    const input = { name: 'Twice', fileId: await stage.account.upload(CSV) };
    const asked = await Promise.all([
      stage.account.run(CREATE, { input }),
      stage.account.run(CREATE, { input }),
    ]);
    const ends = [];
    for (const { createDataset } of asked) ends.push(await stage.account.finish(createDataset.job.id));
    expect(ends.map(({ status }) => status).sort()).toEqual(['FAILED', 'SUCCEEDED']);
    expect(ends.find(({ status }) => status === 'FAILED')?.error?.code).toBe('CONFLICT');
  });

  it('is in the log, and belongs to one account', async () => {
    const { result } = await stage.account.load(CSV, {}, 'Logged');
    await sealAll(stage.database.system, stage.account.db.account);
    const events = await readChanges(stage.account.db, 0, 1000, {
      subjectType: 'Dataset',
      subjectId: result.datasetId,
    });
    expect(events.map(({ action }) => action)).toEqual(['CREATE', 'LOAD']);
    expect(events[1]?.after).toMatchObject({ version: 1, rows: 2, quarantined: 0 });
    expect((await stage.twin.run(DATASET, { id: result.datasetId })).dataset).toBeNull();
    expect((await stage.twin.run('{ datasets { totalCount } }')).datasets.totalCount).toBe(0);
    expect(
      await stage.twin.codeOf('mutation ($id: ID!) { replayDataset(datasetId: $id) { id } }', {
        id: result.datasetId,
      }),
    ).toBe('NOT_FOUND');
  });

  it('changes its name only from the revision that was read', async () => {
    const { result } = await stage.account.load(CSV, {}, 'Old name');
    const UPDATE =
      'mutation ($input: UpdateDatasetInput!) { updateDataset(input: $input) { name revision description } }';
    const { revision } = await show(result.datasetId);
    const change = {
      id: result.datasetId,
      expectedRevision: revision,
      name: 'New name',
      description: 'Weekly',
    };
    expect((await stage.account.run(UPDATE, { input: change })).updateDataset).toEqual({
      name: 'New name',
      revision: revision + 1,
      description: 'Weekly',
    });
    expect(await stage.account.codeOf(UPDATE, { input: change })).toBe('CONFLICT');
    expect(
      await stage.account.codeOf(UPDATE, {
        input: { ...change, expectedRevision: revision + 1, name: 'Cases' },
      }),
    ).toBe('CONFLICT');
  });
});
