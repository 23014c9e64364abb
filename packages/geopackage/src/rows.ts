/**
 * The rows of a layer, in batches, each with its cells as text and its geometry in EPSG:4326.
 */
import { type Geometry, GeometryError, readGeoPackageBlob, reproject } from '@iroko/geometry';
import type { Database } from 'node-sqlite3-wasm';
import type { KnownColumn, UnitLayer } from './layers';
import { readable } from './open-file';

export interface LayerRow {
  /** The row's number in its layer: the feature id (`fid`), as GIS programs show it. */
  readonly row: number;
  /** The known columns that the layer has; null for an empty (NULL) cell. */
  readonly cells: Readonly<Partial<Record<KnownColumn, string | null>>>;
  /** Null when there is none; an error when the bytes are no geometry. */
  readonly geometry: Geometry | GeometryError | null;
}

const BATCH = 500;

/** Throws BAD_USER_INPUT when the file turns out to be broken. */
export function* layerRows(database: Database, layer: UnitLayer): Generator<LayerRow[]> {
  const columns = [...layer.columns];
  const selected = [
    'rowid AS "#row"',
    `${quoted(layer.geometryColumn)} AS "#geometry"`,
    ...columns.map(quoted),
  ];
  let after = -Number.MAX_SAFE_INTEGER;
  for (;;) {
    const rows = batch(
      database,
      `SELECT ${selected.join(', ')} FROM ${quoted(layer.name)} WHERE rowid > ? ORDER BY rowid LIMIT ${BATCH}`,
      after,
    );
    if (rows.length > 0) yield rows.map((row) => readRow(row, layer, columns));
    if (rows.length < BATCH) return;
    after = Number(rows.at(-1)?.['#row']);
  }
}

type RawRow = Record<string, unknown>;

function batch(database: Database, statement: string, after: number): RawRow[] {
  try {
    return database.all(statement, after) as RawRow[];
  } catch (error) {
    throw readable(error);
  }
}

function readRow(raw: RawRow, layer: UnitLayer, columns: readonly KnownColumn[]): LayerRow {
  return {
    row: Number(raw['#row']),
    cells: Object.fromEntries(columns.map((column) => [column, text(raw[column])])),
    geometry: geometryOf(raw['#geometry'], layer),
  };
}

function text(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
}

function geometryOf(value: unknown, layer: UnitLayer): Geometry | GeometryError | null {
  if (!(value instanceof Uint8Array)) return null;
  try {
    const { geometry } = readGeoPackageBlob(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    if (geometry === null || isEmptyPoint(geometry)) return null;
    return reproject(geometry, layer.toWgs84);
  } catch (error) {
    if (error instanceof GeometryError) return error;
    throw error;
  }
}

/** GeoPackage writes an empty point as NaN NaN. */
function isEmptyPoint(geometry: Geometry): boolean {
  return geometry.type === 'Point' && geometry.coordinates.slice(0, 2).some(Number.isNaN);
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
