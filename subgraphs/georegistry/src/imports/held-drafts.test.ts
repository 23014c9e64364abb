import { Readable } from 'node:stream';
import { cancelJob, findJob } from '@iroko/jobs';
import {
  freshSource,
  holdWrites,
  importedNames,
  importedUnits,
  until,
  writtenStates,
} from '../testing/imported';
import { type ImportGround, importGround } from '../testing/imports';

const MAPPING = { name: 'name', reference: 'ref' };
const BEFORE = 'ref,name\na,Alpha\nb,Beta\n';
const AFTER = 'ref,name\na,Alpha 2\nc,Gamma\n';

describe('an import holds its draft', () => {
  let ground: ImportGround;
  let dataSourceId: string;
  beforeAll(async () => {
    ground = await importGround();
  });
  beforeEach(async () => {
    dataSourceId = await freshSource(ground);
    await ground.report(BEFORE, MAPPING, { dataSourceId });
  });
  afterAll(() => ground.close());

  const add = () =>
    ground.ask('mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { name } }', {
      input: { dataSourceId, name: 'By hand' },
    });
  const release = () =>
    ground.ask('mutation ($id: ID!) { releaseVersion(dataSource: $id) { number } }', { id: dataSourceId });

  it('so that edits and a release meanwhile answer CONFLICT and name the job, and pass afterwards', async () => {
    const id = await ground.enqueue(AFTER, MAPPING, { dataSourceId });
    const writes = await holdWrites(ground);
    const working = ground.work();
    await writes.reached();
    for (const refused of [await add(), await release()]) {
      expect(refused.code).toBe('CONFLICT');
      expect(refused.errors[0]).toMatchObject({
        message: expect.stringContaining(id),
        extensions: { details: { jobId: id } },
      });
    }
    await writes.letGo();
    await working;
    expect(await importedNames(ground, dataSourceId)).toEqual(['Alpha 2', 'Gamma']);
    expect((await add()).errors).toEqual([]);
  });

  it('so that a second import of the source waits, and finds what the first wrote', async () => {
    const first = await ground.enqueue(AFTER, MAPPING, { dataSourceId });
    const second = await ground.enqueue(AFTER, MAPPING, { dataSourceId });
    const writes = await holdWrites(ground);
    const working = Promise.all([ground.work(), ground.work()]);
    await writes.reached();
    expect(await findJob(ground.db, first)).toMatchObject({ status: 'RUNNING' });
    expect(await findJob(ground.db, second)).toMatchObject({ status: 'QUEUED' });
    await writes.letGo();
    await working;
    await ground.work();
    expect(await findJob(ground.db, first)).toMatchObject({
      status: 'SUCCEEDED',
      result: { units: { added: 1 } },
    });
    expect(await findJob(ground.db, second)).toMatchObject({
      status: 'SUCCEEDED',
      result: { units: { added: 0, changed: 0, removed: 0, same: 2 } },
    });
  });

  it('and gives it back as it was when it is cancelled in the middle of its writing', async () => {
    const before = await importedUnits(ground, dataSourceId);
    const written = await writtenStates(ground, dataSourceId);
    const id = await ground.enqueue(AFTER, MAPPING, { dataSourceId });
    const writes = await holdWrites(ground);
    const working = ground.work();
    await writes.reached();
    await cancelJob(ground.db, id);
    // The statement that waits is cancelled: nobody lets it go.
    await until(async () => (await findJob(ground.db, id)).status === 'CANCELLED');
    await writes.letGo();
    await working;
    expect(await importedUnits(ground, dataSourceId)).toEqual(before);
    expect(await writtenStates(ground, dataSourceId)).toEqual(written);
    expect((await add()).errors).toEqual([]);
  });

  it('and takes back a draft that it opened when it is cancelled', async () => {
    expect((await release()).errors).toEqual([]);
    const id = await ground.enqueue(AFTER, MAPPING, { dataSourceId });
    const writes = await holdWrites(ground);
    const working = ground.work();
    await writes.reached();
    await cancelJob(ground.db, id);
    await writes.letGo();
    await working;
    expect(await findJob(ground.db, id)).toMatchObject({ status: 'CANCELLED' });
    const { dataSource } = await ground.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
      id: dataSourceId,
    });
    expect(dataSource.draft).toBeNull();
    expect(await importedNames(ground, dataSourceId)).toEqual(['Alpha', 'Beta']);
  });
});

describe('a released version', () => {
  let ground: ImportGround;
  beforeAll(async () => {
    ground = await importGround();
  });
  afterAll(() => ground.close());

  it('is not imported into; without naming it, the next draft is opened and the released one still reads as before', async () => {
    const { dataSourceId } = ground;
    await ground.report(BEFORE, MAPPING);
    const { releaseVersion } = await ground.data(
      'mutation ($id: ID!) { releaseVersion(dataSource: $id) { id number } }',
      { id: dataSourceId },
    );
    const job = await ground.run(AFTER, MAPPING, { versionId: releaseVersion.id });
    expect(job).toMatchObject({ status: 'FAILED', attempt: 1, error: { code: 'CONFLICT' } });
    // Over GraphQL it is refused before there is a job.
    const file = await ground.files.store(ground.db, Readable.from([Buffer.from(AFTER)]), {
      name: 'file.csv',
    });
    const refused = await ground.ask(
      'mutation ($input: ImportOrgUnitsInput!) { importOrgUnits(input: $input) { id } }',
      { input: { fileId: file.id, dataSourceId, versionId: releaseVersion.id, mapping: MAPPING } },
    );
    expect(refused.code).toBe('CONFLICT');
    expect(refused.errors[0]?.message).toContain('Version 1 is released and never changes');

    const report = await ground.report(AFTER, MAPPING);
    expect(report).toMatchObject({ version: { number: 2 }, units: { added: 1, changed: 1, removed: 1 } });
    const { orgUnitStates } = await ground.data(
      'query ($version: ID!) { orgUnitStates(version: $version) { nodes { name } } }',
      { version: releaseVersion.id },
    );
    expect(orgUnitStates.nodes.map(({ name }: { name: string }) => name)).toEqual(['Alpha', 'Beta']);
  });
});
