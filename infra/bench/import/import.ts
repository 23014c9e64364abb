/** A CSV of a million units, through the API, to a readable draft; against COPY of the same final rows. */
import { join } from 'node:path';
import { ApiClient } from '../../src/client/api-client';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { ownStack } from '../own-stack';
import { alternate } from '../rounds';
import { CopiedRows } from './copy-rows';
import { writeCsvTree } from './csv-tree';
import { createSource, type ImportResult, importFile } from './import-client';

/** A million rows take minutes a run: more rounds than this do not end in a quarter of an hour. */
const ROUNDS_MAX_OF_A_MILLION = 1;

async function run(options: BenchmarkOptions): Promise<Measurement> {
  const stack = await ownStack(options, async () => undefined);
  const client = new ApiClient(stack.server.url, stack.account.administrator.apiToken);
  const path = join(stack.own.dataDir, 'tree.csv');
  options.report(`Writing a CSV of ${options.rows} units`);
  await writeCsvTree(path, { ...options, renameEvery: 0 });
  const fileId = await client.uploadFile(path);
  const copied = new CopiedRows(stack.database, stack.own.dataDir);
  let runs = 0;
  let last: ImportResult | undefined;
  const ours = async () => {
    await copied.clear();
    const source = await createSource(client, `Import ${runs++}`);
    const { seconds, result } = await importFile(client, source, fileId);
    if (result.units.added !== options.rows) throw new Error(`${result.units.added} units were added.`);
    options.report(`Imported in ${seconds.toFixed(1)} s: ${JSON.stringify(result.milliseconds)}`);
    last = result;
    await copied.keep();
    return seconds;
  };
  const rounds = options.rows >= 500_000 ? Math.min(options.rounds, ROUNDS_MAX_OF_A_MILLION) : options.rounds;
  const figures = await alternate({ ours, baseline: () => copied.copy() }, { ...options, rounds }, 's');
  return { ...figures, peakRssMb: stack.server.peakRssMb(), details: { steps: last?.milliseconds, rounds } };
}

export const importBenchmark: Benchmark = {
  name: 'import',
  description: 'A CSV of a million units to a readable draft, against COPY of the same final rows',
  unit: 's',
  goal: { atMost: 1.5 },
  defaultRows: 1_000_000,
  run,
};
