import { BoundedCache } from './bounded-cache';

let now = 0;
const cache = () => new BoundedCache<number>(2, () => now);

beforeEach(() => {
  now = 0;
});

it('forgets an entry at its end', () => {
  const kept = cache();
  kept.set('a', 1, 10);
  now = 9;
  expect(kept.get('a')).toBe(1);
  now = 10;
  expect(kept.get('a')).toBeUndefined();
});

it('never holds more than it may, and lets go what was not used for longest', () => {
  const kept = cache();
  kept.set('a', 1, 10);
  kept.set('b', 2, 10);
  kept.get('a');
  kept.set('c', 3, 10);
  expect([kept.get('a'), kept.get('b'), kept.get('c'), kept.size]).toEqual([1, undefined, 3, 2]);
});

it('drops what it is told to', () => {
  const kept = cache();
  kept.set('a', 1, 10);
  kept.set('b', 2, 10);
  kept.deleteWhere((value) => value === 1);
  expect([kept.get('a'), kept.get('b')]).toEqual([undefined, 2]);
});
