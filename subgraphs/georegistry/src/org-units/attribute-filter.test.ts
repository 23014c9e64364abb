import { newId } from '@iroko/database';
import { ListedUnits } from '../testing/listed-units';

let tree: ListedUnits;
let source: string;

beforeAll(async () => {
  tree = await ListedUnits.seed();
  source = (await tree.story.source()).id;
  const units: [name: string, attributes: Record<string, string | null>][] = [
    ['bare', {}],
    ['big', { beds: '120', owner: 'État congolais', 'part of the source': 'Province du Kwilu' }],
    ['small', { beds: '9.5', owner: 'ÉGLISE', 'part of the source': 'Kwango' }],
    ['odd', { beds: 'about 10', owner: '', "a ' quote": '{"x": 1}' }],
    ['empty', { beds: null }],
    ['huge', { beds: '1e400', owner: 'l’œuvre' }],
  ];
  for (const [name, values] of units) {
    const attributes = Object.entries(values).map(([key, value]) => ({ key, value }));
    await tree.story.unit(source, { name, attributes });
  }
});
afterAll(() => tree.registry.close());

const kept = (attributes: Record<string, unknown>[]) => tree.listed({ source, filter: { attributes } });

it.each([
  ['the key alone, where there is a value', [{ key: 'beds' }], ['big', 'huge', 'odd', 'small']],
  ['an empty value, which is one', [{ key: 'owner', values: [''] }], ['odd']],
  ['its absence', [{ key: 'beds', has: false }], ['bare', 'empty']],
  [
    'one of several values, exactly',
    [{ key: 'owner', values: ['ÉGLISE', 'État congolais', 'État'] }],
    ['big', 'small'],
  ],
  ['no value at all', [{ key: 'owner', values: [] }], []],
  ['a value in other capitals', [{ key: 'owner', values: ['Église'] }], []],
  ['a value under another key', [{ key: 'beds', values: ['ÉGLISE'] }], []],
  ['a text within, without accents and capitals', [{ key: 'owner', contains: 'ETAT' }], ['big']],
  ['a text with accents that the value has not', [{ key: 'owner', contains: 'Œuvré' }], ['huge']],
  ['a text of characters that mean something elsewhere', [{ key: 'owner', contains: '%' }], []],
  ['a number from', [{ key: 'beds', atLeast: 9.5 }], ['big', 'huge', 'small']],
  ['a number up to', [{ key: 'beds', atMost: 119.99 }], ['small']],
  ['a number between', [{ key: 'beds', atLeast: 100, atMost: 120 }], ['big']],
  ['a key with a quote', [{ key: "a ' quote", values: ['{"x": 1}'] }], ['odd']],
  ['a zero byte, which nothing holds', [{ key: 'beds\0' }], []],
  [
    'several conditions, which must all hold',
    [
      { key: 'part of the source', contains: 'kw' },
      { key: 'beds', atMost: 10 },
    ],
    ['small'],
  ],
])('units are kept by %s', async (_what, conditions, names) => {
  const list = await kept(conditions);
  expect(list.names).toEqual(names);
  expect(list.totalCount).toBe(names.length);
});

it.each(['NAME', 'NAME_DESC', 'CODE_DESC', 'TREE', 'STATUS', 'CREATED_AT_DESC'])(
  'pages of what is kept by a value, sorted by %s, give every unit once',
  async (sort) => {
    const filter = { attributes: [{ key: 'beds', atLeast: 1 }] };
    const whole = await tree.listed({ source, sort, filter });
    expect([...whole.names].sort()).toEqual(['big', 'huge', 'small']);
    expect(await tree.pagedNames({ source, sort, filter })).toEqual(whole.names);
    const sets = [{ ...filter }, { attributes: [{ key: 'beds', has: false }] }];
    const united = await tree.listed({ source, sort, anyOf: sets });
    expect(united.setCounts).toEqual([3, 2]);
    expect(await tree.pagedNames({ source, sort, anyOf: sets })).toEqual(united.names);
  },
);

it.each([
  ['without a key', { key: '' }],
  ['with a key of 256 characters', { key: 'k'.repeat(256) }],
  ['of a value that must not be there', { key: 'k', has: false, values: ['v'] }],
  ['of too many values', { key: 'k', values: Array(101).fill('v') }],
  ['that ends below its beginning', { key: 'k', atLeast: 2, atMost: 1 }],
  ['of a text that is too long', { key: 'k', contains: 'x'.repeat(256) }],
])('a condition %s is BAD_USER_INPUT', async (_what, condition) => {
  expect(await tree.refusal({ attributes: [condition] })).toBe('BAD_USER_INPUT');
});

it('more than twenty conditions are BAD_USER_INPUT', async () => {
  expect(await tree.refusal({ attributes: Array(21).fill({ key: 'k' }) })).toBe('BAD_USER_INPUT');
});

it('what is kept by attributes in an old version is what they were then', async () => {
  const { story } = tree;
  const own = await story.source();
  const unit = await story.unit(own.id, { name: 'U', attributes: [{ key: 'beds', value: '5' }] });
  const first = await story.release(own.id);
  await story.edit(unit, { attributes: [{ key: 'beds', value: '6' }] });
  const second = await story.release(own.id);
  const five = { attributes: [{ key: 'beds', values: ['5'] }] };
  expect(await story.names(first.id, five)).toEqual(['U']);
  expect(await story.names(second.id, five)).toEqual([]);
});

it('an edit of a selection by attributes edits those units', async () => {
  const { previewBulkEdit } = await tree.registry.data(
    'query ($input: BulkEditInputType!) { previewBulkEdit(input: $input) { selected units { name } } }',
    {
      input: {
        dataSourceId: source,
        filter: { attributes: [{ key: 'beds', atLeast: 100 }] },
        changes: { status: 'VALID' },
      },
    },
  );
  expect(previewBulkEdit.units.map(({ name }: { name: string }) => name).sort()).toEqual(['big', 'huge']);
});

it('nothing of another account is kept', async () => {
  const { registry } = tree;
  const { data } = await registry.ask(
    'query ($filter: OrgUnitFilter) { orgUnits(filter: $filter) { totalCount } }',
    { filter: { attributes: [{ key: 'beds' }], excludedIds: [newId()] } },
    registry.twin.administrator,
  );
  expect(data.orgUnits.totalCount).toBe(0);
});
