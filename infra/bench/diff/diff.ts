/**
 * What comparing two versions costs: the first page of the difference, asked through the API, against a full join
 * of both versions in SQL. Of a thousand changes in a million units the first must not read the million.
 */
import { isDeepStrictEqual } from 'node:util';
import { ApiClient } from '../../src/client/api-client';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { ownStack } from '../own-stack';
import { alternate } from '../rounds';
import { withLateIndexes } from '../tree/late-indexes';
import { type BenchTree, makeTree } from '../tree/make-tree';
import { fullJoinPage, type JoinedRow } from './full-join.sql';

const CHANGES = 1000;
const PAGE = 50;
/** Requests per run: a single one of a few milliseconds is mostly chance. */
const REQUESTS = 20;

const DIFFERENCE = `query Difference($from: ID!, $to: ID!, $first: Int!) {
  versionDiff(from: $from, to: $to) {
    units(first: $first) { nodes { kind reference fields { field before after } } }
  }
}`;

interface Answer {
  versionDiff: {
    units: { nodes: { reference: string; fields: { field: string; before: string; after: string }[] }[] };
  };
}

async function run(options: BenchmarkOptions): Promise<Measurement> {
  const changes = Math.min(CHANGES, Math.floor(options.rows / 10));
  let tree: BenchTree | undefined;
  const stack = await ownStack(options, async (database, account) => {
    options.report(`Making a tree of ${options.rows} units, and ${changes} changes in it`);
    const db = database.forAccount(account.actor);
    tree = await withLateIndexes(database, options.report, () => makeTree(db, { ...options, changes }));
  });
  const { sourceId, firstVersionId, secondVersionId } = tree as BenchTree;
  const db = stack.database.forAccount(stack.account.actor);
  const client = new ApiClient(stack.server.url, stack.account.administrator.apiToken);
  const variables = { from: firstVersionId, to: secondVersionId, first: PAGE };
  const firstPage = () => client.graphql<Answer>(DIFFERENCE, variables);
  compareAnswers(await firstPage(), await fullJoinPage(db, sourceId, PAGE));
  const result = await alternate(
    {
      ours: () => milliseconds(firstPage, REQUESTS),
      baseline: () => milliseconds(() => fullJoinPage(db, sourceId, PAGE), 1),
    },
    options,
    'ms',
  );
  return { ...result, peakRssMb: stack.server.peakRssMb(), details: { changes, page: PAGE } };
}

async function milliseconds(work: () => Promise<unknown>, times: number): Promise<number> {
  const started = performance.now();
  for (let time = 0; time < times; time += 1) await work();
  return (performance.now() - started) / times;
}

function compareAnswers(ours: Answer, baseline: JoinedRow[]): void {
  const rows = ours.versionDiff.units.nodes.map(({ reference, fields }) => {
    const name = fields.find(({ field }) => field === 'NAME');
    return { reference, nameBefore: name?.before, nameAfter: name?.after };
  });
  if (rows.length === PAGE && isDeepStrictEqual(rows, baseline)) return;
  throw new Error(
    `The page of the API and that of the full join differ:\n${JSON.stringify(rows.slice(0, 5))}\n${JSON.stringify(baseline.slice(0, 5))}`,
  );
}

export const diff: Benchmark = {
  name: 'diff',
  description: 'The first page of 1,000 changes in a million units, against a full join of both versions',
  unit: 'ms',
  goal: { atMost: 0.01 },
  defaultRows: 1_000_000,
  run,
};
