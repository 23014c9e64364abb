import { Overlaps } from './overlaps';

it('requests that follow one another do not overlap', async () => {
  const overlaps = new Overlaps();
  expect(await overlaps.run('a', async (overlapped) => overlapped())).toBe(false);
  expect(await overlaps.run('a', async (overlapped) => overlapped())).toBe(false);
});

it('requests at the same time overlap, whichever came first, and those of other keys do not', async () => {
  const overlaps = new Overlaps();
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = (key: string) =>
    overlaps.run(key, async (overlapped) => {
      await gate;
      return overlapped();
    });
  const answers = Promise.all([slow('a'), slow('a'), slow('b')]);
  release();
  expect(await answers).toEqual([true, true, false]);
});

it('work that fails is over', async () => {
  const overlaps = new Overlaps();
  await expect(overlaps.run('a', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await overlaps.run('a', async (overlapped) => overlapped())).toBe(false);
});
