/**
 * What comparing two sources of a million units costs, from the request to the end of its job, against a full join
 * in SQL that writes the same rows. One in twenty units differs.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { AccountDatabase } from '@iroko/database';
import { ApiClient } from '../../src/client/api-client';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { ownStack } from '../own-stack';
import { alternate } from '../rounds';
import { withLateIndexes } from '../tree/late-indexes';
import { type BenchTree, makeTree } from '../tree/make-tree';
import {
  type ComparedVersions,
  checksum,
  deleteComparisons,
  emptyComparison,
  fullJoin,
} from './full-join.sql';

const ONE_IN = 20;
const POLL_MS = 50;

async function run(options: BenchmarkOptions): Promise<Measurement> {
  const changes = Math.max(1, Math.floor(options.rows / ONE_IN));
  let trees: [BenchTree, BenchTree] | undefined;
  const stack = await ownStack(options, async (database, account) => {
    const db = database.forAccount(account.actor);
    options.report(`Making two trees of ${options.rows} units, and ${changes} changes in the second`);
    trees = await withLateIndexes(database, options.report, async () => [
      await makeTree(db, { ...options, name: 'First' }),
      await makeTree(db, { ...options, name: 'Second', changes }),
    ]);
  });
  const [first, second] = trees as [BenchTree, BenchTree];
  const db = stack.database.forAccount(stack.account.actor);
  const client = new ApiClient(stack.server.url, stack.account.administrator.apiToken);
  const versions: ComparedVersions = {
    before: { versionId: first.firstVersionId, sourceId: first.sourceId, number: 1 },
    after: { versionId: second.secondVersionId ?? '', sourceId: second.sourceId, number: 2 },
  };
  await compareAnswers(db, await compared(client, versions), await joined(db, versions), changes);
  const result = await alternate(
    {
      ours: async () => {
        await deleteComparisons(db);
        return seconds(() => compared(client, versions));
      },
      baseline: async () => {
        await deleteComparisons(db);
        return seconds(() => joined(db, versions));
      },
    },
    options,
    's',
  );
  return { ...result, peakRssMb: stack.server.peakRssMb(), details: { changes, rowsWritten: changes } };
}

async function compared(client: ApiClient, { before, after }: ComparedVersions): Promise<string> {
  const { compareVersions } = await client.graphql<{ compareVersions: { id: string; job: { id: string } } }>(
    'mutation ($input: CompareVersionsInput!) { compareVersions(input: $input) { id job { id } } }',
    { input: { from: before.versionId, to: after.versionId } },
  );
  for (;;) {
    const { job } = await client.graphql<{ job: { status: string; error: { message: string } | null } }>(
      'query ($id: ID!) { job(id: $id) { status error { message } } }',
      { id: compareVersions.job.id },
    );
    if (job.status === 'SUCCEEDED') return compareVersions.id;
    if (job.status !== 'QUEUED' && job.status !== 'RUNNING')
      throw new Error(job.error?.message ?? job.status);
    await pause(POLL_MS);
  }
}

/** The record and its rows in one transaction, as the job writes them. */
const joined = (db: AccountDatabase, versions: ComparedVersions): Promise<string> =>
  db.transaction(async (tx) => {
    const id = await emptyComparison(tx, versions);
    await fullJoin(tx, id, versions);
    return id;
  });

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function compareAnswers(db: AccountDatabase, ours: string, theirs: string, changes: number) {
  const [a, b] = [await checksum(db, ours), await checksum(db, theirs)];
  if (a.rows === changes && isDeepStrictEqual(a, b)) return;
  throw new Error(`The rows of both sides differ: ${JSON.stringify(a)}, ${JSON.stringify(b)}.`);
}

export const compare: Benchmark = {
  name: 'compare',
  description:
    'Two sources of a million units each, every column compared, against a full join writing the same',
  unit: 's',
  goal: { atMost: 3 },
  defaultRows: 1_000_000,
  run,
};
