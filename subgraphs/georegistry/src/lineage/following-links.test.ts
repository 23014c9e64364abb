import { followingLinks } from './following-links';

const link = (id: string, successorIds: string[], otherUnitId = `other of ${id}`) => ({
  id,
  unitId: `unit of ${id}`,
  otherUnitId,
  otherSourceId: 's',
  successorIds,
});

it('the only successor of a unit takes over its link', () => {
  expect(followingLinks([link('a', ['n'])], new Set())).toEqual({
    ended: ['a'],
    following: [{ fromId: 'a', unitId: 'n', otherUnitId: 'other of a', status: 'ACCEPTED' }],
  });
});

it('where there are several successors, several links for one, or an accepted one already, somebody looks', () => {
  const statuses = (links: ReturnType<typeof link>[], taken: string[] = []) =>
    followingLinks(links, new Set(taken)).following.map(({ status }) => status);
  expect(statuses([link('a', ['n', 'm'])])).toEqual(['PROPOSED', 'PROPOSED']);
  expect(statuses([link('a', ['n']), link('b', ['n'])])).toEqual(['PROPOSED', 'PROPOSED']);
  expect(statuses([link('a', ['n'])], ['n s'])).toEqual(['PROPOSED']);
  expect(statuses([link('a', ['n']), { ...link('b', ['n']), otherSourceId: 't' }])).toEqual([
    'ACCEPTED',
    'ACCEPTED',
  ]);
});

it('a unit that closed without a successor keeps its link', () => {
  expect(followingLinks([link('a', [])], new Set())).toEqual({ ended: [], following: [] });
});
