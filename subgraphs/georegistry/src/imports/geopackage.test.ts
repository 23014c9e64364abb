import { readFileSync } from 'node:fs';
import { type MultiPolygon, readWkb } from '@iroko/geometry';
import { type LayerFixture, makeGeoPackage } from '@iroko/testing';
import { type ImportGround, importGround } from '../testing/imports';
import { createType } from '../types/edit-type';
import type { ImportReport } from './report';
import { GEOPACKAGE_MAPPING } from './tables/geopackage-table';

const POLYGON = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [29, -2],
      [30, -2],
      [30, -1],
      [29, -2],
    ],
  ],
};
const POINT = { type: 'Point' as const, coordinates: [29.5, -1.5, 800] };

describe('a GeoPackage', () => {
  let ground: ImportGround;
  beforeEach(async () => {
    ground = await importGround();
  });
  afterEach(() => ground.close());

  const district = (rest: Record<string, unknown> = {}): LayerFixture => ({
    name: 'level-1-District',
    rows: [{ ref: 'D', name: 'Nord', code: 'N', geom: POLYGON, ...rest }] as LayerFixture['rows'],
  });
  const clinic = (rest: Record<string, unknown> = {}): LayerFixture => ({
    name: 'level-2-Clinic',
    rows: [
      { ref: 'C', name: 'Clinic', parent_ref: 'D', group_refs: 'g', geom: POINT, ...rest },
    ] as LayerFixture['rows'],
  });

  function imported(layers: LayerFixture[], groups = [{ ref: 'g', name: 'Public' }]): Promise<ImportReport> {
    const file = readFileSync(makeGeoPackage({ layers, groups }));
    return ground.report(file, GEOPACKAGE_MAPPING, { name: 'units.gpkg', absentUnits: 'KEEP' });
  }

  function state(reference: string) {
    const { sql } = ground.db;
    return ground.db.one<Record<string, unknown>>(sql`
      SELECT s.name, s.code, t.name AS type, t.depth, p.reference AS parent, s.longitude, s.latitude, s.altitude,
        s.shape_hash IS NOT NULL AS shape, cardinality(s.group_ids) AS groups, s.opening_date AS opened
      FROM georegistry.org_unit u
      JOIN georegistry.org_unit_state s ON s.account_id = u.account_id AND s.unit_id = u.id AND s.to_version IS NULL
      LEFT JOIN georegistry.org_unit_type t ON t.account_id = s.account_id AND t.id = s.type_id
      LEFT JOIN georegistry.org_unit p ON p.account_id = s.account_id AND p.id = s.parent_id
      WHERE u.account_id = ${ground.db.account} AND u.reference = ${reference}`);
  }

  it('brings types by layer, parents by reference, groups, shapes and points with altitude', async () => {
    const report = await imported([district(), clinic({ opening_date: '2001-02-03' })]);
    expect(report).toMatchObject({
      units: { added: 2 },
      types: { added: 2 },
      groups: { added: 1 },
      quarantine: { count: 0 },
    });
    expect(await state('D')).toMatchObject({
      name: 'Nord',
      code: 'N',
      type: 'District',
      depth: 0,
      parent: null,
      shape: true,
      longitude: null,
    });
    expect(await state('C')).toEqual({
      name: 'Clinic',
      code: '',
      type: 'Clinic',
      depth: 1,
      parent: 'D',
      longitude: 29.5,
      latitude: -1.5,
      altitude: 800,
      shape: false,
      groups: 1,
      opened: '2001-02-03',
    });
  });

  it('leaves untouched what a layer has no column for, and units it does not hold', async () => {
    await imported([district(), clinic({ opening_date: '2001-02-03', code: 'C1' })]);
    const report = await imported([
      { name: 'level-2-Clinic', rows: [{ ref: 'C', name: 'Clinic, new', parent_ref: 'D', geom: POINT }] },
    ]);
    expect(report.units).toMatchObject({ added: 0, changed: 1, removed: 0, kept: 1 });
    expect(await state('C')).toMatchObject({
      name: 'Clinic, new',
      code: 'C1',
      groups: 1,
      opened: '2001-02-03',
      parent: 'D',
    });
  });

  it('clears what a column leaves empty: groups, dates, code and geometry', async () => {
    await imported([district(), clinic({ opening_date: '2001-02-03', code: 'C1' })]);
    await imported([clinic({ opening_date: '', code: null, group_refs: '', geom: null })]);
    expect(await state('C')).toMatchObject({
      code: '',
      groups: null,
      opened: null,
      longitude: null,
      latitude: null,
      altitude: null,
    });
  });

  it('keeps the shape of a unit that comes with a point, and the point of one that comes with a shape', async () => {
    await imported([district()]);
    await imported([district({ geom: POINT })]);
    expect(await state('D')).toMatchObject({ shape: true, longitude: 29.5 });
    await imported([district()]);
    expect(await state('D')).toMatchObject({ shape: true, longitude: 29.5 });
  });

  it('sends a row with an unknown group, an unknown parent or no reference to quarantine, and the rest lands', async () => {
    const rows: LayerFixture['rows'] = [
      { ref: 'a', name: 'A', group_refs: 'nowhere' },
      { ref: 'b', name: 'B', parent_ref: 'nobody' },
      { ref: ' ', name: 'C' },
      { ref: 'd', name: 'D', group_refs: 'g' },
    ];
    const report = await imported([{ name: 'level-1-A', rows }]);
    expect(report.units.added).toBe(1);
    expect(
      report.quarantine.rows.map(({ layer, line, column, reason }) => [layer, line, column, reason]),
    ).toEqual([
      ['level-1-A', 1, 'group_refs', 'UNKNOWN_GROUP'],
      ['level-1-A', 2, 'parent_ref', 'PARENT_MISSING'],
      ['level-1-A', 3, 'ref', 'REFERENCE_MISSING'],
    ]);
  });

  it('defect 19: two groups of one name stay two, each by its reference', async () => {
    const groups = [
      { ref: 'g1', name: 'Public' },
      { ref: 'g2', name: 'Public' },
    ];
    const report = await imported([district(), clinic({ group_refs: 'g1,g2' })], groups);
    expect(report.groups.added).toBe(2);
    expect(await state('C')).toMatchObject({ groups: 2 });
  });

  it('defect 19: a shape keeps all its parts and their holes', async () => {
    const ring = (west: number, size: number) => [
      [west, 0],
      [west + size, 0],
      [west + size, size],
      [west, size],
      [west, 0],
    ];
    const hole = ring(1, 1).map(([x = 0, y = 0]) => [x, y + 1]);
    const geom = { type: 'MultiPolygon' as const, coordinates: [[ring(0, 4), hole], [ring(10, 4)]] };
    await imported([district({ geom })]);
    const { sql } = ground.db;
    const { wkb } = await ground.db.one<{ wkb: Buffer }>(sql`
      SELECT h.wkb FROM georegistry.shape h WHERE h.account_id = ${ground.db.account}`);
    const { coordinates } = readWkb(wkb) as MultiPolygon;
    expect(coordinates.map((part) => part.map((corners) => corners.length))).toEqual([[5, 5], [5]]);
  });

  it('defect 19: what is known already is brought up to date, moved and renamed', async () => {
    await imported([district(), clinic()]);
    const south: LayerFixture = {
      name: 'level-1-District',
      rows: [{ ref: 'S', name: 'Sud', geom: POLYGON }],
    };
    const report = await imported([south, clinic({ name: 'Clinic Sud', parent_ref: 'S' })]);
    expect(report.units).toMatchObject({ added: 1, changed: 1, kept: 1 });
    expect(await state('C')).toMatchObject({ name: 'Clinic Sud', parent: 'S' });
  });

  it('defect 20: a layer is of the type of its name, whatever level that type says', async () => {
    await createType(ground.db, { name: 'Clinic', depth: 7 });
    expect((await imported([district(), clinic()])).types.added).toBe(1);
    expect(await state('C')).toMatchObject({ type: 'Clinic', depth: 7 });
    expect(await state('D')).toMatchObject({ type: 'District' });
  });

  it('changes nothing the second time', async () => {
    const layers = [district(), clinic()];
    await imported(layers);
    expect((await imported(layers)).units).toMatchObject({
      added: 0,
      changed: 0,
      moved: 0,
      removed: 0,
      same: 2,
    });
  });

  it('of 0 bytes is refused', async () => {
    const job = await ground.run('', GEOPACKAGE_MAPPING, { name: 'units.gpkg' });
    expect(job.status).toBe('FAILED');
    expect(JSON.stringify(job.error)).toMatch(/0 bytes/);
  });
});
