import { freshSource, importedNames, importedUnits, writtenStates } from '../../testing/imported';
import { type ImportGround, importGround } from '../../testing/imports';

const MAPPING = {
  name: 'name',
  reference: 'ref',
  parentReference: 'parent',
  longitude: 'lon',
  latitude: 'lat',
};
const FILE = `ref,parent,name,lon,lat
r,,Root,0,0
a,r,"A, ""the first""",200,1
b,a,B,1,1
c,r,C,2,2
`;

describe('rows in quarantine', () => {
  let ground: ImportGround;
  let dataSourceId: string;
  beforeAll(async () => {
    ground = await importGround();
  });
  beforeEach(async () => {
    dataSourceId = await freshSource(ground);
  });
  afterAll(() => ground.close());

  const csvOf = async (fileId: string | null) => ground.text(fileId ?? 'none');

  it('are kept as a table: their cells as they stand in the file, with row, column, value and reason', async () => {
    const { quarantine } = await ground.report(FILE, MAPPING, { dataSourceId });
    const [header, first, second, ...more] = (await csvOf(quarantine.fileId))
      .replace(/^\ufeff/, '')
      .trim()
      .split(/\r?\n/);
    expect(header).toBe(
      'quarantine_row,quarantine_column,quarantine_value,quarantine_reason,quarantine_message,ref,parent,name,lon,lat',
    );
    expect(first).toMatch(/^3,lon,200,COORDINATES_OUT_OF_RANGE,".*",a,r,"A, ""the first""",200,1$/);
    expect(second).toMatch(/^4,parent,a,PARENT_IN_QUARANTINE,.*,b,a,B,1,1$/);
    expect(more).toEqual([]);
  });

  it('land when they are corrected there and sent again beside what is there, which stays', async () => {
    const first = await ground.report(FILE, MAPPING, { dataSourceId });
    expect(await importedNames(ground, dataSourceId)).toEqual(['Root', 'Root / C']);
    const before = await importedUnits(ground, dataSourceId);
    const csv = (await csvOf(first.quarantine.fileId)).replace(',200,1', ',20,1');
    const second = await ground.report(csv, MAPPING, { dataSourceId, absentUnits: 'KEEP' });
    expect(second.units).toMatchObject({ added: 2, changed: 0, removed: 0, kept: 2 });
    expect(second.quarantine).toMatchObject({ count: 0, fileId: null });
    const after = await importedUnits(ground, dataSourceId);
    expect(after.map(({ names }) => names.join(' / '))).toEqual([
      'Root',
      'Root / A, "the first"',
      'Root / A, "the first" / B',
      'Root / C',
    ]);
    expect(after).toEqual(expect.arrayContaining(before));
  });

  it('of a table that names ancestors land below the ancestors that are there', async () => {
    const mapping = { name: 'name', parents: ['region'], longitude: 'lon', latitude: 'lat' };
    const file = 'region,name,lon,lat\nNord,A,1,1\nNord,B,1,99\n';
    const first = await ground.report(file, mapping, { dataSourceId });
    const csv = (await csvOf(first.quarantine.fileId)).replaceAll(',99', ',9');
    const second = await ground.report(csv, mapping, { dataSourceId, absentUnits: 'KEEP' });
    expect(second.units).toMatchObject({ added: 1, changed: 0, removed: 0 });
    expect(await importedNames(ground, dataSourceId)).toEqual(['Nord', 'Nord / A', 'Nord / B']);
  });

  it('that no table program may run as a formula come back as they were', async () => {
    const file = 'ref,parent,name,lon,lat\na,,=1+1,200,1\n';
    const { quarantine } = await ground.report(file, MAPPING, { dataSourceId });
    const csv = await csvOf(quarantine.fileId);
    expect(csv).not.toContain(',=1+1,');
    await ground.report(csv.replace(',200,1', ',20,1'), MAPPING, { dataSourceId, absentUnits: 'KEEP' });
    expect(await importedNames(ground, dataSourceId)).toEqual(['=1+1']);
  });

  it('refuse the whole file when the import is strict, and nothing is written', async () => {
    await ground.report('ref,parent,name,lon,lat\nr,,Root,,\n', MAPPING, { dataSourceId });
    const before = await writtenStates(ground, dataSourceId);
    const job = await ground.run(FILE, MAPPING, { dataSourceId, strict: true });
    expect(job).toMatchObject({ status: 'FAILED', attempt: 1, error: { code: 'BAD_USER_INPUT' } });
    expect(job.error?.message).toMatch(/takes all or none\. The first: row 3, column "lon": Longitude 200/);
    expect(await writtenStates(ground, dataSourceId)).toEqual(before);
    expect(await importedNames(ground, dataSourceId)).toEqual(['Root']);
  });

  it('are the report of a dry run too, which says what would change and changes nothing', async () => {
    await ground.report('ref,parent,name,lon,lat\nr,,Root,0,0\nz,r,Z,5,5\n', MAPPING, { dataSourceId });
    const before = await writtenStates(ground, dataSourceId);
    const tried = await ground.report(FILE, MAPPING, { dataSourceId, dryRun: true });
    expect(tried).toMatchObject({
      dryRun: true,
      units: { added: 1, removed: 1, same: 1 },
      quarantine: { count: 2 },
    });
    expect(await csvOf(tried.quarantine.fileId)).toContain('COORDINATES_OUT_OF_RANGE');
    expect(await writtenStates(ground, dataSourceId)).toEqual(before);
    expect(await importedNames(ground, dataSourceId)).toEqual(['Root', 'Root / Z']);
    const done = await ground.report(FILE, MAPPING, { dataSourceId });
    expect({ ...done.units, dryRun: true }).toEqual({ ...tried.units, dryRun: true });
  });

  it('of a dry run open no draft where the source has none', async () => {
    await ground.report('ref,parent,name,lon,lat\nr,,Root,0,0\n', MAPPING, { dataSourceId });
    await ground.data('mutation ($id: ID!) { releaseVersion(dataSource: $id) { number } }', {
      id: dataSourceId,
    });
    const tried = await ground.report(FILE, MAPPING, { dataSourceId, dryRun: true });
    expect(tried).toMatchObject({ version: null, units: { added: 1, same: 1 } });
    const { dataSource } = await ground.data(
      'query ($id: ID!) { dataSource(id: $id) { draft { id } currentVersion { number } } }',
      { id: dataSourceId },
    );
    expect(dataSource).toEqual({ draft: null, currentVersion: { number: 1 } });
  });
});
