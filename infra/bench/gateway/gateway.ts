/**
 * What the gateway costs: requests a second of Iroko, all in one, signed in, through federation, against a plain
 * graphql-js server that runs the same statements.
 */
import { join } from 'node:path';
import type { Database } from '@iroko/database';
import type { SeededAccount } from '@iroko/testing';
import { ApiClient } from '../../src/client/api-client';
import { randomFor } from '../../src/demo/random';
import { VISIT_FORM, visitAnswers } from '../../src/demo/visit-form';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { ownStack } from '../own-stack';
import { startServer } from '../server-process';
import { type BenchTree, makeTree } from '../tree/make-tree';
import { compare } from './compare';
import { FEDERATED_QUERY, LIST_QUERY } from './queries';

const ROWS = 100_000;
const SUBMISSIONS = 200;

async function bothServers(options: BenchmarkOptions) {
  let tree: BenchTree | undefined;
  const fill = async (database: Database, account: SeededAccount) => {
    options.report(`Making a tree of ${options.rows} units`);
    tree = await makeTree(database.forAccount(account.actor), options);
    await database.pool.query('VACUUM ANALYZE');
  };
  const stack = await ownStack(options, fill);
  const { account, own, server } = stack;
  const plain = await startServer({
    ...options,
    file: join(__dirname, 'plain-server.ts'),
    execArgv: ['--require', join(__dirname, '../compile.cjs')],
    env: { DATABASE_URL: own.url, BENCH_ACCOUNT: account.accountId, NODE_ENV: 'production' },
  });
  const token = account.administrator.apiToken;
  return {
    source: (tree as BenchTree).sourceId,
    client: new ApiClient(server.url, token),
    ours: { server, url: `${server.url}graphql`, headers: { authorization: `Bearer ${token}` } },
    baseline: { url: plain.url, headers: {} },
  };
}

async function runList(options: BenchmarkOptions): Promise<Measurement> {
  const { ours, baseline, source } = await bothServers(options);
  return compare({ ours, baseline, query: LIST_QUERY, variables: { source } }, options);
}

/** Submissions at the units of the page that is asked for. */
async function submit(client: ApiClient, source: string, seed: string): Promise<string> {
  const { orgUnits } = await client.graphql<{ orgUnits: { nodes: { id: string }[] } }>(LIST_QUERY, {
    source,
  });
  const fileId = await client.uploadText('visit.xml', VISIT_FORM);
  const { createForm } = await client.graphql<{ createForm: { id: string } }>(
    'mutation ($input: CreateFormInput!) { createForm(input: $input) { id } }',
    { input: { fileId } },
  );
  const random = randomFor(seed, 'submissions');
  for (let number = 1; number <= SUBMISSIONS; number += 1) {
    const xml = visitAnswers(random, number, random.pick(orgUnits.nodes).id);
    await client.graphql('mutation ($xml: String!) { createSubmission(input: { xml: $xml }) { id } }', {
      xml,
    });
  }
  return createForm.id;
}

async function runFederated(options: BenchmarkOptions): Promise<Measurement> {
  const { ours, baseline, source, client } = await bothServers(options);
  options.report(`Sending ${SUBMISSIONS} submissions`);
  const form = await submit(client, source, options.seed);
  return compare({ ours, baseline, query: FEDERATED_QUERY, variables: { source, form } }, options);
}

export const gatewayList: Benchmark = {
  name: 'gateway-list',
  description: '50 units with parent and groups, against plain graphql-js on the same SQL',
  unit: 'requests/s',
  goal: { atLeast: 0.5 },
  defaultRows: ROWS,
  run: runList,
};

export const gatewayFederated: Benchmark = {
  name: 'gateway-federated',
  description: '50 units with a field of another subgraph, against one plain schema',
  unit: 'requests/s',
  goal: { atLeast: 0.4 },
  defaultRows: ROWS,
  run: runFederated,
};
