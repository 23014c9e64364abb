import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ImportGround, importGround } from '../testing/imports';
import { GEOPACKAGE_MAPPING } from './tables/geopackage-table';

const FOLDER = resolve(__dirname, '../../../../../shared/data/org-units');

describe('real GeoPackages', () => {
  let ground: ImportGround;
  beforeEach(async () => {
    if (!existsSync(FOLDER)) throw new Error(`The real files are missing: ${FOLDER}`);
    ground = await importGround();
  });
  afterEach(() => ground.close());

  const options = (name: string) => ({ name: `${name}.gpkg`, absentUnits: 'KEEP' as const });
  const report = (name: string) =>
    ground.report(readFileSync(resolve(FOLDER, `${name}.gpkg`)), GEOPACKAGE_MAPPING, options(name));
  const run = (name: string) =>
    ground.run(readFileSync(resolve(FOLDER, `${name}.gpkg`)), GEOPACKAGE_MAPPING, options(name));

  it('burkina-faso: 136 units with their shapes, and nothing changes the second time', async () => {
    const first = await report('burkina-faso');
    expect(first).toMatchObject({
      rows: 136,
      units: { added: 136 },
      types: { added: 5 },
      groups: { added: 4 },
      quarantine: { count: 0 },
    });
    const second = await report('burkina-faso');
    expect(second.units).toMatchObject({ added: 0, changed: 0, moved: 0, removed: 0, same: 136 });
    const { sql } = ground.db;
    const counts = await ground.db.one<Record<string, number>>(sql`
      SELECT count(*) AS units, count(s.shape_hash) AS shapes, count(s.longitude) AS points, count(s.altitude) AS altitudes,
        count(*) FILTER (WHERE s.parent_id IS NULL) AS roots
      FROM georegistry.org_unit_state s WHERE s.account_id = ${ground.db.account}`);
    expect(counts).toEqual({ units: 136, shapes: 53, points: 83, altitudes: 83, roots: 1 });
  });

  it.each(['gpkg-minimal', 'gpkg-minimal_all_optional'])('%s imports', async (name) => {
    const imported = await report(name);
    expect(imported).toMatchObject({ rows: 3, units: { added: 3 }, quarantine: { count: 0 } });
  });

  it('gpkg-multiple-internal-ref-formats: iaso#N and iaso:N are one reference', async () => {
    const imported = await report('gpkg-multiple-internal-ref-formats');
    expect(imported).toMatchObject({ rows: 7, units: { added: 7 }, quarantine: { count: 0 } });
    const { sql } = ground.db;
    const references = await ground.db.rows<{ reference: string }>(sql`
      SELECT u.reference FROM georegistry.org_unit u WHERE u.account_id = ${ground.db.account} AND u.reference LIKE 'iaso%'
      ORDER BY u.reference`);
    expect(references.map(({ reference }) => reference)).toEqual(
      expect.arrayContaining(['iaso:6688', 'iaso:178465']),
    );
    expect(references.some(({ reference }) => reference.includes('#'))).toBe(false);
  });

  it.each([
    ['gpkg-blank_name', 'name', 'NAME_MISSING'],
    ['gpkg-null_ref', 'ref', 'REFERENCE_MISSING'],
  ])(
    '%s: the defective root and all below it wait, naming layer, row and column',
    async (name, column, reason) => {
      const imported = await report(name);
      expect(imported.units.added).toBe(0);
      expect(imported.quarantine.count).toBe(3);
      expect(imported.quarantine.rows[0]).toMatchObject({ layer: 'level-3-DS', line: 1, column, reason });
      const csv = await ground.text(imported.quarantine.fileId as string);
      expect(csv.trim().split('\r\n')).toHaveLength(4);
      expect(/,"POLYGON \(\(/.test(csv)).toBe(true);
    },
  );

  it('gpkg-missing_column_name is refused, naming layer and column, and writes nothing', async () => {
    const job = await run('gpkg-missing_column_name');
    expect(job.status).toBe('FAILED');
    expect(JSON.stringify(job.error)).toMatch(/Layer \\"level-3-DS\\" has no column \\"name\\"/);
    const { sql } = ground.db;
    const { count } = await ground.db.one<{ count: number }>(sql`
      SELECT count(*) AS count FROM georegistry.org_unit u WHERE u.account_id = ${ground.db.account}`);
    expect(count).toBe(0);
  });
});
