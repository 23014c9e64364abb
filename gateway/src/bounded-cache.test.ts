import { BoundedCache } from './bounded-cache';

describe('a bounded cache', () => {
  it('forgets what was used least recently', () => {
    const cache = new BoundedCache<number>(3);
    for (const [index, key] of ['a', 'b', 'c'].entries()) cache.set(key, index);
    cache.get('a');
    cache.set('d', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.get('d')]).toEqual([0, undefined, 2, 3]);
    expect(cache.size).toBe(3);
  });
});
