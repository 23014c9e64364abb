import fc from 'fast-check';
import { differingFields, picked } from '../revisions';
import { textPattern } from './search/like-text';
import { CONTENT_FIELDS, EMPTY_CONTENT, edited, unitKeys } from './unit-content';

const content = edited(EMPTY_CONTENT, { name: 'Hôpital', aliases: ['HG'], code: 'H 1' });

it('an edit changes exactly the fields it names', () => {
  const edit = fc.record(
    {
      name: fc.constantFrom('A', 'B'),
      code: fc.constantFrom('', 'x'),
      status: fc.constantFrom('NEW' as const, 'VALID' as const),
      location: fc.constantFrom(null, { longitude: 0, latitude: 0, altitude: null }),
      openingDate: fc.constantFrom(null, '2020-01-01'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(edit, edit, (first, second) => {
      const before = edited(content, first);
      const after = edited(before, second);
      const changed = differingFields(picked(before, CONTENT_FIELDS), picked(after, CONTENT_FIELDS));
      for (const field of changed) expect(Object.keys(second)).toContain(field);
      expect(after).toEqual({ ...before, ...second });
    }),
  );
});

it('an edit that repeats what is there changes nothing', () => {
  expect(edited(content, { ...content })).toEqual(content);
});

it.each([[{ longitude: 0, latitude: 0, altitude: 0 }], [{ longitude: -180, latitude: 90, altitude: null }]])(
  'the location %j is one like any other',
  (location) => {
    expect(edited(content, { location }).location).toEqual(location);
  },
);

it.each([
  [{ location: { longitude: Number.NaN, latitude: 0, altitude: null } }],
  [{ location: { longitude: 0, latitude: 90.1, altitude: null } }],
  [{ location: { longitude: 0, latitude: 0, altitude: 1e9 } }],
  [{ aliases: Array.from({ length: 101 }, (_, index) => `a${index}`) }],
  [{ name: 'a\0b' }],
])('%j is refused', (edit) => {
  expect(() => edited(content, edit)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
});

it('a name of 255 characters outside the basic plane is no longer than one of 255 letters', () => {
  expect(edited(content, { name: '𐓀'.repeat(255) }).name).toHaveLength(510);
});

it('the search key holds name, aliases, code and reference, folded, each on its own line', () => {
  expect(unitKeys(content, 'Réf')).toEqual({ nameKey: 'hopital', searchKey: 'hopital\nhg\nh 1\nref' });
  expect(unitKeys({ name: 'A', aliases: [], code: '' }, 'r').searchKey).toBe('a\nr');
});

it('a text to look for is a pattern without meaning of its own', () => {
  expect(textPattern(' 50%_\\ É ')).toBe('%50\\%\\_\\\\ e%');
  expect(textPattern('   ')).toBeUndefined();
});
