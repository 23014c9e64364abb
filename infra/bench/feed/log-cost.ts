/** What the log costs those who write: the same server with it and without it. */
import { join } from 'node:path';
import { ApiClient } from '../../src/client/api-client';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { writeCsvTree } from '../import/csv-tree';
import { createSource, importFile } from '../import/import-client';
import { ownStack } from '../own-stack';
import { alternate } from '../rounds';

const WITHOUT_LOG = ['--require', join(__dirname, 'without-log.cjs')];

type Work = (client: ApiClient, run: number, dataDir: string) => Promise<number>;

async function compare(options: BenchmarkOptions, work: Work): Promise<Measurement> {
  const sides = [];
  for (const execArgv of [[], WITHOUT_LOG]) {
    const stack = await ownStack(options, async () => undefined, execArgv);
    sides.push({ stack, client: new ApiClient(stack.server.url, stack.account.administrator.apiToken) });
  }
  const [withLog, without] = sides;
  if (!withLog || !without) throw new Error('Two servers were to be started.');
  let run = 0;
  const side = (each: typeof withLog) => () => work(each.client, ++run, each.stack.own.dataDir);
  const figures = await alternate({ ours: side(withLog), baseline: side(without) }, options, 's');
  return { ...figures, peakRssMb: withLog.stack.server.peakRssMb() };
}

/** Mutations one after the other. */
const mutations =
  (options: BenchmarkOptions): Work =>
  async (client, run) => {
    const began = performance.now();
    for (let index = 0; index < options.rows; index++) {
      await client.graphql(
        'mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { id } }',
        {
          input: { name: `Type ${run} ${index}` },
        },
      );
    }
    return (performance.now() - began) / 1000;
  };

const imports =
  (options: BenchmarkOptions): Work =>
  async (client, run, dataDir) => {
    const path = join(dataDir, `tree ${run}.csv`);
    await writeCsvTree(path, { ...options, renameEvery: 0 });
    const fileId = await client.uploadFile(path);
    const source = await createSource(client, `Import ${run}`);
    return (await importFile(client, source, fileId)).seconds;
  };

export const logCostOfMutations: Benchmark = {
  name: 'log-cost-mutation',
  description: 'Single mutations with the log, against the same server without it',
  unit: 's',
  goal: { atMost: 1.15 },
  defaultRows: 300,
  run: (options) => compare(options, mutations(options)),
};

export const logCostOfImports: Benchmark = {
  name: 'log-cost-import',
  description: 'An import with the log, against the same server without it',
  unit: 's',
  goal: { atMost: 1.15 },
  defaultRows: 20_000,
  run: (options) => compare(options, imports(options)),
};
