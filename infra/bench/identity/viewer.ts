/**
 * What it costs to know whom a request acts for: building the Viewer of a token, as every request does, against a
 * whole request for a list of units. Verified tokens and rights are kept for seconds, so nearly every request finds
 * them; the look-up that begins each ten seconds is in the figure, one in as many as a second of requests holds.
 */
import { Viewers } from '@iroko/viewer';
import { ApiClient } from '../../src/client/api-client';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { LIST_QUERY } from '../gateway/queries';
import { ownStack } from '../own-stack';
import { alternate } from '../rounds';
import { type BenchTree, makeTree } from '../tree/make-tree';

const ROWS = 100_000;
const VIEWERS = 20_000;
const REQUESTS = 200;
/** A fresh set of caches for so many viewers: fewer than ten seconds of a busy process. */
const VIEWERS_PER_CACHE = 1000;

async function run(options: BenchmarkOptions): Promise<Measurement> {
  let tree: BenchTree | undefined;
  const { server, database, account } = await ownStack(options, async (filled, of) => {
    options.report(`Making a tree of ${options.rows} units`);
    tree = await makeTree(filled.forAccount(of.actor), options);
    await filled.pool.query('VACUUM ANALYZE');
  });
  const { accessToken } = account.administrator;
  const client = new ApiClient(server.url, accessToken);
  const variables = { source: (tree as BenchTree).sourceId };
  const viewersMs = async () => {
    const startedAt = performance.now();
    for (let made = 0; made < VIEWERS; made += VIEWERS_PER_CACHE) {
      const viewers = new Viewers(database);
      for (let one = 0; one < VIEWERS_PER_CACHE; one += 1) {
        await viewers.fromAuthorization(`Bearer ${accessToken}`);
      }
      await viewers.close();
    }
    return (performance.now() - startedAt) / VIEWERS;
  };
  const requestsMs = async () => {
    const startedAt = performance.now();
    for (let asked = 0; asked < REQUESTS; asked += 1) await client.graphql(LIST_QUERY, variables);
    return (performance.now() - startedAt) / REQUESTS;
  };
  const result = await alternate({ ours: viewersMs, baseline: requestsMs }, options, 'ms');
  return { ...result, peakRssMb: server.peakRssMb(), details: { viewersPerCache: VIEWERS_PER_CACHE } };
}

export const viewer: Benchmark = {
  name: 'viewer',
  description: 'building the viewer of a request, against a request for 50 units with parent and groups',
  unit: 'ms',
  goal: { atMost: 0.03 },
  defaultRows: ROWS,
  run,
};
