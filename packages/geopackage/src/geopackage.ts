/**
 * A GeoPackage of org units in the layout that Iaso reads and writes: a layer per type named `level-<depth>-<type>`
 * with the columns `ref`, `name` and optionally `parent_ref`, `group_refs`, `code`, `opening_date`, `closed_date`; and
 * a table `groups` with `ref` and `name`.
 */
import type { Database } from 'node-sqlite3-wasm';
import { fileDefect } from './file-defect';
import { type UnitLayer, unitLayers } from './layers';
import { hasTable, openFile, readable } from './open-file';
import { type LayerRow, layerRows } from './rows';

export interface GeoPackageGroup {
  reference: string;
  name: string;
}

export class GeoPackage {
  private constructor(
    private readonly database: Database,
    /** In the order of depth, then name. */
    readonly layers: readonly UnitLayer[],
    readonly groups: readonly GeoPackageGroup[],
  ) {}

  /** `path` is a private copy, which may be changed. Throws BAD_USER_INPUT for a defect of the file. */
  static open(path: string): GeoPackage {
    const database = openFile(path);
    try {
      return new GeoPackage(database, unitLayers(database), readGroups(database));
    } catch (error) {
      database.close();
      throw readable(error);
    }
  }

  rowCount(layer: UnitLayer): number {
    const counted = this.database.get(`SELECT count(*) AS count FROM "${layer.name.replaceAll('"', '""')}"`);
    return Number(counted?.count);
  }

  rows(layer: UnitLayer): Generator<LayerRow[]> {
    return layerRows(this.database, layer);
  }

  close(): void {
    this.database.close();
  }
}

function readGroups(database: Database): GeoPackageGroup[] {
  if (!hasTable(database, 'groups')) {
    throw fileDefect(
      'The GeoPackage has no table groups (columns ref and name); it may be empty, but must be there.',
      {
        layer: 'groups',
      },
    );
  }
  const columns = database.all("SELECT name FROM pragma_table_info('groups')").map(({ name }) => name);
  for (const column of ['ref', 'name']) {
    if (!columns.includes(column)) {
      throw fileDefect(`Table groups has no column ${column}.`, { layer: 'groups', column });
    }
  }
  const rows = database.all('SELECT rowid AS row, ref, name FROM groups ORDER BY rowid');
  return rows.map(({ row, ref, name }) => {
    const group = { reference: String(ref ?? '').trim(), name: String(name ?? '').trim() };
    if (group.reference === '' || group.name === '') {
      throw fileDefect(`Table groups, row ${row}: ref and name must not be empty.`, {
        layer: 'groups',
        column: group.reference === '' ? 'ref' : 'name',
      });
    }
    return group;
  });
}
