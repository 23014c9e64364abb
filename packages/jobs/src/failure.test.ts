import { badInput, conflict, forbidden, unavailable } from '@iroko/errors';
import fc from 'fast-check';
import { retryDelayMs } from './backoff';
import { afterFailure } from './failure';
import type { Progress } from './lease.sql';
import { ProgressWriter } from './progress';

const first = { number: 1, of: 3 };

describe('an attempt that failed', () => {
  it('is made again when the cause may pass, until there are no attempts left', () => {
    for (const cause of [new Error('defect'), unavailable('away'), 'thrown text', undefined]) {
      expect(afterFailure(cause, first, 'r', 0.5)).toMatchObject({ retry: true, delayMs: 5000 });
      expect(afterFailure(cause, { number: 3, of: 3 }, 'r', 0.5).retry).toBe(false);
    }
  });

  it('is not made again when it would fail again', () => {
    for (const cause of [badInput('no'), forbidden('jobs.read'), conflict('held')]) {
      expect(afterFailure(cause, first, 'r', 0.5)).toEqual({
        retry: false,
        error: { code: cause.code, message: cause.message },
      });
    }
  });

  it('is made again later each time, within ten minutes and a quarter, and not at one moment for all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const delay = retryDelayMs(attempt, random);
          expect(delay).toBeGreaterThanOrEqual(3750);
          expect(delay).toBeLessThanOrEqual(750_000);
          expect(retryDelayMs(attempt + 1, random)).toBeGreaterThanOrEqual(delay);
        },
      ),
    );
  });
});

describe('progress', () => {
  const report = (writer: ProgressWriter, done: number) =>
    writer.report({ done, total: null, unit: 'rows', message: null });

  it('is written at once, then seldom, and the last word always', async () => {
    const written: number[] = [];
    const writer = new ProgressWriter(async (progress: Progress) => {
      written.push(progress.done);
    }, 60_000);
    for (let done = 1; done <= 1000; done++) report(writer, done);
    expect(written).toEqual([1]);
    await writer.flush();
    await writer.flush();
    expect(written).toEqual([1, 1000]);
  });

  it('is written in its order, one after the other, also when writing is slow', async () => {
    const written: number[] = [];
    let writing = 0;
    const writer = new ProgressWriter(async (progress: Progress) => {
      expect(++writing).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      writing--;
      written.push(progress.done);
    }, 1);
    for (let done = 1; done <= 50; done++) {
      report(writer, done);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await writer.flush();
    expect(written.at(-1)).toBe(50);
    expect(written).toEqual([...written].sort((a, b) => a - b));
  });
});
