import { ALL, LIST, ListedUnits } from '../testing/listed-units';
import type { Data } from '../testing/registry';

let tree: ListedUnits;
beforeAll(async () => {
  tree = await ListedUnits.seed();
});
afterAll(() => tree.registry.close());

describe('several sets of filters', () => {
  const anyOf = () => [{ codes: ['A'] }, { subtree: tree.units.gombe.unitId }, { search: 'goma' }];

  it('are united in one list, each unit once, with the index of the first set that keeps it', async () => {
    const list = await tree.listed({ anyOf: anyOf() });
    expect(list.edges.map(({ set, node }: Data) => [node.name, set])).toEqual([
      ['Centre de Santé Bokassa', 1],
      ['École Kinshsa', 1],
      ['Goma', 2],
      ['Gombe', 0],
      ['Poste de Santé Lufu', 1],
    ]);
    expect(list.totalCount).toBe(5);
    expect(list.setCounts).toEqual([1, 4, 1]);
  });

  it('narrow what the filter keeps', async () => {
    const list = await tree.listed({ anyOf: anyOf(), filter: { statuses: ['VALID'] } });
    expect(list.names).toEqual(['Gombe']);
    expect(list.setCounts).toEqual([1, 1, 0]);
  });

  it.each(['NAME', 'NAME_DESC', 'TREE', 'RELEVANCE', 'CODE', 'DEPTH_DESC'])(
    'give every unit once over pages sorted by %s',
    async (sort) => {
      const whole = await tree.listed({ anyOf: anyOf(), sort });
      expect(await tree.pagedNames({ anyOf: anyOf(), sort })).toEqual(whole.names);
    },
  );

  it('without a set, or with more than ten, are BAD_USER_INPUT', async () => {
    for (const count of [0, 11]) {
      const variables = { source: tree.source.id, sort: 'NAME', first: 1, anyOf: Array(count).fill({}) };
      const { code, errors } = await tree.registry.ask(LIST, variables);
      expect(code).toBe('BAD_USER_INPUT');
      expect(errors[0]?.extensions?.details).toMatchObject({ path: ['anyOf'] });
    }
  });
});

it.each(
  [
    'CODE',
    'REFERENCE',
    'TYPE',
    'PARENT',
    'STATUS',
    'DEPTH',
    'OPENING_DATE',
    'CLOSED_DATE',
    'CREATED_AT',
    'WRITTEN_AT',
  ].flatMap((column) => [column, `${column}_DESC`]),
)('sorted by %s, pages give every unit once', async (sort) => {
  const whole = await tree.listed({ sort });
  expect([...whole.names].sort()).toEqual([...ALL].sort());
  expect(await tree.pagedNames({ sort })).toEqual(whole.names);
});

it('units without a date come last, in both directions', async () => {
  const dated = ['Kinshasa', 'Centre de Santé Bokassa', 'Poste de Santé Lufu'];
  expect((await tree.listed({ sort: 'OPENING_DATE' })).names.slice(0, 3)).toEqual(dated);
  expect((await tree.listed({ sort: 'OPENING_DATE_DESC' })).names.slice(0, 3)).toEqual([...dated].reverse());
});

describe('a count that may end early', () => {
  const COUNTS = `query ($source: ID, $anyOf: [OrgUnitFilter!], $atMost: Int) {
    orgUnits(dataSource: $source, anyOf: $anyOf, first: 0) {
      totalCount(atMost: $atMost) setCounts(atMost: $atMost) exact: totalCount } }`;
  const counts = async (atMost: number | null, sets: Record<string, unknown>[] | null = null) => {
    const variables = { source: sets ? tree.source.id : null, anyOf: sets, atMost };
    return (await tree.registry.data(COUNTS, variables)).orgUnits;
  };

  it('is exact below its limit, and the limit from there on', async () => {
    for (const [atMost, totalCount] of [
      [null, 7],
      [8, 7],
      [7, 7],
      [6, 6],
      [1, 1],
      [0, 0],
    ]) {
      expect(await counts(atMost as number | null)).toEqual({ totalCount, setCounts: [], exact: 7 });
    }
  });

  it('counts each unit of united sets once, and each set by itself', async () => {
    const sets = [
      { subtree: tree.units.kinshasa.unitId },
      { subtree: tree.units.gombe.unitId },
      { codes: ['C'] },
    ];
    expect(await counts(5, sets)).toEqual({ totalCount: 5, setCounts: [5, 4, 1], exact: 6 });
    expect(await counts(2, sets)).toEqual({ totalCount: 2, setCounts: [2, 2, 1], exact: 6 });
    expect(await counts(9, sets)).toEqual({ totalCount: 6, setCounts: [5, 4, 1], exact: 6 });
  });

  it('below zero is BAD_USER_INPUT', async () => {
    const { code } = await tree.registry.ask(COUNTS, { source: tree.source.id, atMost: -1 });
    expect(code).toBe('BAD_USER_INPUT');
  });
});
