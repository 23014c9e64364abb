import { freshSource, importedNames, writtenStates } from '../testing/imported';
import { type ImportGround, importGround } from '../testing/imports';

const MAPPING = { name: 'name', reference: 'ref' };
const GOOD = 'ref,name\na,Alpha\n';

describe('a file with a defect of its own is refused, and nothing is written', () => {
  let ground: ImportGround;
  beforeAll(async () => {
    ground = await importGround();
  });
  afterAll(() => ground.close());

  it.each<[string, string, string | Buffer, RegExp]>([
    ['an empty file', 'file.csv', '', /empty: it has 0 bytes/],
    ['an empty GeoPackage', 'places.gpkg', '', /"places\.gpkg" is empty: it has 0 bytes/],
    ['nothing but line ends', 'file.csv', '\r\n\n  \n', /nothing but spaces/],
    ['a header without rows', 'file.csv', 'ref,name\n', /a header and no rows/],
    [
      'a PDF',
      'units.csv',
      Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n', 'latin1'),
      /is a PDF document/,
    ],
    [
      'a picture under the name of a table',
      'units.csv',
      Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      /is a picture.*read CSV, XLSX and GeoPackage/,
    ],
    [
      'an SQLite database that is no GeoPackage',
      'units.gpkg',
      Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096)]),
      /SQLite database that is no GeoPackage/,
    ],
    [
      'a table under the name of a GeoPackage',
      'units.gpkg',
      GOOD,
      /named as a GeoPackage.*content is text\/csv/,
    ],
    ['a quote that is never closed', 'file.csv', 'ref,name\na,"Alpha\nb,Beta\n', /line 2 is not closed/],
  ])('%s', async (_, name, content, message) => {
    const dataSourceId = await freshSource(ground);
    const job = await ground.run(content, MAPPING, { dataSourceId, name });
    expect(job.status).toBe('FAILED');
    expect(job.error).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringMatching(message) });
    // A defect of the file does not go away by itself: there is no second attempt.
    expect(job.attempt).toBe(1);
    expect(await writtenStates(ground, dataSourceId)).toMatchObject({ states: 0 });
  });

  it('a column that the mapping names and the file lacks, by name, beside those there are', async () => {
    const dataSourceId = await freshSource(ground);
    const mapping = {
      ...MAPPING,
      code: 'kode',
      parents: ['province'],
      attributes: [{ column: 'beds', key: 'b' }],
    };
    const { status, error } = await ground.run(GOOD, mapping, { dataSourceId });
    expect(status).toBe('FAILED');
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      message:
        'The file has no column "kode", "province", "beds", which the mapping names. It has "ref", "name".',
    });
    expect(await importedNames(ground, dataSourceId)).toEqual([]);
  });

  it('text that is not in the encoding the mapping names', async () => {
    const dataSourceId = await freshSource(ground);
    const latin = Buffer.from('ref,name\na,Boké\n', 'latin1');
    const { status, error } = await ground.run(latin, { ...MAPPING, encoding: 'UTF_8' }, { dataSourceId });
    expect([status, error?.code]).toEqual(['FAILED', 'BAD_USER_INPUT']);
    expect(error?.message).toContain('not UTF_8');
  });

  it('and the tree that was there stays, with its draft open for edits', async () => {
    const dataSourceId = await freshSource(ground);
    await ground.report(GOOD, MAPPING, { dataSourceId });
    const before = await writtenStates(ground, dataSourceId);
    expect(await ground.run('ref,nom\na,Alpha\n', MAPPING, { dataSourceId })).toMatchObject({
      status: 'FAILED',
    });
    expect(await writtenStates(ground, dataSourceId)).toEqual(before);
    await ground.data('mutation ($input: CreateOrgUnitInput!) { createOrgUnit(input: $input) { name } }', {
      input: { dataSourceId, name: 'By hand' },
    });
  });
});
