import { Readable } from 'node:stream';
import { writeXlsx } from '@iroko/tabular';
import { freshSource, importedNames, importedUnits } from '../testing/imported';
import { type ImportGround, importGround } from '../testing/imports';

describe('what looks odd and is right is taken as it is meant', () => {
  let ground: ImportGround;
  let dataSourceId: string;
  beforeAll(async () => {
    ground = await importGround();
  });
  beforeEach(async () => {
    dataSourceId = await freshSource(ground);
  });
  afterAll(() => ground.close());

  it('whose habits the report tells, so that a wrong guess is seen', async () => {
    const { readAs } = await ground.report('ref;name;lon;lat\na;Alpha;1,5;2,5\n', {
      name: 'name',
      reference: 'ref',
      longitude: 'lon',
      latitude: 'lat',
    });
    expect(readAs).toEqual({ encoding: 'UTF_8', separator: ';', decimalSign: 'COMMA', dateOrder: 'YMD' });
  });

  it('a spreadsheet, its dates and numbers as they are meant, and the same again', async () => {
    const header = ['ref', 'parent', 'name', 'lon', 'lat', 'opened'];
    const rows = [
      ['a', '', 'Séguéla', 1.5, 0, '2001-12-31'],
      ['b', 'a', 'Poste', '', '', ''],
      ['c', 'nowhere', 'Lost', '', '', ''],
    ];
    const content = Buffer.concat(await writeXlsx('Units', header, Readable.from([rows])).toArray());
    const mapping = {
      name: 'name',
      reference: 'ref',
      parentReference: 'parent',
      longitude: 'lon',
      latitude: 'lat',
      openingDate: 'opened',
    };
    const report = await ground.report(content, mapping, { dataSourceId, name: 'units.xlsx' });
    expect(report).toMatchObject({ units: { added: 2 }, readAs: null, quarantine: { count: 1 } });
    expect(report.quarantine.rows[0]).toMatchObject({ line: 4, column: 'parent', value: 'nowhere' });
    const [first] = await importedUnits(ground, dataSourceId);
    expect(first).toMatchObject({ names: ['Séguéla'], longitude: 1.5, latitude: 0 });
    const again = await ground.report(content, mapping, { dataSourceId, name: 'units.xlsx' });
    expect(again.units).toMatchObject({ added: 0, changed: 0, removed: 0, same: 2 });
  });

  it('a Latin-1 file with semicolons and decimal commas', async () => {
    const file = Buffer.from('région;nom;lon;lat\r\nBoké;École n° 1;-14,28;10,94\r\n', 'latin1');
    const mapping = { name: 'nom', parents: ['région'], longitude: 'lon', latitude: 'lat' };
    await ground.report(file, mapping, { dataSourceId });
    expect(await importedUnits(ground, dataSourceId)).toMatchObject([
      { names: ['Boké'], longitude: null },
      { names: ['Boké', 'École n° 1'], longitude: -14.28, latitude: 10.94 },
    ]);
  });

  it('defect 7: coordinates of exactly 0, and none at all', async () => {
    const file = 'name,lon,lat\nNull Island,0,0\nNowhere,,\nMinus zero,-0,-0.0\n';
    const mapping = { name: 'name', longitude: 'lon', latitude: 'lat' };
    await ground.report(file, mapping, { dataSourceId });
    const units = await importedUnits(ground, dataSourceId);
    expect(units.map(({ name, longitude, latitude }) => [name, longitude, latitude])).toEqual([
      ['Minus zero', 0, 0],
      ['Nowhere', null, null],
      ['Null Island', 0, 0],
    ]);
  });

  it('children above their parents, and blank rows between them', async () => {
    const file = 'ref,parent,name\nc,b,Clinic\n,,\nb,a,District\n\na,,Country\n';
    const report = await ground.report(
      file,
      { name: 'name', reference: 'ref', parentReference: 'parent' },
      { dataSourceId },
    );
    expect(report).toMatchObject({ rows: 3, units: { added: 3 }, quarantine: { count: 0, fileId: null } });
    expect(await importedNames(ground, dataSourceId)).toEqual([
      'Country',
      'Country / District',
      'Country / District / Clinic',
    ]);
  });

  it('a mark of bytes at the beginning, quoted cells with line ends, names with spaces inside', async () => {
    const file = '\ufeffname,code\n"  Two\nlines ","A ""1"""\nTwo  spaces,B\n';
    await ground.report(file, { name: 'name', code: 'code' }, { dataSourceId });
    expect(await importedNames(ground, dataSourceId)).toEqual(['Two\nlines', 'Two  spaces']);
  });
});

describe('exact duplicate rows', () => {
  // The last row differs by a space of the file, though the unit would be the same; so it is no duplicate.
  const FILE = 'district,name,lon,lat\nNord,A,1,2\nNord,A,1,2\nSud,A,1,2\nNord,A,1,2\nNord,A ,1,2\n';
  const MAPPING = { name: 'name', parents: ['district'], longitude: 'lon', latitude: 'lat' };
  let ground: ImportGround;
  let dataSourceId: string;
  beforeAll(async () => {
    ground = await importGround();
  });
  beforeEach(async () => {
    dataSourceId = await freshSource(ground);
  });
  afterAll(() => ground.close());

  it('are dropped, as they stand in the file, and the report names each with the row that counts', async () => {
    const report = await ground.report(FILE, MAPPING, { dataSourceId });
    expect(report).toMatchObject({ rows: 5, units: { added: 5 } });
    expect(report.duplicates).toEqual({
      count: 2,
      lines: [
        { line: 3, firstLine: 2 },
        { line: 5, firstLine: 2 },
      ],
    });
    expect(await importedNames(ground, dataSourceId)).toEqual([
      'Nord',
      'Nord / A',
      'Nord / A',
      'Sud',
      'Sud / A',
    ]);
  });

  it('are units of their own when the mapping keeps them, and the same ones the next time', async () => {
    const mapping = { ...MAPPING, duplicates: 'KEEP' };
    const report = await ground.report(FILE, mapping, { dataSourceId });
    expect(report).toMatchObject({ units: { added: 7 }, duplicates: { count: 0, lines: [] } });
    const before = await importedUnits(ground, dataSourceId);
    const again = await ground.report(FILE, mapping, { dataSourceId });
    expect(again.units).toEqual({ added: 0, changed: 0, moved: 0, removed: 0, same: 7, kept: 0 });
    expect(await importedUnits(ground, dataSourceId)).toEqual(before);
  });

  it('of one reference are one unit when dropped, and all in quarantine when kept', async () => {
    const file = 'ref,name\na,A\na,A\nb,B\n';
    const mapping = { name: 'name', reference: 'ref' };
    expect(await ground.report(file, mapping, { dataSourceId })).toMatchObject({
      units: { added: 2 },
      duplicates: { count: 1 },
      quarantine: { count: 0 },
    });
    const other = await freshSource(ground);
    const kept = await ground.report(file, { ...mapping, duplicates: 'KEEP' }, { dataSourceId: other });
    expect(kept).toMatchObject({ units: { added: 1 }, quarantine: { reasons: { REFERENCE_TWICE: 2 } } });
  });
});
