import { freshSource, importedUnits } from '../../testing/imported';
import { type ImportGround, importGround } from '../../testing/imports';

const MAPPING = {
  name: 'name',
  parents: ['district'],
  longitude: 'lon',
  latitude: 'lat',
  attributes: [{ column: 'beds', key: 'beds' }],
};
const HEADER = 'district,name,lon,lat,beds\n';

describe('the same place', () => {
  let ground: ImportGround;
  let dataSourceId: string;
  beforeAll(async () => {
    ground = await importGround();
  });
  beforeEach(async () => {
    dataSourceId = await freshSource(ground);
  });
  afterAll(() => ground.close());

  const importing = (rows: string, mapping: object = MAPPING) =>
    ground.report(HEADER + rows, mapping, { dataSourceId });
  /** Ids by name, code and whatever else tells units of a test apart. */
  const ids = async () =>
    new Map(
      (await importedUnits(ground, dataSourceId)).map(({ names, attributes, unitId, reference }) => [
        [...names, attributes?.beds].filter(Boolean).join('/'),
        `${unitId} ${reference}`,
      ]),
    );

  it('is found again at its coordinates when its name changed, or its district', async () => {
    await importing('Nord,A,1,1,\nNord,B,2,2,\nSud,C,3,3,\n');
    const before = await ids();
    const report = await importing('Nord,A renamed,1,1,\nSud,B,2,2,\nSud,C,3,3,\nNord,D,4,4,\n');
    expect(report.matched).toEqual({
      REFERENCE: 0,
      IDENTITY_AND_COORDINATES: 3,
      IDENTITY: 0,
      COORDINATES: 2,
    });
    expect(report.units).toMatchObject({ added: 1, changed: 2, moved: 1, removed: 0, same: 3 });
    const after = await ids();
    // Units, and the references they were given, stay.
    expect(after.get('Nord/A renamed')).toBe(before.get('Nord/A'));
    expect(after.get('Sud/B')).toBe(before.get('Nord/B'));
  });

  it('is found again by its names when its coordinates were corrected', async () => {
    await importing('Nord,A,1,1,\nNord,B,2,2,\n');
    const before = await ids();
    const report = await importing('Nord,A,1.25,1,\nNord,B,,,\n');
    expect(report.matched).toMatchObject({ IDENTITY_AND_COORDINATES: 1, IDENTITY: 2, COORDINATES: 0 });
    expect(await ids()).toEqual(before);
  });

  it('is not guessed among several that it could be', async () => {
    await importing('Nord,A,1,1,\nNord,A,2,2,\nSud,X,9,9,\nSud,Y,9,9,\n');
    const report = await importing('Nord,A,3,3,\nNord,A,4,4,\nSud,Z,9,9,\n');
    expect(report.matched).toEqual({
      REFERENCE: 0,
      IDENTITY_AND_COORDINATES: 2,
      IDENTITY: 0,
      COORDINATES: 0,
    });
    expect(report.units).toMatchObject({ added: 3, removed: 4 });
  });

  it('is, of candidates alike in names and coordinates, the one whose other cells say the same, then in their order', async () => {
    await importing('Nord,A,1,1,10\nNord,A,1,1,20\nNord,A,1,1,30\n');
    const before = await ids();
    const report = await importing('Nord,A,1,1,40\nNord,A,1,1,20\nNord,A,1,1,11\n');
    expect(report.matched.IDENTITY_AND_COORDINATES).toBe(4);
    const after = await ids();
    expect(after.get('Nord/A/20')).toBe(before.get('Nord/A/20'));
    expect(after.get('Nord/A/11')).toBe(before.get('Nord/A/10'));
    expect(after.get('Nord/A/40')).toBe(before.get('Nord/A/30'));
  });

  it('is the one with its reference first of all, whatever else the row says', async () => {
    const mapping = { name: 'name', reference: 'district', longitude: 'lon', latitude: 'lat' };
    await importing('r1,A,1,1,\nr2,B,2,2,\n', mapping);
    const before = await importedUnits(ground, dataSourceId);
    const report = await importing('r2,A,1,1,\nr1,B,2,2,\n', mapping);
    expect(report.matched).toEqual({
      REFERENCE: 2,
      IDENTITY_AND_COORDINATES: 0,
      IDENTITY: 0,
      COORDINATES: 0,
    });
    const byReference = (units: typeof before) => new Map(units.map((u) => [u.reference, u.unitId]));
    expect(byReference(await importedUnits(ground, dataSourceId))).toEqual(byReference(before));
  });

  it('keeps the reference it was given until a file brings one, and its identity after that', async () => {
    await importing('Nord,A,1,1,\n', { ...MAPPING, parents: [] });
    const [given] = await importedUnits(ground, dataSourceId);
    expect(given?.reference).toMatch(/^[0-9a-f-]{36}$/);
    const mapping = { name: 'name', reference: 'beds', longitude: 'lon', latitude: 'lat' };
    const report = await importing(',A,1,1,hf-1\n', mapping);
    expect(report.matched.IDENTITY_AND_COORDINATES).toBe(1);
    expect(await importedUnits(ground, dataSourceId)).toMatchObject([
      { unitId: given?.unitId, reference: 'hf-1' },
    ]);
  });
});
