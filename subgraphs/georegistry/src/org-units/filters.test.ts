import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import { ALL, LIST, ListedUnits } from '../testing/listed-units';

let tree: ListedUnits;
beforeAll(async () => {
  tree = await ListedUnits.seed();
});
afterAll(() => tree.registry.close());

it.each([
  ['ids', () => ({ ids: [tree.units.goma.unitId, newId(), 'x'] }), ['Goma']],
  ['ids left out', () => ({ excludedIds: [tree.units.goma.unitId], isRoot: true }), ['Kinshasa']],
  ['codes', () => ({ codes: ['A', 'a', 'C'] }), ['Goma', 'Gombe']],
  [
    'several subtrees',
    () => ({ subtrees: [tree.units.goma.unitId, tree.units.post.unitId] }),
    ['Goma', 'Poste de Santé Lufu'],
  ],
  [
    'a subtree within another, each unit once',
    () => ({ subtrees: [tree.units.kinshasa.unitId, tree.units.gombe.unitId] }),
    ALL.filter((n) => n !== 'Goma'),
  ],
  ['excluded subtrees', () => ({ excludedSubtrees: [tree.units.gombe.unitId] }), ['Goma', 'Kinshasa']],
  [
    'a subtree without its root',
    () => ({ subtree: tree.units.kinshasa.unitId, excludedIds: [tree.units.kinshasa.unitId], depths: [1] }),
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
    'defect 14: having duplicates, whatever else is asked',
    () => ({ submissions: { presence: 'DUPLICATES' }, depths: [2], search: 'sante', excludedIds: [newId()] }),
    ['Centre de Santé Bokassa'],
  ],
  [
    'having duplicates in a period',
    () => ({ submissions: { presence: 'DUPLICATES', receivedFrom: '2024-01-15T00:00:00Z' } }),
    [],
  ],
  [
    'having submissions of a form',
    () => ({ submissions: { forms: [tree.forms.count] } }),
    ['Poste de Santé Lufu'],
  ],
  [
    'having submissions in a period, its end excluded',
    () => ({ submissions: { receivedFrom: '2024-02-01T00:00:00Z', receivedBefore: '2024-03-01T00:00:00Z' } }),
    ['Centre de Santé Bokassa'],
  ],
  ['sources that are others', () => ({ sources: [tree.other.id] }), []],
])('a filter by %s keeps what it says', async (_what, filter, names) => {
  const list = await tree.listed({ filter: filter() });
  expect(list.names).toEqual(names);
  expect(list.totalCount).toBe(names.length);
});

const LINK = 'mutation ($input: CreateLinkInput!) { createLink(input: $input) { id } }';

describe('a filter by links', () => {
  beforeAll(async () => {
    const link = (unit: string, status: string) =>
      tree.registry.data(LINK, {
        input: { unitId: tree.units[unit].unitId, otherUnitId: tree.units.kinsala.unitId, status },
      });
    await link('kinshasa', 'ACCEPTED');
    await link('goma', 'PROPOSED');
  });

  it.each([
    ['accepted ones without a word', () => ({}), ['Kinshasa']],
    ['their status', () => ({ statuses: ['PROPOSED', 'ACCEPTED'] }), ['Goma', 'Kinshasa']],
    ['the unit they lead to', () => ({ unit: tree.units.kinsala.unitId }), ['Kinshasa']],
    ['the source they lead to', () => ({ source: tree.other.id }), ['Kinshasa']],
    ['another source', () => ({ source: tree.source.id }), []],
    ['having none', () => ({ has: false }), ALL.filter((name) => name !== 'Kinshasa')],
  ])('keeps units by %s', async (_what, links, names) => {
    expect(await tree.named({ links: links() })).toEqual(names);
  });

  it('tells nobody of a link to a unit out of their scope', async () => {
    const member = await seedMember(tree.registry.database, tree.registry.account.accountId, {
      permissions: ['org_units.read', 'org_units.edit', 'links.read'],
      scope: { unitIds: [tree.units.kinshasa.unitId] },
    });
    const linked = { source: tree.source.id, sort: 'NAME', first: 9, filter: { links: {} } };
    expect((await tree.registry.ask(LIST, linked, member)).data.orgUnits.totalCount).toBe(0);
  });

  it('looks at a link from both sides', async () => {
    const list = await tree.listed({
      source: tree.other.id,
      filter: { links: { unit: tree.units.kinshasa.unitId } },
    });
    expect(list.names).toEqual(['Kinsala']);
  });

  it('keeps units linked to units that a version holds, and to none of another', async () => {
    const { story } = tree;
    const third = await story.source();
    const gom = await story.unit(third.id, { name: 'Gom' });
    await tree.registry.data(LINK, { input: { unitId: tree.units.goma.unitId, otherUnitId: gom.unitId } });
    const before = await story.release(third.id);
    expect((await story.remove(gom)).errors).toEqual([]);
    const after = await story.release(third.id);
    expect(await tree.named({ links: { version: before.id } })).toEqual(['Goma']);
    expect(await tree.named({ links: { version: after.id } })).toEqual([]);
    expect(await tree.refusal({ links: { version: newId() } })).toBe('NOT_FOUND');
    const reader = await seedMember(tree.registry.database, tree.registry.account.accountId, {
      permissions: ['org_units.read', 'links.read'],
    });
    const filter = { links: { version: tree.source.draft.id } };
    const asked = { source: null, sort: 'NAME', first: 1, filter };
    expect((await tree.registry.ask(LIST, asked, reader)).code).toBe('NOT_FOUND');
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
  const { code } = await tree.registry.ask(LIST, { source: tree.source.id, sort: 'NAME', first: 1, filter });
  expect(code).toBe(expected);
});

it('a filter by what the viewer may not read is FORBIDDEN', async () => {
  const reader = await seedMember(tree.registry.database, tree.registry.account.accountId, {
    permissions: ['org_units.read'],
  });
  for (const filter of [{ submissions: {} }, { links: {} }]) {
    const variables = { source: tree.source.id, sort: 'NAME', first: 1 };
    expect((await tree.registry.ask(LIST, { ...variables, anyOf: [filter] }, reader)).code).toBe('FORBIDDEN');
    expect((await tree.registry.ask(LIST, { ...variables, filter }, reader)).code).toBe('FORBIDDEN');
  }
});

it('the subtree of a unit of another source keeps nothing of this one', async () => {
  expect(
    (
      await tree.registry.ask(LIST, {
        source: tree.source.id,
        sort: 'NAME',
        first: 9,
        filter: { subtree: tree.units.kinsala.unitId },
      })
    ).code,
  ).toBe('NOT_FOUND');
  expect((await tree.listed({ source: null, filter: { subtree: tree.units.kinsala.unitId } })).names).toEqual(
    ['Kinsala'],
  );
});
