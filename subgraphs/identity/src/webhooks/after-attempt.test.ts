import fc from 'fast-check';
import { afterAttempt, PATIENCE_MS, waitMs } from './after-attempt';

const now = new Date('2026-01-10T00:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const seen = { attempt: 1, status: 500, now, firstAt: now, failingSince: now, random: 0.5 };

it('waits grow from seconds to six hours, a fifth shorter or longer', () => {
  expect([1, 2, 3, 8, 9, 100].map((attempt) => waitMs(attempt, 0.5) / 1000)).toEqual([
    5, 30, 120, 21_600, 21_600, 21_600,
  ]);
  expect([waitMs(1, 0), waitMs(1, 1)]).toEqual([4000, 6000]);
});

it.each([200, 202, 204, 299])('an answer %i delivers', (status) => {
  expect(afterAttempt({ ...seen, status, failingSince: ago(PATIENCE_MS * 2) })).toEqual({
    status: 'DELIVERED',
    waitMs: 0,
    disable: null,
  });
});

it.each([null, 199, 301, 302, 400, 404, 429, 500, 503])('an answer %p is tried again', (status) => {
  expect(afterAttempt({ ...seen, status })).toEqual({ status: 'PENDING', waitMs: 5000, disable: null });
});

it('410 disables the webhook at once, and what waits stays', () => {
  expect(afterAttempt({ ...seen, status: 410 })).toMatchObject({ status: 'PENDING', disable: 'GONE' });
});

it('a delivery is parked when its next attempt would come after three days', () => {
  const attempt = 20;
  expect(afterAttempt({ ...seen, attempt, firstAt: ago(PATIENCE_MS - waitMs(20, 0.5)) }).status).toBe(
    'PENDING',
  );
  expect(afterAttempt({ ...seen, attempt, firstAt: ago(PATIENCE_MS - waitMs(20, 0.5) + 1) }).status).toBe(
    'PARKED',
  );
});

it('a webhook without a success for three days is disabled', () => {
  expect(afterAttempt({ ...seen, failingSince: ago(PATIENCE_MS) }).disable).toBe('FAILING');
  expect(afterAttempt({ ...seen, failingSince: ago(PATIENCE_MS - 1) }).disable).toBeNull();
});

it('a receiver that never comes back is tried a bounded number of times', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (random) => {
      let passed = 0;
      let attempt = 0;
      for (let status = 'PENDING'; status === 'PENDING'; ) {
        attempt++;
        const next = afterAttempt({ ...seen, attempt, firstAt: ago(passed), random });
        status = next.status;
        passed += next.waitMs;
      }
      expect(attempt).toBeGreaterThan(12);
      expect(attempt).toBeLessThan(30);
    }),
  );
});
