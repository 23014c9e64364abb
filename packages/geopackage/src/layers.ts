/**
 * The layers that hold units, as Iaso lays them out: one per type, named `level-<depth>-<type>`.
 */
import { projectionToWgs84, type ToWgs84 } from '@iroko/geometry';
import type { Database } from 'node-sqlite3-wasm';
import { fileDefect } from './file-defect';

export interface UnitLayer {
  /** The table's name, such as `level-2-Region`. */
  readonly name: string;
  /** The level in the name; roots usually have 1. */
  readonly depth: number;
  /** The name of the units' type. */
  readonly type: string;
  /** Of the known columns, those the layer has: a column that is missing leaves what is stored untouched. */
  readonly columns: ReadonlySet<KnownColumn>;
  readonly geometryColumn: string;
  readonly toWgs84: ToWgs84;
}

export const KNOWN_COLUMNS = [
  'ref',
  'name',
  'parent_ref',
  'group_refs',
  'code',
  'opening_date',
  'closed_date',
] as const;
export type KnownColumn = (typeof KNOWN_COLUMNS)[number];

const REQUIRED: readonly KnownColumn[] = ['ref', 'name'];
/** The type is all that follows the second hyphen, hyphens of its own included. */
const LAYER_NAME = /^level-(\d{1,2})-(.+)$/s;

/** In the order of depth, then name. Throws BAD_USER_INPUT, naming layer and column, for what cannot be taken. */
export function unitLayers(database: Database): UnitLayer[] {
  const tables = database.all(
    "SELECT table_name AS name FROM gpkg_contents WHERE data_type = 'features'",
  ) as {
    name: string;
  }[];
  const layers = tables.flatMap(({ name }) => {
    const [, depth, type] = LAYER_NAME.exec(name) ?? [];
    return depth && type ? [describe(database, name, Number(depth), type.trim())] : [];
  });
  if (layers.length === 0) {
    throw fileDefect(
      `The GeoPackage has no layer of units: a layer is named level-<depth>-<type>, such as level-2-District. Its layers are: ${
        tables.map(({ name }) => JSON.stringify(name)).join(', ') || 'none'
      }.`,
    );
  }
  return layers.sort((a, b) => a.depth - b.depth || (a.name < b.name ? -1 : 1));
}

function describe(database: Database, name: string, depth: number, type: string): UnitLayer {
  const present = new Set(
    (database.all('SELECT name FROM pragma_table_info(?)', name) as { name: string }[]).map(
      (column) => column.name,
    ),
  );
  for (const column of REQUIRED) {
    if (!present.has(column)) {
      throw fileDefect(
        `Layer ${JSON.stringify(name)} has no column ${JSON.stringify(column)}, which every layer of units needs.`,
        {
          layer: name,
          column,
        },
      );
    }
  }
  const columns = new Set(KNOWN_COLUMNS.filter((column) => present.has(column)));
  return { name, depth, type, columns, ...geometry(database, name) };
}

interface SpatialReference {
  column: string;
  organization: string | null;
  code: number | null;
  definition: string | null;
}

function geometry(database: Database, name: string): { geometryColumn: string; toWgs84: ToWgs84 } {
  const row = database.get(
    `SELECT g.column_name AS "column", r.organization, r.organization_coordsys_id AS code, r.definition
     FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys r ON r.srs_id = g.srs_id
     WHERE g.table_name = ?`,
    name,
  ) as SpatialReference | null;
  if (!row) {
    throw fileDefect(`Layer ${JSON.stringify(name)} names no geometry column in gpkg_geometry_columns.`, {
      layer: name,
    });
  }
  const { code, definition, organization } = row;
  const epsg = organization?.toUpperCase() === 'EPSG' && code !== null ? { epsg: Number(code) } : {};
  try {
    return {
      geometryColumn: row.column,
      toWgs84: projectionToWgs84({ ...epsg, ...(definition ? { wkt: definition } : {}) }),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw fileDefect(`Layer ${JSON.stringify(name)}: ${error.message}`, { layer: name });
  }
}
