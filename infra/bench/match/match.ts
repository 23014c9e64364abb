/**
 * Two national lists of 100,000 units matched, from the tables to the links, through the API and its job; against the
 * time that pg_trgm needs to find candidates alone: the five nearest names by a GIN index, measured on 1,000 names and
 * scaled to all. Each round measures its share of the thousand, so that the rounds end within a quarter of an hour.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { AccountDatabase } from '@iroko/database';
import { matchSides } from '@iroko/georegistry';
import { csvLine } from '@iroko/tabular';
import { ApiClient } from '../../src/client/api-client';
import type { Benchmark, BenchmarkOptions, Measurement } from '../benchmark';
import { createSource, importFile } from '../import/import-client';
import { ownStack } from '../own-stack';
import { alternate } from '../rounds';
import { type Judgement, judge } from './judge';
import { nationalList } from './national-list';
import { leaves, type Place, sideOf } from './places';
import { spoil } from './spoil';
import { spoilOtherwise } from './spoil-otherwise';
import { indexNames, linkedReferences, nearestNames, removeLinks, sampledNames } from './trigrams.sql';

const SAMPLED_NAMES = 1000;
const WARMING_NAMES = 50;
const ROUNDS_MAX = 3;
/** The second kind of copy is judged without a database, at this size. */
const OTHERWISE_MAX = 20_000;
const COLUMNS = [
  'reference',
  'parent_reference',
  'name',
  'type',
  'code',
  'status',
  'longitude',
  'latitude',
  'altitude',
  'opening_date',
  'alias',
];

interface RunAnswer {
  matchRun: { report: Record<string, number> | null };
  job: {
    status: string;
    error: { message: string } | null;
    progress: { message: string | null } | null;
  };
}

async function run(options: BenchmarkOptions): Promise<Measurement> {
  const { rows, seed, report } = options;
  const places = nationalList(rows, seed);
  const copy = spoil(places, seed);
  // Made before anything is asked: a connection that waits while they are made is closed by the server.
  const files = { Original: csvOf(places), Copy: csvOf(copy.places) };
  const stack = await ownStack(options, async () => undefined);
  const client = new ApiClient(stack.server.url, stack.account.administrator.apiToken);
  const db = stack.database.forAccount(stack.account.actor);
  report(`Importing two lists of ${places.length} and ${copy.places.length} units`);
  const left = await imported(client, 'Original', files.Original);
  const right = await imported(client, 'Copy', files.Copy);
  await stack.database.pool.query('VACUUM ANALYZE');
  let last: Omit<MatchedLists, 'seconds'> | undefined;
  const ours = async () => {
    await db.transaction(removeLinks);
    const { seconds, ...rest } = await matched(client, left.versionId, right.versionId);
    report(`Matched in ${seconds.toFixed(1)} s: ${JSON.stringify(rest)}`);
    last = rest;
    return seconds;
  };
  const rounds = Math.min(options.rounds, ROUNDS_MAX);
  const shares = sharesOf(await db.transaction((tx) => sampledNames(tx, left.id, SAMPLED_NAMES)), rounds);
  const baseline = () => candidatesByTrigrams(db, right.id, shares.shift() ?? [], rows);
  const figures = await alternate({ ours, baseline }, { ...options, rounds }, 's');
  // Over the links of the last round: what is found again stays, and nothing is written twice.
  const again = await matched(client, left.versionId, right.versionId);
  report(`Matched again in ${again.seconds.toFixed(1)} s`);
  const quality = await db.transaction(async (tx) => {
    const links = await linkedReferences(tx, left.id);
    return judge(places, copy.labels, new Map(links.map((link) => [link.left, link.right])));
  });
  return {
    ...figures,
    peakRssMb: stack.server.peakRssMb(),
    details: {
      rounds,
      facilities: leaves(places).length,
      quality,
      otherwise: judgedOtherwise(options),
      ...last,
      againSeconds: Math.round(again.seconds),
    },
  };
}

function csvOf(places: readonly Place[]): string {
  const lines = places.map((place) =>
    csvLine([
      place.reference,
      place.parent ?? '',
      place.name,
      place.type ?? '',
      '',
      'VALID',
      String(place.longitude ?? ''),
      String(place.latitude ?? ''),
      '',
      '',
      '',
    ]),
  );
  return csvLine(COLUMNS) + lines.join('');
}

async function imported(client: ApiClient, name: string, csv: string) {
  const fileId = await client.uploadText(`${name}.csv`, csv);
  const id = await createSource(client, name);
  await importFile(client, id, fileId);
  const { releaseVersion } = await client.graphql<{ releaseVersion: { id: string } }>(
    'mutation ($id: ID!) { releaseVersion(dataSource: $id) { id } }',
    { id },
  );
  return { id, versionId: releaseVersion.id };
}

interface MatchedLists {
  /** From the request to the end of the job. */
  seconds: number;
  report: Record<string, number>;
  /** Seconds by what the job said it was doing. */
  phases: Record<string, number>;
}

async function matched(client: ApiClient, leftVersion: string, rightVersion: string): Promise<MatchedLists> {
  const started = performance.now();
  const { startMatchRun } = await client.graphql<{ startMatchRun: { id: string; job: { id: string } } }>(
    'mutation ($input: StartMatchRunInput!) { startMatchRun(input: $input) { id job { id } } }',
    { input: { left: { versionId: leftVersion }, right: { versionId: rightVersion } } },
  );
  const phases: Record<string, number> = {};
  let asked = started;
  for (;;) {
    const { matchRun, job } = await client.graphql<RunAnswer>(
      `query ($id: ID!, $job: ID!) { job(id: $job) { status error { message } progress { message } }
        matchRun(id: $id) { report { leftUnits rightUnits comparedPairs accepted proposed belowReview } } }`,
      { id: startMatchRun.id, job: startMatchRun.job.id },
    );
    const now = performance.now();
    const phase = job.progress?.message?.replace(/\d+ /, '') ?? 'waiting';
    phases[phase] = (phases[phase] ?? 0) + (now - asked) / 1000;
    asked = now;
    if (job.status === 'SUCCEEDED') {
      return { seconds: (now - started) / 1000, report: matchRun.report ?? {}, phases: rounded(phases) };
    }
    if (job.status === 'FAILED') throw new Error(job.error?.message ?? job.status);
    await pause(100);
  }
}

const rounded = (phases: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(phases).map(([phase, seconds]) => [phase, Number(seconds.toFixed(1))]));

/** A few names to warm up with, then a share for each round. */
function sharesOf<Name>(names: readonly Name[], rounds: number): Name[][] {
  const size = Math.ceil(names.length / rounds);
  const shares = Array.from({ length: rounds }, (_, round) => names.slice(round * size, (round + 1) * size));
  return [names.slice(0, WARMING_NAMES), ...shares];
}

/** Seconds for all names, from those given; making the index is not counted. */
function candidatesByTrigrams(
  db: AccountDatabase,
  rightId: string,
  names: readonly { key: string }[],
  rows: number,
): Promise<number> {
  return db.transaction(async (tx) => {
    await indexNames(tx, rightId);
    const started = performance.now();
    for (const { key } of names) await nearestNames(tx, key);
    return ((performance.now() - started) / 1000) * (rows / names.length);
  });
}

/** How well the matcher does on a copy that was spoiled in other ways. */
function judgedOtherwise({ rows, seed }: BenchmarkOptions): Judgement & { facilities: number } {
  const facilities = Math.min(rows, OTHERWISE_MAX);
  const places = nationalList(facilities, seed);
  const copy = spoilOtherwise(places, seed);
  const [left, right] = [sideOf(places), sideOf(copy.places)];
  const { pairs } = matchSides(left, right, { reviewFrom: 0.5, accepted: [], rejected: [] });
  const links = new Map(
    pairs.map((pair) => [left.keys[pair.left] as string, right.keys[pair.right] as string]),
  );
  return { facilities, ...judge(places, copy.labels, links) };
}

export const matchBenchmark: Benchmark = {
  name: 'match',
  description: 'Two lists of 100,000 units matched by a job, against pg_trgm finding candidates alone',
  unit: 's',
  goal: { atMost: 0.05 },
  defaultRows: 100_000,
  run,
};
