/** The same file again with a thousand changes, or with half of its units changed; against the first import. */
import { join } from 'node:path';
import { ApiClient } from '../../src/client/api-client';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { ownStack } from '../own-stack';
import { median } from '../statistics';
import { CopiedRows } from './copy-rows';
import { writeCsvTree } from './csv-tree';
import { createSource, importFile, release } from './import-client';

async function measure(options: BenchmarkOptions, renameEvery: number): Promise<Measurement> {
  const stack = await ownStack(options, async () => undefined);
  const client = new ApiClient(stack.server.url, stack.account.administrator.apiToken);
  const files = {
    first: join(stack.own.dataDir, 'first.csv'),
    second: join(stack.own.dataDir, 'second.csv'),
  };
  options.report(`Writing two CSV files of ${options.rows} units`);
  await writeCsvTree(files.first, { ...options, renameEvery: 0 });
  const changes = await writeCsvTree(files.second, { ...options, renameEvery });
  const [first, second] = [await client.uploadFile(files.first), await client.uploadFile(files.second)];
  const copied = new CopiedRows(stack.database, stack.own.dataDir);
  const runs = { value: [] as number[], baseline: [] as number[] };
  const rounds = options.rows >= 500_000 ? 1 : options.rounds;
  let steps: Record<string, number> = {};
  for (let round = 0; round <= rounds; round++) {
    await copied.clear();
    const source = await createSource(client, `Re-import ${round}`);
    const before = await importFile(client, source, first);
    await release(client, source);
    const after = await importFile(client, source, second);
    const { changed, added, removed } = after.result.units;
    if (changed !== changes || added + removed > 0)
      throw new Error(`${changed} units changed, not ${changes}.`);
    steps = after.result.milliseconds;
    options.report(
      `${round === 0 ? 'Warm-up' : `Round ${round}`}: first ${before.seconds.toFixed(1)} s, again ${after.seconds.toFixed(1)} s ${JSON.stringify(steps)}`,
    );
    if (round === 0) continue;
    runs.baseline.push(before.seconds);
    runs.value.push(after.seconds);
  }
  return {
    value: median(runs.value),
    baseline: median(runs.baseline),
    runs,
    peakRssMb: stack.server.peakRssMb(),
    details: { changes, stateRowsWritten: changes, steps, rounds },
  };
}

export const reimport: Benchmark = {
  name: 'reimport',
  description: 'The same file of a million units with 1,000 changes, against the first import',
  unit: 's',
  goal: { atMost: 0.25 },
  defaultRows: 1_000_000,
  run: (options) => measure(options, Math.max(2, Math.floor(options.rows / 1000))),
};

export const reimportHalf: Benchmark = {
  name: 'reimport-half',
  description: 'The same file of a million units with half of them changed, against the first import',
  unit: 's',
  goal: { atMost: 1 },
  defaultRows: 1_000_000,
  run: (options) => measure(options, 2),
};
