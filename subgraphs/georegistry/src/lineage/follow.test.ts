import fc from 'fast-check';
import { inheritedContent, placeChildren, unitedAliases, unitedGroups } from './follow';

const exclusive = new Map([
  ['urban', ['setting']],
  ['rural', ['setting']],
]);

describe('groups of several units', () => {
  it('come together, of a set with single membership the first one', () => {
    expect(unitedGroups([['rural', 'b'], ['urban', 'a'], ['b']], exclusive)).toEqual(['a', 'b', 'rural']);
    expect(unitedGroups([], exclusive)).toEqual([]);
  });

  it('never break a set, whatever the units were in', () => {
    const list = fc.array(fc.constantFrom('urban', 'rural', 'a', 'b', 'c'));
    fc.assert(
      fc.property(fc.array(list), (lists) => {
        const united = unitedGroups(lists, exclusive);
        expect(united.filter((group) => exclusive.has(group)).length).toBeLessThanOrEqual(1);
        for (const group of new Set(lists.flat())) if (!exclusive.has(group)) expect(united).toContain(group);
      }),
    );
  });
});

it('a successor is found by what the units before it were called', () => {
  const before = [
    { name: 'Mira', aliases: ['M'] },
    { name: 'Sola', aliases: [] },
  ];
  expect(unitedAliases('Mira-Sola', ['MS'], before)).toEqual(['MS', 'Mira', 'M', 'Sola']);
  expect(unitedAliases('Mira', [], before)).toEqual(['M', 'Sola']);
  const many = Array.from({ length: 150 }, (_, n) => ({ name: `n${n}`, aliases: [] }));
  expect(unitedAliases('x', [], many)).toHaveLength(100);
});

describe('a child of a unit that is split', () => {
  const west = ([x]: [number, number]) => x <= 0;
  const east = ([x]: [number, number]) => x >= 0;
  const rule = { assigned: new Map([['told', 1]]), otherTo: null, mayStay: false };
  const child = (unitId: string, x: number | null) => ({
    unitId,
    location: x === null ? null : ([x, 0] as const),
  });

  it('goes where it is told, else where it lies', () => {
    const { placed, undecided } = placeChildren([child('told', -1), child('w', -1), child('e', 1)], rule, [
      west,
      east,
    ]);
    expect([...placed]).toEqual([
      ['told', 1],
      ['w', 0],
      ['e', 1],
    ]);
    expect(undecided).toEqual([]);
  });

  it('that lies in two parts or nowhere goes to the part that takes the others, else nobody decides', () => {
    const children = [child('border', 0), child('nowhere', null)];
    expect(placeChildren(children, rule, [west, east]).undecided).toEqual(['border', 'nowhere']);
    expect([...placeChildren(children, { ...rule, otherTo: 0 }, [west, null]).placed.values()]).toEqual([
      0, 0,
    ]);
    expect([...placeChildren(children, { ...rule, mayStay: true }, [west, east]).placed.values()]).toEqual([
      null,
      null,
    ]);
  });
});

it('a new unit is what the first of those before it was, from the day of effect, unless told otherwise', () => {
  const before = {
    name: 'Old',
    aliases: [],
    code: 'C1',
    typeId: 't',
    parentId: 'p',
    status: 'VALID' as const,
    location: null,
    shapeHash: null,
    openingDate: '2000-01-01',
    closedDate: null,
    groupIds: ['b'],
    attributes: { beds: '4' },
  };
  const rule = { effectiveOn: '2026-01-01', takesPlaceOfOne: true, exclusive };
  expect(inheritedContent({ name: 'New' }, [before], rule)).toMatchObject({
    name: 'New',
    typeId: 't',
    parentId: 'p',
    status: 'VALID',
    openingDate: '2026-01-01',
    groupIds: ['b'],
    code: 'C1',
    attributes: { beds: '4' },
  });
  const told = inheritedContent({ name: 'New', typeId: null, groupIds: [] }, [before], {
    ...rule,
    takesPlaceOfOne: false,
  });
  expect(told).toEqual({
    name: 'New',
    typeId: null,
    parentId: 'p',
    status: 'VALID',
    openingDate: '2026-01-01',
    groupIds: [],
  });
});
