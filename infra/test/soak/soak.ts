/**
 * Fifty writers write through the API, three kinds of reader read, and the gateway, a worker, the database and the
 * subgraph that writes are killed one after the other, ten times in all. Then everybody is given time, and what was read is compared with what committed: nothing is
 * missing, the order holds, and what came twice came where at-least-once says so, under the same id.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { verifyChanges } from '@iroko/changes';
import { Database, migrate } from '@iroko/database';
import { seedAccount } from '@iroko/testing';
import { ApiClient } from '../../src/client/api-client';
import { type Killable, SoakDatabase, SoakProcess } from './processes';
import { cursorReader, type SoakReader, subscriptionReader, webhookReader } from './readers';
import { pause, seeded } from './seeded';
import { type LoggedChange, loggedChanges, truthOf } from './truth';
import { duplicates, orderBySubject, type Verdict } from './verdict';
import { SUBJECT_TYPE, Writers } from './writers';

const KILLS = 10;
/** For what the readers have not seen when the writers stop: a delivery whose outcome was lost waits for its lease. */
const DRAIN_MS = 150_000;

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
const seconds = Number(values.seconds ?? 100);
const seed = values.seed ?? 'iroko';
const began = Date.now();
const report = (text: string) =>
  process.stderr.write(`• ${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);

async function main(): Promise<Verdict[]> {
  const random = seeded(seed);
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'iroko-soak-'));
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stopAll = async () => {
    for (const end of ends.splice(0).reverse()) await Promise.resolve(end()).catch(() => undefined);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stopAll().finally(() => process.exit(130)));
  }
  try {
    return await soak(random, folder, ends);
  } finally {
    await stopAll();
  }
}

async function soak(random: () => number, folder: string, ends: (() => unknown)[]): Promise<Verdict[]> {
  report(`Seed ${seed}, ${seconds} s of writing, ${KILLS} kills`);
  const server = new SoakDatabase(join(folder, 'postgres'));
  await server.start();
  ends.push(() => server.stop());
  await migrate({ url: server.url });
  const database = new Database({ url: server.url, name: 'soak', maxConnections: 25 });
  ends.push(() => database.close());
  const account = await seedAccount(database);
  const db = database.forAccount({ accountId: account.accountId, requestId: 'soak' });
  const webhook = await webhookReader(seeded(`${seed} webhook`));
  ends.push(() => webhook.stop());
  const { gateway, workers, identity } = processesOf(server, folder, webhook.address);
  for (const each of [workers, identity, gateway]) {
    ends.push(() => each.stop());
    await each.start();
    report(`${each.name} is ready`);
  }
  const url = await gateway.url();
  const token = account.administrator.apiToken;
  await new ApiClient(url, token).graphql(
    'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }',
    { input: { name: 'Soak', url: `http://${webhook.address}/hook`, subjectTypes: [SUBJECT_TYPE] } },
  );
  const readers: SoakReader[] = [
    cursorReader(url, token, seeded(`${seed} cursor`)),
    subscriptionReader(url, token, seeded(`${seed} subscription`)),
    webhook,
  ];
  ends.push(() => Promise.all(readers.map((reader) => reader.stop())));
  const distinct = (reader: SoakReader) => new Set(reader.seen.map(({ id }) => id)).size;
  const writers = new Writers(url, token, seed, () => Math.min(...readers.map(distinct)));
  await writers.prepare();
  writers.begin();
  const downs = await killing([gateway, workers, server, identity], random);
  await writers.end();
  report(`${writers.attempts} attempts: ${writers.undone} undone, ${writers.lost} whose answer was lost`);
  const truth = await settled(database, account.accountId);
  await drained(truth.length, readers, distinct);
  await Promise.all(readers.map((reader) => reader.stop()));
  const verification = await verifyChanges(db);
  const order = truth.map(({ id }) => id);
  return [
    { what: `${KILLS} processes were killed and came back`, held: downs === KILLS },
    ...truthOf(truth, writers.written),
    { what: 'the chain of the log is intact', held: verification.intact },
    ...readers.slice(0, 2).map((reader) => ({
      what: `the ${reader.name} saw every change once, in the order of the log (${reader.seen.length})`,
      held: JSON.stringify(reader.seen.map(({ id }) => id)) === JSON.stringify(order),
    })),
    {
      what: `the webhook was told of every change (${distinct(webhook)}, ${duplicates(webhook.seen)} of them again)`,
      held:
        distinct(webhook) === order.length &&
        order.every((id) => webhook.seen.some((seen) => seen.id === id)),
    },
    { what: 'in order per subject, apart from what came again', held: orderBySubject(webhook.seen, truth) },
    { what: 'and what came again came under the id of its event', held: webhook.mismarked === 0 },
  ];
}

function processesOf(server: SoakDatabase, folder: string, receiver: string) {
  const shared = async (): Promise<Record<string, string>> => ({
    NODE_ENV: 'test',
    DATABASE_URL: server.url,
    DATABASE_CONNECTIONS: '5',
    DATA_DIR: folder,
    MASTER_KEY: '07'.repeat(32),
    PUBLIC_URL: await gateway.url(),
    SUBGRAPH_URLS: `identity=${await identity.url()}graphql`,
    OUTBOUND_ALLOW: receiver,
    RATE_LIMIT_PER_MINUTE: '1000000',
    ARGON2_MEMORY_KB: '8192',
    // What is being killed is missed loudly by everybody else; that is no news here.
    LOG_LEVEL: 'fatal',
  });
  const gateway: SoakProcess = new SoakProcess('gateway', ['apart/gateway'], shared);
  const workers = new SoakProcess('worker', ['apart/workers'], shared);
  const identity: SoakProcess = new SoakProcess('identity', ['apart/subgraph', 'identity'], shared);
  return { gateway, workers, identity };
}

/** One after the other, spread over the time of writing. Returns how many came back. */
async function killing(killables: readonly Killable[], random: () => number): Promise<number> {
  let back = 0;
  const until = Date.now() + seconds * 1000;
  for (let kill = 0; kill < KILLS; kill++) {
    const share = Math.max(0, until - Date.now()) / (KILLS - kill);
    await pause(share * (0.3 + 0.4 * random()));
    const target = killables[kill % killables.length] as Killable;
    report(`kill -9 ${target.name}`);
    await target.kill();
    await pause(500 * random());
    await target.start();
    back++;
    report(`${target.name} is back`);
  }
  await pause(Math.max(0, until - Date.now()));
  return back;
}

/** The log once everything in it has its place: the last changes may have been left to another sealer. */
async function settled(database: Database, account: string): Promise<LoggedChange[]> {
  const until = Date.now() + 10_000;
  for (;;) {
    const logged = await loggedChanges(database, account);
    if (logged.every(({ position }) => position !== null) || Date.now() > until) return logged;
    await pause(200);
  }
}

async function drained(
  count: number,
  readers: readonly SoakReader[],
  distinct: (reader: SoakReader) => number,
): Promise<void> {
  const until = Date.now() + DRAIN_MS;
  report(`${count} changes committed; waiting for the readers`);
  while (Date.now() < until && readers.some((reader) => distinct(reader) < count)) await pause(500);
  // What would come too often comes now.
  await pause(2000);
  report(readers.map((reader) => `${reader.name} ${distinct(reader)}`).join(', '));
}

main()
  .then((verdicts) => {
    for (const { what, held } of verdicts) console.log(`${held ? '✓' : '✗'} ${what}`);
    const passed = verdicts.filter(({ held }) => held).length;
    console.log(`${passed} passed, ${verdicts.length - passed} failed`);
    process.exit(passed === verdicts.length ? 0 : 1);
  })
  .catch((error) => {
    console.error(error);
    console.log('0 passed, 1 failed');
    process.exit(1);
  });
