/** Writes a small GeoPackage for tests, with whatever defect a test wants. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Geometry, writeGeoPackageBlob } from '@iroko/geometry';
import { Database } from 'node-sqlite3-wasm';

type Value = string | number | null | Geometry;

export interface LayerFixture {
  name: string;
  srsId?: number;
  rows: Record<string, Value>[];
}

export interface GeoPackageFixture {
  layers: LayerFixture[];
  /** Null leaves the table out. */
  groups?: Record<string, string | null>[] | null;
  /** Beside EPSG:4326. */
  references?: { srsId: number; organization: string; code: number; definition: string }[];
}

const TABLES = `
  CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
    organization_coordsys_id INTEGER, definition TEXT, description TEXT);
  CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, srs_id INTEGER);
  CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER,
    z TINYINT, m TINYINT);
  INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84"]', NULL);`;

/** The path of the file. */
export function makeGeoPackage(fixture: GeoPackageFixture): string {
  const path = join(mkdtempSync(join(tmpdir(), 'iroko-gpkg-')), 'units.gpkg');
  const database = new Database(path);
  // The four letters GPKG, by which files of this kind are known.
  database.exec('PRAGMA application_id = 0x47504B47');
  database.exec('BEGIN');
  database.exec(TABLES);
  for (const { srsId, organization, code, definition } of fixture.references ?? []) {
    database.run('INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)', [
      organization,
      srsId,
      organization,
      code,
      definition,
    ]);
  }
  for (const layer of fixture.layers) addLayer(database, layer);
  if (fixture.groups !== null) addTable(database, 'groups', fixture.groups ?? [], ['ref', 'name']);
  database.exec('COMMIT');
  database.close();
  return path;
}

function addLayer(database: Database, { name, srsId = 4326, rows }: LayerFixture): void {
  database.run("INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?)", [name, name, srsId]);
  database.run("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', ?, 2, 0)", [name, srsId]);
  addTable(database, name, rows, ['geom'], srsId);
}

function addTable(
  database: Database,
  name: string,
  rows: Record<string, Value>[],
  always: string[],
  srsId = 4326,
): void {
  const columns = [...new Set([...always, ...rows.flatMap((row) => Object.keys(row))])];
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  database.exec(`CREATE TABLE ${quoted(name)} (fid INTEGER PRIMARY KEY, ${columns.map(quoted).join(', ')})`);
  for (const row of rows) {
    const values = columns.map((column) => stored(row[column] ?? null, srsId));
    database.run(
      `INSERT INTO ${quoted(name)} (${columns.map(quoted).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      values,
    );
  }
}

function stored(value: Value, srsId: number): string | number | null | Uint8Array {
  return typeof value === 'object' && value !== null ? writeGeoPackageBlob(value, srsId) : value;
}
