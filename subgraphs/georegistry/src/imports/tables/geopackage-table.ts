/**
 * A GeoPackage as imports meet it: the rows of all its layers under one header, read by a fixed mapping. A column that a
 * layer lacks leaves what is stored untouched; so does a geometry what it does not speak of: a point the shape, a
 * polygon the location.
 */
import type { AccountDatabase } from '@iroko/database';
import type { FileRow, Files } from '@iroko/files';
import { GeometryError, writeWkt } from '@iroko/geometry';
import { GeoPackage, type KnownColumn, type LayerRow, type UnitLayer } from '@iroko/geopackage';
import { writeCellList } from '../staging/cell-list';
import { oneReferenceForm } from '../staging/reference-form';
import type { InputRow, InputTable } from './input-table';

const COLUMNS = [
  'layer',
  'ref',
  'name',
  'type',
  'parent_ref',
  'group_refs',
  'code',
  'opening_date',
  'closed_date',
  'longitude',
  'latitude',
  'altitude',
  'shape',
] as const;

/** How the columns are read; also good for a quarantine's CSV that is sent again. */
export const GEOPACKAGE_MAPPING = {
  name: 'name',
  reference: 'ref',
  type: 'type',
  parentReference: 'parent_ref',
  groups: 'group_refs',
  code: 'code',
  openingDate: 'opening_date',
  closedDate: 'closed_date',
  longitude: 'longitude',
  latitude: 'latitude',
  altitude: 'altitude',
  shape: 'shape',
  duplicates: 'KEEP',
} as const;

/** What a layer without the column leaves untouched. */
const STATE_COLUMNS: Partial<Record<KnownColumn, string>> = {
  group_refs: 'group_ids',
  code: 'code',
  opening_date: 'opening_date',
  closed_date: 'closed_date',
};

export async function openGeoPackage(db: AccountDatabase, files: Files, file: FileRow): Promise<InputTable> {
  const copy = await files.localCopy(db, file.id);
  try {
    const content = GeoPackage.open(copy.path);
    // In the order of the names' bytes, in which the quarantine is read too.
    const layers = [...content.layers].sort((a, b) =>
      Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
    );
    return {
      format: 'GEOPACKAGE',
      columns: [...COLUMNS],
      decimalSign: 'POINT',
      dateOrder: 'YMD',
      dialect: null,
      size: file.size,
      groups: new Map(content.groups.map(({ reference, name }) => [oneReferenceForm(reference), name])),
      typeDepths: new Map(layers.map(({ type, depth }) => [type, Math.max(0, depth - 1)])),
      rows: (onBytes) => allRows(content, layers, file.size, onBytes),
      dispose: async () => {
        content.close();
        await copy.dispose();
      },
    };
  } catch (error) {
    await copy.dispose();
    throw error;
  }
}

async function* allRows(
  content: GeoPackage,
  layers: readonly UnitLayer[],
  size: number,
  onBytes?: (read: number) => void,
): AsyncGenerator<InputRow[]> {
  const total = layers.reduce((sum, layer) => sum + content.rowCount(layer), 0);
  let done = 0;
  for (const layer of layers) {
    const missing = Object.entries(STATE_COLUMNS).flatMap(([column, state]) =>
      layer.columns.has(column as KnownColumn) ? [] : [state],
    );
    for (const batch of content.rows(layer)) {
      yield batch.map((row) => inputRow(layer, row, missing));
      done += batch.length;
      onBytes?.(Math.round((size * done) / total));
    }
  }
}

function inputRow(layer: UnitLayer, row: LayerRow, missing: readonly string[]): InputRow {
  const { cells, geometry } = row;
  const text = (column: KnownColumn) => cells[column] ?? '';
  const place = placeOf(geometry);
  return {
    line: row.row,
    layer: layer.name,
    absent: [...missing, ...place.absent],
    cells: [
      layer.name,
      text('ref'),
      text('name'),
      layer.type,
      text('parent_ref'),
      writeCellList(
        text('group_refs')
          .split(',')
          .map((reference) => reference.trim())
          .filter(Boolean),
      ),
      text('code'),
      // Some programs write a date as a moment.
      text('opening_date').slice(0, 10),
      text('closed_date').slice(0, 10),
      ...place.cells,
    ],
    ...(geometry instanceof GeometryError ? { defect: unreadable(geometry) } : {}),
  };
}

const LOCATION = ['longitude', 'latitude', 'altitude'];
const SHAPE = ['shape_hash'];

function placeOf(geometry: LayerRow['geometry']): { cells: string[]; absent: readonly string[] } {
  const none = ['', '', '', ''];
  if (geometry === null || geometry instanceof GeometryError) return { cells: none, absent: [] };
  if (geometry.type === 'Point') {
    const [longitude, latitude, altitude] = geometry.coordinates;
    const number = (value: number | undefined) =>
      value === undefined || Number.isNaN(value) ? '' : String(value);
    return { cells: [number(longitude), number(latitude), number(altitude), ''], absent: SHAPE };
  }
  if (geometry.type === 'Polygon' || geometry.type === 'MultiPolygon') {
    return { cells: ['', '', '', writeWkt(geometry)], absent: LOCATION };
  }
  // Lines and collections are no places; the reader of shapes says so.
  return { cells: ['', '', '', geometry.type.toUpperCase()], absent: LOCATION };
}

function unreadable(error: GeometryError): InputRow['defect'] {
  return { column: 'shape', value: null, reason: 'SHAPE_UNREADABLE', message: error.message };
}
