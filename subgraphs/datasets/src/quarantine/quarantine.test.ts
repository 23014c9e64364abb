import { newId } from '@iroko/database';
import { seedReleasedUnits } from '@iroko/testing';
import { openStage, type Stage } from '../testing/stage';

const CSV = `Place,Cases,Day
Clinic A,1,2026-01-01
CLINIC Á,two,2026-02-30
Clinic X,3,2026-01-03
Clinic X,4,2026-01-04
clinic b,5,2026-01-05
,6,2026-01-06
Clinic A,7,2026-01-07,spare
`;
const WAITING = `query ($id: ID!) { dataset(id: $id) {
  quarantine { totalCount nodes { number cells { key written } defects { field value reason } } }
  unresolvedUnits { nodes { value reason rowCount } }
  rows { totalCount nodes { number orgUnit { id } } }
} }`;
const CORRECT = `mutation ($id: ID!, $rows: [RowCorrectionInput!]!) {
  correctDatasetRows(datasetId: $id, rows: $rows) { ok code message } }`;
const DECIDE = `mutation ($id: ID!, $decisions: [UnitDecisionInput!]!) {
  decideDatasetUnits(datasetId: $id, decisions: $decisions) { outcomes { ok code path } job { id } } }`;

describe('rows that cannot be taken', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  const byName = () => ({ heading: 'Place', by: 'NAME', dataSourceId: stage.account.units.dataSourceId });
  const load = async (content = CSV) =>
    (
      await stage.account.load(content, {
        unit: byName(),
        fields:
          content === CSV
            ? [
                { heading: 'Cases', type: 'INTEGER' },
                { heading: 'Day', type: 'DATE' },
              ]
            : [],
      })
    ).result;
  const show = async (id: string) => (await stage.account.run(WAITING, { id })).dataset;

  it('wait whole, with every defect, while the others land together', async () => {
    const { datasetId, rows, quarantined } = await load();
    expect([rows, quarantined]).toEqual([2, 5]);
    const dataset = await show(datasetId);
    expect(dataset.rows.nodes).toEqual([
      { number: 2, orgUnit: { id: stage.account.units.unitIds[0] } },
      { number: 7, orgUnit: null },
    ]);
    expect(dataset.quarantine.totalCount).toBe(5);
    expect(dataset.quarantine.nodes[0]).toEqual({
      number: 3,
      cells: [
        { key: 'place', written: 'CLINIC Á' },
        { key: 'cases', written: 'two' },
        { key: 'day', written: '2026-02-30' },
      ],
      defects: [
        { field: 'cases', value: 'two', reason: 'NO_INTEGER' },
        { field: 'day', value: '2026-02-30', reason: 'NO_DATE' },
      ],
    });
    expect(dataset.quarantine.nodes.at(-1)).toMatchObject({
      number: 8,
      defects: [{ field: null, value: 'spare', reason: 'TOO_MANY_CELLS' }],
    });
    expect(dataset.unresolvedUnits.nodes).toEqual([
      { value: 'Clinic X', reason: 'UNIT_NOT_FOUND', rowCount: 2 },
      { value: 'clinic b', reason: 'UNIT_AMBIGUOUS', rowCount: 1 },
    ]);
  });

  it('land under their number once they are corrected; each has its outcome', async () => {
    const { datasetId } = await load();
    const { correctDatasetRows } = await stage.account.run(CORRECT, {
      id: datasetId,
      rows: [
        {
          number: 3,
          cells: [
            { field: 'cases', value: '2' },
            { field: 'day', value: '2026-02-28' },
          ],
        },
        { number: 4, cells: [{ field: 'place', value: 'Clinic Y' }] },
        { number: 8, cells: [], withoutSurplus: true },
        { number: 2, cells: [] },
        { number: 5, cells: [{ field: 'nowhere', value: 'x' }] },
      ],
    });
    expect(correctDatasetRows.map(({ ok }: { ok: boolean }) => ok)).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
    expect(correctDatasetRows[1].message).toContain('clinic y');
    const dataset = await show(datasetId);
    expect(dataset.rows.nodes.map(({ number }: { number: number }) => number)).toEqual([2, 3, 7, 8]);
    expect(dataset.unresolvedUnits.nodes.map(({ value }: { value: string }) => value)).toEqual([
      'Clinic X',
      'Clinic Y',
      'clinic b',
    ]);
  });

  it('land when a person says which unit a value means, here and in the next file', async () => {
    const { datasetId } = await load();
    const [a, b] = stage.account.units.unitIds;
    const foreign = stage.twin.units.unitIds[0];
    const { decideDatasetUnits } = await stage.account.run(DECIDE, {
      id: datasetId,
      decisions: [
        { value: 'CLINIC X', orgUnitId: a },
        { value: 'clinic b', orgUnitId: b },
        { value: 'Clinic Z', orgUnitId: foreign },
        { value: 'Clinic Z', orgUnitId: 'nonsense' },
        { value: ' ', orgUnitId: a },
      ],
    });
    expect(decideDatasetUnits.outcomes.map(({ code }: { code: string }) => code)).toEqual([
      null,
      null,
      'NOT_FOUND',
      'NOT_FOUND',
      'BAD_USER_INPUT',
    ]);
    expect((await stage.account.finish(decideDatasetUnits.job.id)).result).toEqual({ landed: 3, waiting: 2 });
    expect((await show(datasetId)).rows.nodes).toMatchObject([
      { number: 2, orgUnit: { id: a } },
      { number: 4, orgUnit: { id: a } },
      { number: 5, orgUnit: { id: a } },
      { number: 6, orgUnit: { id: b } },
      { number: 7, orgUnit: null },
    ]);
    const { reloadDataset } = await stage.account.run(
      'mutation ($input: ReloadDatasetInput!) { reloadDataset(input: $input) { job { id } } }',
      {
        input: { datasetId, fileId: await stage.account.upload('Place,Cases,Day\nclinic x,1,2026-01-01\n') },
      },
    );
    expect((await stage.account.finish(reloadDataset.job.id)).result).toMatchObject({
      rows: 1,
      quarantined: 0,
    });
  });

  it('land when their units are there by now and somebody tries again', async () => {
    const source = await seedReleasedUnits(stage.account.db, ['nord'], { release: true });
    const unit = { heading: 'Place', by: 'CODE', dataSourceId: source.dataSourceId };
    const { result } = await stage.account.load('Place,N\nC1,1\nC2,2\n', { unit });
    expect(result).toMatchObject({ rows: 1, quarantined: 1 });
    const REPLAY = 'mutation ($id: ID!) { replayDataset(datasetId: $id) { id } }';
    const { replayDataset } = await stage.account.run(REPLAY, { id: result.datasetId });
    expect((await stage.account.finish(replayDataset.id)).result).toEqual({ landed: 0, waiting: 1 });
  });

  it('tell when the source has no released version at all', async () => {
    const draft = await seedReleasedUnits(stage.account.db, ['sud'], { release: false });
    const unit = { heading: 'Place', by: 'CODE', dataSourceId: draft.dataSourceId };
    expect((await stage.account.load('Place\nC1\n', { unit })).error).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('Release its draft'),
    });
  });

  it("are nobody else's: another account finds no dataset to correct", async () => {
    const { datasetId } = await load();
    expect(await stage.twin.codeOf(CORRECT, { id: datasetId, rows: [] })).toBe('NOT_FOUND');
    expect(await stage.twin.codeOf(DECIDE, { id: datasetId, decisions: [] })).toBe('NOT_FOUND');
    expect(await stage.account.codeOf(CORRECT, { id: newId(), rows: [] })).toBe('NOT_FOUND');
    const many = Array.from({ length: 1001 }, (_, number) => ({ number, cells: [] }));
    expect(await stage.account.codeOf(CORRECT, { id: datasetId, rows: many })).toBe('LIMIT_EXCEEDED');
  });
});
