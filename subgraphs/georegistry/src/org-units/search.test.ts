import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';
import { submitted } from '../testing/submitted';

let registry: TestRegistry;
let story: Story;
let source: { id: string; draft: { id: string } };
let other: { id: string; draft: { id: string } };
const units: Record<string, Data> = {};
const forms = { visit: newId(), count: newId() };

async function submissionsAt(unitId: string, received: readonly (readonly [form: string, at: string])[]) {
  for (const [form, receivedAt] of received) await submitted(registry, unitId, { form, receivedAt });
}

beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  source = await story.source('First');
  other = await story.source('Second');
  const add = async (key: string, input: Record<string, unknown>, of = source) => {
    units[key] = await story.unit(of.id, input);
  };
  const square = {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    ],
  };
  await add('kinshasa', { name: 'Kinshasa', code: 'B', openingDate: '1990-01-01', shape: square });
  const { createOrgUnitType: facility } = await registry.data(
    'mutation { createOrgUnitType(input: { name: "Clinic", category: HEALTH_FACILITY }) { id } }',
  );
  await add('gombe', { name: 'Gombe', parentId: units.kinshasa.unitId, code: 'A', status: 'VALID' });
  await add('health', {
    name: 'Centre de Santé Bokassa',
    aliases: ['Dispensaire Mobutu'],
    parentId: units.gombe.unitId,
    openingDate: '2000-06-01',
    closedDate: '2010-01-01',
    location: { longitude: 0, latitude: 0 },
  });
  await add('post', {
    name: 'Poste de Santé Lufu',
    typeId: facility.id,
    parentId: units.gombe.unitId,
    openingDate: '2015-01-01',
  });
  await add('school', { name: 'École Kinshsa', parentId: units.gombe.unitId });
  await add('goma', { name: 'Goma', code: 'C' });
  await add('kinsala', { name: 'Kinsala' }, other);
  await submissionsAt(units.health.unitId, [
    [forms.visit, '2024-01-01T00:00:00Z'],
    [forms.visit, '2024-02-01T00:00:00Z'],
  ]);
  await submissionsAt(units.post.unitId, [
    [forms.visit, '2024-03-01T00:00:00Z'],
    [forms.count, '2024-03-02T00:00:00Z'],
  ]);
});
afterAll(() => registry.close());

const LIST = `query ($source: ID, $filter: OrgUnitFilter, $anyOf: [OrgUnitFilter!], $sort: OrgUnitSort!, $first: Int!, $after: String) {
  orgUnits(dataSource: $source, filter: $filter, anyOf: $anyOf, sort: $sort, first: $first, after: $after) {
    edges { set node { name } } pageInfo { hasNextPage endCursor } totalCount setCounts } }`;

async function listed(variables: Record<string, unknown>): Promise<Data> {
  const { orgUnits } = await registry.data(LIST, {
    source: source.id,
    sort: 'NAME',
    first: 100,
    ...variables,
  });
  return { ...orgUnits, names: orgUnits.edges.map(({ node }: Data) => node.name) };
}
const named = async (filter: Record<string, unknown>, sort = 'NAME') =>
  (await listed({ filter, sort })).names;

const all = ['Centre de Santé Bokassa', 'École Kinshsa', 'Goma', 'Gombe', 'Kinshasa', 'Poste de Santé Lufu'];

it.each([
  ['ids', () => ({ ids: [units.goma.unitId, newId(), 'x'] }), ['Goma']],
  ['ids left out', () => ({ excludedIds: [units.goma.unitId], isRoot: true }), ['Kinshasa']],
  ['codes', () => ({ codes: ['A', 'a', 'C'] }), ['Goma', 'Gombe']],
  [
    'several subtrees',
    () => ({ subtrees: [units.goma.unitId, units.post.unitId] }),
    ['Goma', 'Poste de Santé Lufu'],
  ],
  [
    'a subtree within another, each unit once',
    () => ({ subtrees: [units.kinshasa.unitId, units.gombe.unitId] }),
    all.filter((n) => n !== 'Goma'),
  ],
  ['excluded subtrees', () => ({ excludedSubtrees: [units.gombe.unitId] }), ['Goma', 'Kinshasa']],
  [
    'a subtree without its root',
    () => ({ subtree: units.kinshasa.unitId, excludedIds: [units.kinshasa.unitId], depths: [1] }),
    ['Gombe'],
  ],
  ['category of type', () => ({ categories: ['HEALTH_FACILITY'] }), ['Poste de Santé Lufu']],
  ['depths', () => ({ depths: [0, 1, -1, 99] }), ['Goma', 'Gombe', 'Kinshasa']],
  ['neither location nor shape', () => ({ hasGeometry: false, isRoot: true }), ['Goma']],
  ['a location or a shape', () => ({ hasGeometry: true }), ['Centre de Santé Bokassa', 'Kinshasa']],
  [
    'the day it opened is a day open',
    () => ({ openOn: '2000-06-01', depths: [2] }),
    ['Centre de Santé Bokassa', 'École Kinshsa'],
  ],
  ['the day it closed is none', () => ({ openOn: '2010-01-01', depths: [2] }), ['École Kinshsa']],
  [
    'the day of opening',
    () => ({ opened: { from: '2000-06-01', until: '2000-06-01' } }),
    ['Centre de Santé Bokassa'],
  ],
  ['closing by a day', () => ({ closed: { until: '2020-01-01' } }), ['Centre de Santé Bokassa']],
  ['having submissions', () => ({ submissions: {} }), ['Centre de Santé Bokassa', 'Poste de Santé Lufu']],
  ['having none', () => ({ submissions: { presence: 'NONE' }, depths: [2] }), ['École Kinshsa']],
  ['having duplicates', () => ({ submissions: { presence: 'DUPLICATES' } }), ['Centre de Santé Bokassa']],
  [
    'having duplicates in a period',
    () => ({ submissions: { presence: 'DUPLICATES', receivedFrom: '2024-01-15T00:00:00Z' } }),
    [],
  ],
  [
    'having submissions of a form',
    () => ({ submissions: { forms: [forms.count] } }),
    ['Poste de Santé Lufu'],
  ],
  [
    'having submissions in a period, its end excluded',
    () => ({ submissions: { receivedFrom: '2024-02-01T00:00:00Z', receivedBefore: '2024-03-01T00:00:00Z' } }),
    ['Centre de Santé Bokassa'],
  ],
  ['sources that are others', () => ({ sources: [other.id] }), []],
])('a filter by %s keeps what it says', async (_what, filter, names) => {
  const list = await listed({ filter: filter() });
  expect(list.names).toEqual(names);
  expect(list.totalCount).toBe(names.length);
});

describe('a search', () => {
  it.each([
    ['the same name first, then those spelt a little differently', 'kinshasa', ['Kinshasa', 'École Kinshsa']],
    ['a letter left out', 'kinshsa', ['École Kinshsa', 'Kinshasa']],
    ['two letters swapped', 'GOBME', ['Gombe']],
    ['words in any order, accents folded', 'bokassa sante', ['Centre de Santé Bokassa']],
    ['an alias misspelt', 'mubutu', []],
    ['an alias with a letter replaced', 'mobuto', ['Centre de Santé Bokassa']],
    ['a part of a word', 'okas', ['Centre de Santé Bokassa']],
    ['a code', 'c', null],
    ['nothing like it', 'zanzibar', []],
  ])('finds %s', async (_what, search, names) => {
    const found = await named({ search }, 'RELEVANCE');
    if (names === null) expect(found[0]).toBe('Centre de Santé Bokassa');
    else if (search === 'mubutu') expect(found).toEqual(['Centre de Santé Bokassa']);
    else expect(found).toEqual(names);
  });

  it('of nothing but spaces keeps everything', async () => {
    expect(await named({ search: ' - ' })).toEqual(all);
  });

  it('knows a name from the moment it is written', async () => {
    const unit = await story.unit(source.id, { name: 'Mbandaka' });
    expect(await named({ search: 'mbandkaa' })).toEqual(['Mbandaka']);
    await story.edit(unit, { name: 'Coquilhatville' });
    expect(await named({ search: 'mbandkaa' })).toEqual([]);
    expect(await named({ search: 'cokilhatville' })).toEqual(['Coquilhatville']);
    await story.remove((await story.states(source.draft.id, { ids: [unit.unitId] }))[0]);
  });

  it('finds nothing of another account', async () => {
    const { data, errors } = await registry.ask(
      '{ orgUnits(filter: { search: "kinshasa" }) { totalCount } }',
      {},
      registry.twin.administrator,
    );
    expect(errors).toEqual([]);
    expect(data.orgUnits.totalCount).toBe(0);
  });
});

it('without a source the list is of all sources, and pages go on over their borders', async () => {
  for (const sort of ['NAME', 'TREE', 'RELEVANCE']) {
    const whole = await listed({ source: null, sort, filter: { search: 'kinshasa' } });
    expect([...whole.names].sort()).toEqual(['Kinsala', 'Kinshasa', 'École Kinshsa']);
    expect(whole.totalCount).toBe(3);
    expect(await pagedNames({ source: null, sort, filter: { search: 'kinshasa' } })).toEqual(whole.names);
  }
  expect((await listed({ source: null, filter: { sources: [other.id, 'x'] } })).names).toEqual(['Kinsala']);
});

describe('several sets of filters', () => {
  const anyOf = () => [{ codes: ['A'] }, { subtree: units.gombe.unitId }, { search: 'goma' }];

  it('are united in one list, each unit once, with the index of the first set that keeps it', async () => {
    const list = await listed({ anyOf: anyOf() });
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
    const list = await listed({ anyOf: anyOf(), filter: { statuses: ['VALID'] } });
    expect(list.names).toEqual(['Gombe']);
    expect(list.setCounts).toEqual([1, 1, 0]);
  });

  it.each(['NAME', 'NAME_DESC', 'TREE', 'RELEVANCE', 'CODE', 'DEPTH_DESC'])(
    'give every unit once over pages sorted by %s',
    async (sort) => {
      const whole = await listed({ anyOf: anyOf(), sort });
      expect(await pagedNames({ anyOf: anyOf(), sort })).toEqual(whole.names);
    },
  );

  it('without a set, or with more than ten, are BAD_USER_INPUT', async () => {
    for (const count of [0, 11]) {
      const variables = { source: source.id, sort: 'NAME', first: 1, anyOf: Array(count).fill({}) };
      const { code, errors } = await registry.ask(LIST, variables);
      expect(code).toBe('BAD_USER_INPUT');
      expect(errors[0]?.extensions?.details).toMatchObject({ path: ['anyOf'] });
    }
  });
});

async function pagedNames(variables: Record<string, unknown>): Promise<string[]> {
  const names: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: Data = await listed({ ...variables, first: 2, after });
    names.push(...page.names);
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage) return names;
  }
}

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
    'WRITTEN_AT',
  ].flatMap((column) => [column, `${column}_DESC`]),
)('sorted by %s, pages give every unit once', async (sort) => {
  const whole = await listed({ sort });
  expect([...whole.names].sort()).toEqual([...all].sort());
  expect(await pagedNames({ sort })).toEqual(whole.names);
});

it('units without a date come last, in both directions', async () => {
  const dated = ['Kinshasa', 'Centre de Santé Bokassa', 'Poste de Santé Lufu'];
  expect((await listed({ sort: 'OPENING_DATE' })).names.slice(0, 3)).toEqual(dated);
  expect((await listed({ sort: 'OPENING_DATE_DESC' })).names.slice(0, 3)).toEqual([...dated].reverse());
});

describe('a filter by links', () => {
  beforeAll(async () => {
    const link = (unit: string, status: string) =>
      registry.data('mutation ($input: CreateLinkInput!) { createLink(input: $input) { id } }', {
        input: { unitId: units[unit].unitId, otherUnitId: units.kinsala.unitId, status },
      });
    await link('kinshasa', 'ACCEPTED');
    await link('goma', 'PROPOSED');
  });

  it.each([
    ['accepted ones without a word', () => ({}), ['Kinshasa']],
    ['their status', () => ({ statuses: ['PROPOSED', 'ACCEPTED'] }), ['Goma', 'Kinshasa']],
    ['the unit they lead to', () => ({ unit: units.kinsala.unitId }), ['Kinshasa']],
    ['the source they lead to', () => ({ source: other.id }), ['Kinshasa']],
    ['another source', () => ({ source: source.id }), []],
    ['having none', () => ({ has: false }), all.filter((name) => name !== 'Kinshasa')],
  ])('keeps units by %s', async (_what, links, names) => {
    expect(await named({ links: links() })).toEqual(names);
  });

  it('looks at a link from both sides', async () => {
    const list = await listed({ source: other.id, filter: { links: { unit: units.kinshasa.unitId } } });
    expect(list.names).toEqual(['Kinsala']);
  });
});

it.each([
  ['a subtree that is not there', { subtree: newId() }, 'NOT_FOUND'],
  ['an excluded subtree that is not there', { excludedSubtrees: ['x'] }, 'NOT_FOUND'],
  [
    'a range that ends before it begins',
    { opened: { from: '2020-01-02', until: '2020-01-01' } },
    'BAD_USER_INPUT',
  ],
  ['a search of too many words', { search: 'a b c d e f g h i' }, 'BAD_USER_INPUT'],
  ['too many subtrees', { subtrees: Array(101).fill('x') }, 'BAD_USER_INPUT'],
  [
    'a period without time',
    { submissions: { receivedFrom: '2024-01-01T00:00:00Z', receivedBefore: '2024-01-01T00:00:00Z' } },
    'BAD_USER_INPUT',
  ],
])('%s is refused', async (_what, filter, expected) => {
  const { code } = await registry.ask(LIST, { source: source.id, sort: 'NAME', first: 1, filter });
  expect(code).toBe(expected);
});

it('a filter by what the viewer may not read is FORBIDDEN', async () => {
  const reader = await seedMember(registry.database, registry.account.accountId, {
    permissions: ['org_units.read'],
  });
  for (const filter of [{ submissions: {} }, { links: {} }]) {
    const variables = { source: source.id, sort: 'NAME', first: 1 };
    expect((await registry.ask(LIST, { ...variables, anyOf: [filter] }, reader)).code).toBe('FORBIDDEN');
    expect((await registry.ask(LIST, { ...variables, filter }, reader)).code).toBe('FORBIDDEN');
  }
});

it('the subtree of a unit of another source keeps nothing of this one', async () => {
  expect(
    (
      await registry.ask(LIST, {
        source: source.id,
        sort: 'NAME',
        first: 9,
        filter: { subtree: units.kinsala.unitId },
      })
    ).code,
  ).toBe('NOT_FOUND');
  expect((await listed({ source: null, filter: { subtree: units.kinsala.unitId } })).names).toEqual([
    'Kinsala',
  ]);
});
