/**
 * All units of a list, in the order of the tree, in batches: memory does not grow with their number.
 */
import type { AccountDatabase } from '@iroko/database';
import { type MultiPolygon, type Point, type Polygon, readWkb } from '@iroko/geometry';
import { groupsById } from '../groups/group.sql';
import type { ListVersion } from '../org-units/resolve-list';
import { type ListedRow, listUnits, type UnitList } from '../org-units/unit-list.sql';
import { OrgUnitSort } from '../org-units/unit-sort';
import { geometriesByHash } from '../shapes/shape.sql';
import { typesById } from '../types/type.sql';
import type { ExportedUnit } from './exported-unit';
import { referencesById } from './exports.sql';

const BATCH = 2000;
/** Shapes are large: so many are in memory at once. */
const SHAPES_BATCH = 200;

/** Units of a list of one version. Reads within the transaction it is given, so that all batches are of one moment. */
export async function* readUnits(
  db: AccountDatabase,
  list: Omit<UnitList, 'sort'>,
  version: ListVersion,
): AsyncGenerator<ExportedUnit[]> {
  const sorted: UnitList = { ...list, sort: OrgUnitSort.TREE };
  const names = new Names(db, version);
  let after: string[] | undefined;
  for (;;) {
    const rows = await listUnits(db, sorted, after, BATCH);
    for (const piece of pieces(rows)) yield await exported(db, names, piece);
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.listKeys;
  }
}

function* pieces(rows: readonly ListedRow[]): Generator<ListedRow[]> {
  let piece: ListedRow[] = [];
  let shapes = 0;
  for (const row of rows) {
    piece.push(row);
    if (row.shapeHash) shapes++;
    if (shapes === SHAPES_BATCH) {
      yield piece;
      piece = [];
      shapes = 0;
    }
  }
  if (piece.length > 0) yield piece;
}

async function exported(db: AccountDatabase, names: Names, rows: ListedRow[]): Promise<ExportedUnit[]> {
  await names.learn(rows);
  const shapes = await shapesOf(db, rows);
  return rows.map((row) => ({
    reference: row.reference,
    name: row.name,
    type: names.type(row.typeId),
    parentReference: names.unit(row.parentId),
    code: row.code,
    status: row.status,
    aliases: row.aliases,
    longitude: row.longitude,
    latitude: row.latitude,
    altitude: row.altitude,
    openingDate: row.openingDate,
    closedDate: row.closedDate,
    groups: (row.groupIds ?? []).map((id) => names.group(id)),
    attributes: row.attributes ?? {},
    shape: row.shapeHash ? (shapes.get(row.shapeHash.toString('hex')) ?? null) : null,
  }));
}

async function shapesOf(
  db: AccountDatabase,
  rows: readonly ListedRow[],
): Promise<Map<string, Point | Polygon | MultiPolygon>> {
  const hashes = rows.flatMap((row) => (row.shapeHash ? [row.shapeHash] : []));
  if (hashes.length === 0) return new Map();
  const found = await geometriesByHash(db, hashes, 0);
  return new Map(found.map(({ hash, wkb }) => [hash.toString('hex'), readWkb(wkb) as MultiPolygon]));
}

/** Names of types and groups, few and kept; references of parents, looked up batch by batch. */
class Names {
  private readonly types = new Map<string, string>();
  private readonly groups = new Map<string, string>();
  private parents = new Map<string, string>();

  constructor(
    private readonly db: AccountDatabase,
    private readonly version: ListVersion,
  ) {}

  async learn(rows: readonly ListedRow[]): Promise<void> {
    const missing = (ids: (string | null)[], known: Map<string, string>) => [
      ...new Set(ids.filter((id): id is string => id !== null && !known.has(id))),
    ];
    const types = missing(
      rows.map((row) => row.typeId),
      this.types,
    );
    if (types.length > 0)
      for (const type of await typesById(this.db, types)) this.types.set(type.id, type.name);
    const groups = missing(
      rows.flatMap((row) => row.groupIds ?? []),
      this.groups,
    );
    if (groups.length > 0) {
      for (const group of await groupsById(this.db, groups)) this.groups.set(group.id, group.reference);
    }
    const parents = missing(
      rows.map((row) => row.parentId),
      new Map(),
    );
    this.parents = new Map(
      (await referencesById(this.db, parents, this.version)).map(({ id, reference }) => [id, reference]),
    );
  }

  type = (id: string | null): string | null => (id === null ? null : (this.types.get(id) ?? null));
  group = (id: string): string => this.groups.get(id) ?? id;
  unit = (id: string | null): string | null => (id === null ? null : (this.parents.get(id) ?? null));
}
