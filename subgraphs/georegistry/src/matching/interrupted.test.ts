import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { bindJobs, cancelJob, JobWorker } from '@iroko/jobs';
import { silentLogger } from '@iroko/telemetry';
import { everybody } from '../testing/import-services';
import { holdWrites, until } from '../testing/imported';
import { MatchGround } from '../testing/matching';
import { type Data, testRegistry } from '../testing/registry';
import { side, villages } from '../testing/sides';
import { Story } from '../testing/story';
import { matchUnits } from './match-job';
import { matchInThread } from './run-in-thread';

jest.setTimeout(180_000);

const START = `mutation ($input: StartMatchRunInput!) { startMatchRun(input: $input) { id job { id } } }`;
/** Lets the child run from the sources, as jest does. */
const SOURCES = join(__dirname, '../../../../packages/jobs/src/testing/sources.cjs');
const NAMES = ['Hôpital Mira', 'Centre de santé Sola', 'Dispensaire Bafwasende'];

describe('a match run that is interrupted', () => {
  let ground: MatchGround;
  let child: ChildProcess | undefined;
  let worker: JobWorker | undefined;
  let left: Awaited<ReturnType<MatchGround['list']>>;
  let right: Awaited<ReturnType<MatchGround['list']>>;
  beforeAll(async () => {
    const registry = await testRegistry();
    ground = new MatchGround(registry, new Story(registry));
  });
  afterAll(async () => {
    child?.kill('SIGKILL');
    await worker?.stop(0);
    await ground.registry.close();
  });
  beforeEach(async () => {
    const listed = NAMES.map((name, n) => ({ name, at: [20 + n, 3] as [number, number] }));
    left = await ground.list(listed);
    right = await ground.list(listed);
  });

  const started = async (): Promise<Data> => {
    const input = { left: { versionId: left.versionId }, right: { versionId: right.versionId } };
    return (await ground.registry.data(START, { input })).startMatchRun;
  };
  const links = () => ground.links({ dataSourceId: left.id });

  it('by somebody who cancels it in the middle of its writing leaves nothing behind', async () => {
    const { job } = await started();
    const writes = await holdWrites(ground.registry, 'georegistry.link');
    const work = ground.work();
    await writes.reached();
    await cancelJob(ground.registry.db, job.id);
    await writes.letGo();
    await work;
    expect(await ground.job(job.id)).toMatchObject({ status: 'CANCELLED', result: null });
    expect(await links()).toEqual([]);
  });

  it('by the death of its worker is taken up again by another, and writes its links once', async () => {
    const { id, job } = await started();
    const prefix = `iroko-match-${process.pid}`;
    const writes = await holdWrites(ground.registry, 'georegistry.link');
    const { url } = ground.registry.database.options;
    const file = join(__dirname, '../testing/match-worker.ts');
    child = spawn(process.execPath, ['-r', 'esbuild-register', '-r', SOURCES, file, url, prefix], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await writes.reached(90_000);
    child.kill('SIGKILL');
    await writes.letGo();
    expect(await links()).toEqual([]);

    const { database } = ground.registry;
    worker = new JobWorker({
      database,
      viewers: everybody,
      jobs: bindJobs({}, [matchUnits]),
      log: silentLogger,
      prefix,
      concurrency: 1,
      leaseMs: 5000,
      pollMs: 200,
      firstRetryMs: 1000,
    });
    await worker.start();
    await until(async () => (await ground.job(job.id)).status === 'SUCCEEDED', 60_000);
    expect(await ground.job(job.id)).toMatchObject({ attempt: 2 });
    const found = await ground.links({ matchRunId: id });
    expect(found).toHaveLength(NAMES.length);
    expect(await links()).toHaveLength(NAMES.length);
  });
});

describe('the thread of the matcher', () => {
  const many = villages(2000, 'v');
  const input = {
    left: side(many),
    right: side(many),
    options: { reviewFrom: 0.5, accepted: [], rejected: [] },
  };

  it.each(['reading names', 'looking for likely pairs', 'comparing again, with what was learned'])(
    'ends when the job stops while it is %s',
    async (phase) => {
      const stop = new AbortController();
      const heard: string[] = [];
      const onProgress = (_: number, doing: string) => {
        heard.push(doing);
        if (doing === phase) stop.abort(new Error('stopped by the test'));
      };
      await expect(matchInThread(input, { signal: stop.signal, onProgress })).rejects.toThrow(
        'stopped by the test',
      );
      expect(heard).toContain(phase);
    },
  );

  it('does not begin for a job that has stopped already', async () => {
    const signal = AbortSignal.abort(new Error('stopped before'));
    await expect(matchInThread(input, { signal, onProgress: () => undefined })).rejects.toThrow(
      'stopped before',
    );
  });

  it('tells how far it is, never backwards', async () => {
    const shares: number[] = [];
    await matchInThread(input, {
      signal: new AbortController().signal,
      onProgress: (done) => shares.push(done),
    });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.length).toBeGreaterThan(5);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });
});
