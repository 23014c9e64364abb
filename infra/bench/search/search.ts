/**
 * What a search costs: text and subtrees in a million units, asked through the gateway as a page with its count,
 * against the same answers in SQL written for them. The questions differ each time and come from the seed.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { AccountDatabase } from '@iroko/database';
import { ApiClient } from '../../src/client/api-client';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { ownStack } from '../own-stack';
import { alternate } from '../rounds';
import { median, rounded } from '../statistics';
import { type BenchTree, makeTree } from '../tree/make-tree';
import { FAN_OUT } from '../tree/tree.sql';
import { type BareQuestion, type BareRow, bareAnswer, unitsByNumber } from './bare.sql';

const PAGE = 50;
/** Questions per run, ten of each kind. */
const QUESTIONS = 50;

const SEARCH = `query Search($source: ID!, $filter: OrgUnitFilter!, $first: Int!) {
  orgUnits(dataSource: $source, filter: $filter, first: $first) {
    nodes { id name reference code status parent { name } } totalCount
  }
}`;

interface Answer {
  orgUnits: {
    nodes: (Omit<BareRow, 'parentName'> & { parent: { name: string } | null })[];
    totalCount: number;
  };
}

async function run(options: BenchmarkOptions): Promise<Measurement> {
  let tree: BenchTree | undefined;
  const stack = await ownStack(options, async (database, account) => {
    options.report(`Making a tree of ${options.rows} units`);
    tree = await makeTree(database.forAccount(account.actor), options);
    await database.pool.query('VACUUM ANALYZE');
  });
  const { sourceId } = tree as BenchTree;
  const db = stack.database.forAccount(stack.account.actor);
  const client = new ApiClient(stack.server.url, stack.account.administrator.apiToken);
  const questions = await questionsOf(db, sourceId, options);
  const ours = ({ subtree, text }: BareQuestion) =>
    client.graphql<Answer>(SEARCH, { source: sourceId, filter: { subtree, text }, first: PAGE });
  for (const question of questions) {
    compare(question, await ours(question), await bareAnswer(db, question, PAGE));
  }
  const times = { value: [] as number[], baseline: [] as number[] };
  const side = (name: keyof typeof times, ask: (question: BareQuestion) => Promise<unknown>) => async () => {
    const taken = await timesOf(questions, ask);
    times[name].push(percentile(taken, 0.95));
    return median(taken);
  };
  const result = await alternate(
    { ours: side('value', ours), baseline: side('baseline', (question) => bareAnswer(db, question, PAGE)) },
    options,
    'ms',
  );
  // The warm-up is thrown away, as for the medians.
  const p95 = { value: median(times.value.slice(1)), baseline: median(times.baseline.slice(1)) };
  const details = {
    questions: questions.length,
    page: PAGE,
    p95: {
      value: rounded(p95.value),
      baseline: rounded(p95.baseline),
      ratio: rounded(p95.value / p95.baseline),
    },
  };
  return { ...result, peakRssMb: stack.server.peakRssMb(), details };
}

/** In five kinds: a rare text, a frequent one, a large subtree, and a small and a large subtree with a text. */
async function questionsOf(
  db: AccountDatabase,
  sourceId: string,
  { rows, seed }: BenchmarkOptions,
): Promise<BareQuestion[]> {
  const random = (what: string, below: number) =>
    createHash('sha256').update(`${seed} ${what}`).digest().readUInt32BE(0) % below;
  const large = (n: number) => 2 + random(`large ${n}`, FAN_OUT);
  const small = (n: number) => 2 + FAN_OUT + FAN_OUT ** 2 + random(`small ${n}`, FAN_OUT ** 3);
  const named = (n: number) => 1 + random(`name ${n}`, rows);
  const wanted = Array.from({ length: QUESTIONS }, (_, n) => [large(n), Math.min(small(n), rows), named(n)]);
  const units = new Map(
    (await unitsByNumber(db, sourceId, wanted.flat())).map((unit) => [unit.number, unit]),
  );
  return wanted.map(([big, little, name], n) => {
    const key = units.get(name as number)?.nameKey ?? '';
    const id = (number: number | undefined) => units.get(number as number)?.id ?? null;
    const kinds: Omit<BareQuestion, 'sourceId'>[] = [
      { subtree: null, text: key.slice(0, 6) },
      { subtree: null, text: key.slice(1, 4) },
      { subtree: id(big), text: null },
      { subtree: id(big), text: key.slice(1, 4) },
      { subtree: id(little), text: key.slice(1, 3) },
    ];
    return { sourceId, ...(kinds[n % kinds.length] as Omit<BareQuestion, 'sourceId'>) };
  });
}

function compare(
  question: BareQuestion,
  { orgUnits }: Answer,
  bare: { rows: BareRow[]; count: number },
): void {
  const nodes = orgUnits.nodes.map(({ parent, ...node }) => ({ ...node, parentName: parent?.name ?? null }));
  if (isDeepStrictEqual(nodes, bare.rows) && orgUnits.totalCount === bare.count) return;
  throw new Error(
    `The API and SQL answer ${JSON.stringify(question)} differently: ${orgUnits.totalCount} and ${bare.count} units, ${JSON.stringify(nodes.slice(0, 3))} and ${JSON.stringify(bare.rows.slice(0, 3))}`,
  );
}

async function timesOf(
  questions: readonly BareQuestion[],
  ask: (question: BareQuestion) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  for (const question of questions) {
    const started = performance.now();
    await ask(question);
    times.push(performance.now() - started);
  }
  return times;
}

function percentile(times: readonly number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] as number;
}

export const search: Benchmark = {
  name: 'search',
  description: 'Pages of units by text and subtree, with their count, through the gateway, against bare SQL',
  unit: 'ms',
  goal: { atMost: 3 },
  defaultRows: 1_000_000,
  run,
};
