import { freshSource, importedNames } from '../../testing/imported';
import { type ImportGround, importGround } from '../../testing/imports';

const LONG = 'é'.repeat(10_000);
const HEADER = 'ref,parent,name,lon,lat,opened,shape,status';
const MAPPING = {
  name: 'name',
  reference: 'ref',
  parentReference: 'parent',
  longitude: 'lon',
  latitude: 'lat',
  openingDate: 'opened',
  dateOrder: 'DMY',
  shape: 'shape',
  status: 'status',
};

describe('a row with a defect goes to quarantine, everything below it goes with it, and the rest lands', () => {
  let ground: ImportGround;
  let dataSourceId: string;
  beforeAll(async () => {
    ground = await importGround();
  });
  beforeEach(async () => {
    dataSourceId = await freshSource(ground);
  });
  afterAll(() => ground.close());

  const BOW_TIE = 'POLYGON((0 0,2 2,2 0,0 2,0 0))';
  it.each<
    [string, string, { column: string | null; value: string | null; reason: string; message?: RegExp }]
  >([
    [
      'a name of 10,000 characters',
      `x,r,${LONG},,,,,`,
      { column: 'name', value: LONG, reason: 'TEXT_TOO_LONG', message: /10000 characters; at most 255/ },
    ],
    ['no name', 'x,r,  ,,,,,', { column: 'name', value: '  ', reason: 'NAME_MISSING' }],
    [
      'a longitude out of range',
      'x,r,X,181,2,,,',
      { column: 'lon', value: '181', reason: 'COORDINATES_OUT_OF_RANGE' },
    ],
    [
      'a latitude out of range',
      'x,r,X,1,-90.5,,,',
      { column: 'lat', value: '-90.5', reason: 'COORDINATES_OUT_OF_RANGE' },
    ],
    [
      'swapped coordinates',
      'x,r,X,4.3,152.1,,,',
      { column: 'lat', value: '152.1', reason: 'COORDINATES_OUT_OF_RANGE', message: /look swapped/ },
    ],
    ['NaN for a coordinate', 'x,r,X,NaN,2,,,', { column: 'lon', value: 'NaN', reason: 'NOT_A_NUMBER' }],
    [
      'an infinite coordinate',
      'x,r,X,1,Infinity,,,',
      { column: 'lat', value: 'Infinity', reason: 'NOT_A_NUMBER' },
    ],
    [
      'a decimal comma among points',
      'x,r,X,"1,5",2,,,',
      { column: 'lon', value: '1,5', reason: 'NOT_A_NUMBER', message: /decimal point/ },
    ],
    [
      'one coordinate without the other',
      'x,r,X,1,,,,',
      { column: 'lat', value: '', reason: 'COORDINATES_INCOMPLETE' },
    ],
    [
      'the 31st of February',
      'x,r,X,,,31-02-2020,,',
      { column: 'opened', value: '31-02-2020', reason: 'NOT_A_DATE', message: /no day of the calendar/ },
    ],
    [
      'defect 19: a polygon that crosses itself',
      `x,r,X,,,,"${BOW_TIE}",`,
      { column: 'shape', value: BOW_TIE, reason: 'SHAPE_INVALID' },
    ],
    [
      'a shape that is none',
      'x,r,X,,,,POLYGON of nothing,',
      { column: 'shape', value: 'POLYGON of nothing', reason: 'SHAPE_UNREADABLE' },
    ],
    [
      'defect 6: a status there is not',
      'x,r,X,,,,,CLOSED',
      { column: 'status', value: 'CLOSED', reason: 'UNKNOWN_STATUS' },
    ],
    [
      'more cells than the header',
      'x,r,X,,,,,NEW,more',
      { column: null, value: null, reason: 'TOO_MANY_CELLS', message: /9 cells, the header 8/ },
    ],
    [
      'defect 11: a parent that is nowhere, instead of none',
      'x,lost,X,,,,,',
      { column: 'parent', value: 'lost', reason: 'PARENT_MISSING' },
    ],
    ['itself as its parent', 'x,x,X,,,,,', { column: 'parent', value: 'x', reason: 'PARENT_IS_SELF' }],
  ])('%s', async (_, row, { message, ...defect }) => {
    const file = `${HEADER}\nr,,Root,0.5,0.5,,,\nbelow2,below,Far below,,,,,\n${row}\nbelow,x,Below,,,,,\nr2,r,Beside,,,,,\n`;
    const { units, quarantine } = await ground.report(file, MAPPING, { dataSourceId });
    expect(units.added).toBe(2);
    expect(await importedNames(ground, dataSourceId)).toEqual(['Root', 'Root / Beside']);
    expect(quarantine).toMatchObject({ count: 3, reasons: { [defect.reason]: 1, PARENT_IN_QUARANTINE: 2 } });
    expect(quarantine.rows.map(({ line }) => line)).toEqual([3, 4, 5]);
    expect(quarantine.rows[1]).toMatchObject({ line: 4, layer: null, ...defect });
    expect(quarantine.rows[1]?.message).toMatch(message ?? /./);
    expect(quarantine.rows[2]).toMatchObject({
      line: 5,
      column: 'parent',
      value: 'x',
      reason: 'PARENT_IN_QUARANTINE',
    });
  });

  it('defect 2: a circle of rows, and what hangs on it', async () => {
    const file = 'ref,parent,name\na,c,A\nb,a,B\nc,b,C\nd,c,D\nr,,Root\n';
    const { quarantine } = await ground.report(
      file,
      { name: 'name', reference: 'ref', parentReference: 'parent' },
      { dataSourceId },
    );
    expect(quarantine.rows.map(({ line, value, reason }) => [line, value, reason])).toEqual([
      [2, 'c', 'CYCLE'],
      [3, 'a', 'CYCLE'],
      [4, 'b', 'CYCLE'],
      [5, 'c', 'PARENT_IN_QUARANTINE'],
    ]);
    expect(await importedNames(ground, dataSourceId)).toEqual(['Root']);
  });

  it('defect 3: rows that bear one reference, since nobody can know which is meant', async () => {
    const file = 'ref,parent,name\nr,,Root\na,r,First\na,r,Second\nb,a,Below\n';
    const { quarantine } = await ground.report(
      file,
      { name: 'name', reference: 'ref', parentReference: 'parent' },
      { dataSourceId },
    );
    expect(quarantine.rows).toMatchObject([
      {
        line: 3,
        column: 'ref',
        value: 'a',
        reason: 'REFERENCE_TWICE',
        message: expect.stringContaining('rows 3, 4'),
      },
      { line: 4, column: 'ref', value: 'a', reason: 'REFERENCE_TWICE' },
      { line: 5, column: 'parent', value: 'a', reason: 'PARENT_IN_QUARANTINE' },
    ]);
    expect(await importedNames(ground, dataSourceId)).toEqual(['Root']);
  });

  it('a defective row that others name as their ancestor takes them along, whole and by name', async () => {
    const file = 'region,district,name,lon,lat\n,,Nord,200,1\nNord,,School,1,1\nSud,Est,School,1,1\n';
    const mapping = { name: 'name', parents: ['region', 'district'], longitude: 'lon', latitude: 'lat' };
    const { quarantine } = await ground.report(file, mapping, { dataSourceId });
    expect(quarantine.rows).toMatchObject([
      { line: 2, column: 'lon', value: '200', reason: 'COORDINATES_OUT_OF_RANGE' },
      { line: 3, column: 'region', value: 'Nord', reason: 'PARENT_IN_QUARANTINE' },
    ]);
    expect(await importedNames(ground, dataSourceId)).toEqual(['Sud', 'Sud / Est', 'Sud / Est / School']);
  });

  it('the unit that a defective row already is stays as it was, with what is below it', async () => {
    const mapping = {
      name: 'name',
      reference: 'ref',
      parentReference: 'parent',
      longitude: 'lon',
      latitude: 'lat',
    };
    const good = 'ref,parent,name,lon,lat\nr,,Root,,\na,r,A,1,1\nb,a,B,2,2\nc,r,C,3,3\n';
    await ground.report(good, mapping, { dataSourceId });
    const bad = good.replace('A,1,1', 'A2,1,91').replace('C,3,3', 'C2,3,3');
    const report = await ground.report(bad, mapping, { dataSourceId });
    expect(report.units).toMatchObject({ added: 0, changed: 1, removed: 0, kept: 2 });
    expect(await importedNames(ground, dataSourceId)).toEqual([
      'Root',
      'Root / A',
      'Root / A / B',
      'Root / C2',
    ]);
  });
});
