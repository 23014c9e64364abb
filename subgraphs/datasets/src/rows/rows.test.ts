import { newId } from '@iroko/database';
import fc from 'fast-check';
import { openStage, type Stage } from '../testing/stage';

const CSV = `Name,N,Rate,Day,At,Open,Place
Éléphant,10,1.5,2026-01-10,2026-01-10T08:00:00Z,yes,ref-1
antilope,9,0.25,2026-01-09,2026-01-09T08:00:00Z,no,ref-2
Zèbre,,2,2026-01-11,,yes,ref-1
buffle,100,,,2026-01-12T08:00:00Z,,
elan,9,12345678901234567890.5,2025-12-31,2025-12-31T23:59:59Z,no,ref-2
`;
const ROWS = `query ($id: ID!, $filter: DatasetRowFilterInput, $sort: DatasetRowSortInput, $first: Int! = 50, $after: String) {
  dataset(id: $id) { rows(filter: $filter, sort: $sort, first: $first, after: $after) {
    totalCount nodes { number cells { value } } pageInfo { hasNextPage endCursor } } } }`;

describe('rows of a dataset', () => {
  let stage: Stage;
  let id: string;
  beforeAll(async () => {
    stage = await openStage();
    const unit = { heading: 'Place', by: 'REFERENCE', dataSourceId: stage.account.units.dataSourceId };
    id = (await stage.account.load(CSV, { unit })).result.datasetId;
  });
  afterAll(() => stage.close());

  const ask = async (variables: object) => (await stage.account.run(ROWS, { id, ...variables })).dataset.rows;
  const names = async (variables: object): Promise<string[]> =>
    (await ask(variables)).nodes.map(({ cells }: { cells: { value: string }[] }) => cells[0]?.value);
  const where = (condition: object) => names({ filter: { conditions: [condition] } });

  it.each<[object, string[]]>([
    [{ field: 'name', text: { equals: 'ELEPHANT' } }, ['Éléphant']],
    [{ field: 'name', text: { contains: 'ÈBR' } }, ['Zèbre']],
    [{ field: 'name', text: { startsWith: 'él' } }, ['Éléphant', 'elan']],
    [{ field: 'name', text: { in: ['buffle', 'zebre', 'x'] } }, ['Zèbre', 'buffle']],
    [{ field: 'name', text: { contains: '%' } }, []],
    [{ field: 'n', number: { equals: 9 } }, ['antilope', 'elan']],
    [{ field: 'n', number: { min: 10, max: 100 } }, ['Éléphant', 'buffle']],
    [{ field: 'rate', number: { max: 1.5 } }, ['Éléphant', 'antilope']],
    [{ field: 'rate', number: { min: 1e19 } }, ['elan']],
    [{ field: 'day', date: { from: '2026-01-09', until: '2026-01-10' } }, ['Éléphant', 'antilope']],
    [{ field: 'day', date: { equals: '2025-12-31' } }, ['elan']],
    [
      { field: 'at', dateTime: { from: '2026-01-10T09:00:00+01:00', before: '2026-01-12T08:00:00Z' } },
      ['Éléphant'],
    ],
    [{ field: 'open', boolean: false }, ['antilope', 'elan']],
    [{ field: 'n', isEmpty: true }, ['Zèbre']],
    [{ field: 'rate', isEmpty: false, number: { min: 2 } }, ['Zèbre', 'elan']],
  ])('are found by %j', async (condition, found) => {
    expect(await where(condition)).toEqual(found);
  });

  it('are found at their places', async () => {
    const [a, b] = stage.account.units.unitIds;
    expect(await names({ filter: { orgUnitIds: [a] } })).toEqual(['Éléphant', 'Zèbre']);
    expect(await names({ filter: { orgUnitIds: [b, newId(), 'nonsense'] } })).toEqual(['antilope', 'elan']);
    expect(await names({ filter: { orgUnitIds: [] } })).toEqual([]);
  });

  it('are sorted in their type, empty ones last, equal ones as in the file', async () => {
    const sorted = (field: string, direction: string) => names({ sort: { field, direction } });
    expect(await sorted('name', 'ASCENDING')).toEqual(['antilope', 'buffle', 'elan', 'Éléphant', 'Zèbre']);
    expect(await sorted('n', 'ASCENDING')).toEqual(['antilope', 'elan', 'Éléphant', 'buffle', 'Zèbre']);
    expect(await sorted('n', 'DESCENDING')).toEqual(['buffle', 'Éléphant', 'antilope', 'elan', 'Zèbre']);
    expect(await sorted('rate', 'DESCENDING')).toEqual(['elan', 'Zèbre', 'Éléphant', 'antilope', 'buffle']);
    expect(await sorted('day', 'ASCENDING')).toEqual(['elan', 'antilope', 'Éléphant', 'Zèbre', 'buffle']);
    expect(await sorted('open', 'ASCENDING')).toEqual(['antilope', 'elan', 'Éléphant', 'Zèbre', 'buffle']);
  });

  it('come in pages that hold every row once, in any order', async () => {
    for (const field of [null, 'name', 'n', 'rate', 'day', 'at', 'open', 'place']) {
      for (const direction of ['ASCENDING', 'DESCENDING']) {
        const sort = field === null ? null : { field, direction };
        const whole = await names({ sort });
        const paged: string[] = [];
        for (let after: string | null = null; ; ) {
          const page = await ask({ sort, first: 2, after });
          paged.push(...page.nodes.map(({ cells }: { cells: { value: string }[] }) => cells[0]?.value));
          after = page.pageInfo.endCursor;
          expect(page.totalCount).toBe(5);
          if (!page.pageInfo.hasNextPage) break;
        }
        expect(paged).toEqual(whole);
      }
    }
  });

  it('stay in the version of the first page when another lands meanwhile', async () => {
    const { result } = await stage.account.load('N\n1\n2\n3\n');
    const first = await ask({ id: result.datasetId, first: 2 });
    const { reloadDataset } = await stage.account.run(
      'mutation ($input: ReloadDatasetInput!) { reloadDataset(input: $input) { job { id } } }',
      { input: { datasetId: result.datasetId, fileId: await stage.account.upload('N\n10\n') } },
    );
    await stage.account.finish(reloadDataset.job.id);
    const second = await ask({ id: result.datasetId, first: 2, after: first.pageInfo.endCursor });
    expect(second.nodes).toEqual([{ number: 4, cells: [{ value: '3' }] }]);
    expect((await ask({ id: result.datasetId })).totalCount).toBe(1);
  });

  it.each([
    ['a field that is not there', { filter: { conditions: [{ field: 'nope', isEmpty: true }] } }],
    ['a condition of another type', { filter: { conditions: [{ field: 'n', text: { equals: '9' } }] } }],
    ['a condition that says nothing', { filter: { conditions: [{ field: 'n' }] } }],
    ['a sort by a field that is not there', { sort: { field: 'nope' } }],
    ['a changed cursor', { after: 'AAAA' }],
  ])('are not asked for with %s', async (_what, variables) => {
    expect(await stage.account.codeOf(ROWS, { id, ...variables })).toBe('BAD_USER_INPUT');
  });

  it('keep every digit', async () => {
    const { nodes } = await ask({ filter: { conditions: [{ field: 'name', text: { equals: 'elan' } }] } });
    expect(nodes[0].cells[2].value).toBe('12345678901234567890.5');
  });

  it('are led to from their place, in one statement for many places', async () => {
    const r = [...stage.account.units.unitIds, ...stage.twin.units.unitIds, 'nonsense'].map((one) => ({
      __typename: 'OrgUnit',
      id: one,
    }));
    const { _entities } = await stage.account.run(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on OrgUnit { datasets { id } } } }',
      { r },
    );
    expect(_entities.map(({ datasets }: { datasets: object[] }) => datasets)).toEqual([
      [{ id }],
      [{ id }],
      [],
      [],
      [],
      [],
      [],
    ]);
  });

  it('read like the file, whatever texts it holds', async () => {
    const cell = fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 20 }), async (texts) => {
        const lines = texts.map((text) => `k,"${text.replaceAll('"', '""')}"`);
        const { result } = await stage.account.load(`Key,Text\n${lines.join('\n')}\n`, {
          fields: [{ heading: 'Text', type: 'TEXT' }],
          reading: { separator: ',', encoding: 'UTF_8' },
        });
        const { nodes } = (
          await stage.account.run(
            'query ($id: ID!) { dataset(id: $id) { rows { nodes { cells { written } } } } }',
            { id: result.datasetId },
          )
        ).dataset.rows;
        const read = nodes.map(
          ({ cells }: { cells: { written: string | null }[] }) => cells[1]?.written ?? '',
        );
        expect(read).toEqual(texts);
      }),
      { numRuns: 15 },
    );
  });
});
