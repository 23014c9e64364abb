import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { meetsGoal } from './benchmark';
import { Cleanup } from './cleanup';
import { LoadGenerator } from './load-generator';
import { alternate } from './rounds';
import { median, rounded, spread } from './statistics';

describe('the figures of a benchmark', () => {
  it('are medians, with the extremes beside them', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow();
    expect(spread([10, 12.34567, 11])).toBe('11 (min 10, max 12.35)');
    expect(rounded(1234567)).toBe(1_235_000);
  });

  it('come from alternating runs, the first of each thrown away', async () => {
    const order: string[] = [];
    const result = await alternate(
      {
        ours: async () => order.push('ours'),
        baseline: async () => {
          order.push('baseline');
          return 10;
        },
      },
      { rounds: 3, report: () => undefined },
      's',
    );
    expect(order).toEqual(Array.from({ length: 4 }, () => ['ours', 'baseline']).flat());
    expect(result.runs.value).toEqual([3, 5, 7]);
    expect(result).toMatchObject({ value: 5, baseline: 10 });
  });

  it('meet a goal from the right side', () => {
    expect(meetsGoal({ atMost: 1.5 }, 1.5)).toBe(true);
    expect(meetsGoal({ atMost: 1.5 }, 1.51)).toBe(false);
    expect(meetsGoal({ atLeast: 0.5 }, 0.49)).toBe(false);
  });
});

describe('the load generator', () => {
  const cleanup = new Cleanup();
  afterAll(() => cleanup.run());

  /** Answers a fixed text after so many milliseconds and counts what it got. */
  async function server(delayMs: number, status = 200, answer = '{"data":{}}') {
    const seen = { requests: 0, most: 0, open: 0 };
    const http = createServer((request, response) => {
      seen.requests += 1;
      seen.open += 1;
      seen.most = Math.max(seen.most, seen.open);
      request.resume();
      setTimeout(() => {
        seen.open -= 1;
        response.writeHead(status).end(answer);
      }, delayMs);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    cleanup.add(() => http.closeAllConnections());
    cleanup.add(() => void http.close());
    return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`, seen };
  }

  const load = { body: '{"query":"{a}"}', connections: 10, durationMs: 400 };

  it('counts what the server answered, with ten requests under way at once', async () => {
    const { url, seen } = await server(5);
    const result = await new LoadGenerator(cleanup).run({ ...load, url });
    expect(result.requests).toBe(seen.requests);
    expect(seen.most).toBe(10);
    expect(result.p50Ms).toBeGreaterThanOrEqual(4);
    expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms);
  });

  it('refuses to count errors as speed', async () => {
    const { url } = await server(1, 200, '{"errors":[{"message":"no"}]}');
    await expect(new LoadGenerator(cleanup).run({ ...load, url })).rejects.toThrow(/answers failed.*"no"/);
  });
});

describe('the end of a benchmark', () => {
  it('ends everything, the last first, also when one end fails', async () => {
    const cleanup = new Cleanup();
    const ended: number[] = [];
    cleanup.add(() => ended.push(1));
    cleanup.add(() => Promise.reject(new Error('stuck')));
    cleanup.add(() => ended.push(3));
    await expect(cleanup.run()).rejects.toThrow('stuck');
    expect(ended).toEqual([3, 1]);
  });
});
