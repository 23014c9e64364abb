import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { bindJobs, findJob, JobWorker } from '@iroko/jobs';
import { silentLogger } from '@iroko/telemetry';
import { everybody } from '../testing/import-services';
import { holdWrites, importedNames, importedUnits, until, writtenStates } from '../testing/imported';
import { type ImportGround, importGround } from '../testing/imports';
import { importOrgUnits } from './import-job';

const MAPPING = { name: 'name', reference: 'ref' };
/** Lets the child run from the sources, as jest does. */
const SOURCES = join(__dirname, '../../../../packages/jobs/src/testing/sources.cjs');

describe('an import whose worker is killed in the middle of its writing', () => {
  const prefix = `iroko-import-${process.pid}`;
  let ground: ImportGround;
  let child: ChildProcess | undefined;
  let worker: JobWorker | undefined;
  beforeAll(async () => {
    ground = await importGround();
  });
  afterAll(async () => {
    child?.kill('SIGKILL');
    await worker?.stop(0);
    await ground.close();
  });

  it('leaves the tree as it was, still holds the draft, and is taken up again by another worker', async () => {
    const { dataSourceId, db, database, files } = ground;
    await ground.report('ref,name\na,Alpha\nb,Beta\n', MAPPING);
    const [units, written] = [
      await importedUnits(ground, dataSourceId),
      await writtenStates(ground, dataSourceId),
    ];
    const id = await ground.enqueue('ref,name\na,Alpha 2\nc,Gamma\n', MAPPING);
    const writes = await holdWrites(ground);
    const arguments_ = [
      '-r',
      'esbuild-register',
      '-r',
      SOURCES,
      join(__dirname, '../testing/import-worker.ts'),
    ];
    child = spawn(process.execPath, [...arguments_, database.options.url, ground.filesFolder, prefix], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await writes.reached(90_000);
    child.kill('SIGKILL');
    await writes.letGo();

    expect(await importedUnits(ground, dataSourceId)).toEqual(units);
    expect(await writtenStates(ground, dataSourceId)).toEqual(written);
    const edit = await ground.ask(
      'mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { name } }',
      { input: { dataSourceId, name: 'By hand' } },
    );
    expect([edit.code, edit.errors[0]?.extensions?.details]).toEqual(['CONFLICT', { jobId: id }]);

    worker = new JobWorker({
      database,
      viewers: everybody,
      jobs: bindJobs({ files }, [importOrgUnits]),
      log: silentLogger,
      prefix,
      concurrency: 1,
      leaseMs: 5000,
      pollMs: 200,
      firstRetryMs: 1000,
    });
    await worker.start();
    await until(async () => (await findJob(db, id)).status === 'SUCCEEDED', 60_000);
    expect(await findJob(db, id)).toMatchObject({ attempt: 2 });
    expect(await importedNames(ground, dataSourceId)).toEqual(['Alpha 2', 'Gamma']);
  }, 180_000);
});
