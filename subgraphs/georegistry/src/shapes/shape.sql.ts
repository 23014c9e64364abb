/** Statements on shapes, which are stored once per content. */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';

export interface ShapeForm {
  level: number;
  tolerance: number;
  wkb: Buffer;
  vertexCount: number;
}

export interface NewShape {
  hash: Buffer;
  wkb: Buffer;
  /** West, south, east, north in degrees. */
  bounds: readonly [number, number, number, number];
  areaM2: number;
  vertexCount: number;
  invalidReason: string | null;
  levels: ShapeForm[];
}

/** Stores the shape; one that is there stays as it is. */
export const insertShape = async (tx: AccountTransaction, shape: NewShape): Promise<void> => {
  const [west, south, east, north] = shape.bounds;
  const isNew = await tx.execute(tx.sql`
    INSERT INTO georegistry.shape
      (account_id, hash, wkb, bounds, area_m2, vertex_count, valid, invalid_reason)
    VALUES (${tx.account}, ${shape.hash}, ${shape.wkb},
      box(point(${west}::float8, ${south}::float8), point(${east}::float8, ${north}::float8)),
      ${shape.areaM2}, ${shape.vertexCount}, ${shape.invalidReason === null}, ${shape.invalidReason})
    ON CONFLICT DO NOTHING`);
  if (isNew === 0 || shape.levels.length === 0) return;
  await tx.execute(tx.sql`
    INSERT INTO georegistry.shape_level (account_id, hash, level, tolerance, wkb, vertex_count)
    SELECT ${tx.account}, ${shape.hash}, l.level, l.tolerance, l.wkb, l.vertex_count
    FROM unnest(${shape.levels.map((l) => l.level)}::smallint[], ${shape.levels.map((l) => l.tolerance)}::float8[],
      ${shape.levels.map((l) => l.wkb)}::bytea[], ${shape.levels.map((l) => l.vertexCount)}::integer[])
      AS l (level, tolerance, wkb, vertex_count)`);
};

export interface ShapeRow {
  hash: Buffer;
  wkb: Buffer;
  areaM2: number;
  vertexCount: number;
  valid: boolean;
  invalidReason: string | null;
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Shapes without their full geometry. */
export const shapesByHash = (db: AccountDatabase, hashes: readonly Buffer[]) =>
  db.rows<Omit<ShapeRow, 'wkb'>>(db.sql`
    SELECT h.hash, h.area_m2 AS "areaM2", h.vertex_count AS "vertexCount", h.valid,
      h.invalid_reason AS "invalidReason", (h.bounds[1])[0] AS west, (h.bounds[1])[1] AS south,
      (h.bounds[0])[0] AS east, (h.bounds[0])[1] AS north
    FROM georegistry.shape h WHERE h.account_id = ${db.account} AND h.hash = ANY(${hashes}::bytea[])`);

/** Geometries at a level: 0 is the full one. A form that vanished at a level is answered by the next finer one. */
export const geometriesByHash = (db: AccountDatabase, hashes: readonly Buffer[], level: number) =>
  db.rows<{ hash: Buffer; wkb: Buffer }>(db.sql`
    SELECT h.hash, coalesce((
      SELECT l.wkb FROM georegistry.shape_level l
      WHERE l.account_id = ${db.account} AND l.hash = h.hash AND l.level <= ${level}
      ORDER BY l.level DESC LIMIT 1), h.wkb) AS wkb
    FROM georegistry.shape h WHERE h.account_id = ${db.account} AND h.hash = ANY(${hashes}::bytea[])`);
