/** From GeoJSON to what is stored of a shape. No database: imports prepare shapes in the same way. */
import { badInput } from '@iroko/errors';
import {
  boundingBox,
  checkShape,
  contentHash,
  type Geometry,
  GeometryError,
  geodesicArea,
  type MultiPolygon,
  positions,
  readGeoJson,
  SIMPLIFICATION_LEVELS,
  simplify,
  toShape,
  writeWkb,
} from '@iroko/geometry';
import type { NewShape, ShapeForm } from './shape.sql';

/** The stored form of a polygon or multipolygon; an invalid one is kept with its reason. Throws GeometryError. */
export function preparedShape(geometry: Geometry): NewShape {
  const shape = toShape(geometry);
  const bounds = boundingBox(shape);
  const defect = checkShape(shape);
  const wkb = writeWkb(shape);
  if (!bounds) throw new GeometryError({ reason: 'EMPTY', message: 'The shape has no polygon.' });
  return {
    hash: contentHash(wkb),
    wkb,
    bounds,
    areaM2: geodesicArea(shape),
    vertexCount: countOf(shape),
    invalidReason: defect?.message ?? null,
    levels: simplifiedForms(shape),
  };
}

/** Like `preparedShape` for input of a person, who can correct it: refuses what is not valid with BAD_USER_INPUT. */
export function checkedShape(value: object, path: string[]): NewShape {
  try {
    const shape = preparedShape(readGeoJson(value));
    if (shape.invalidReason !== null) throw badInput(shape.invalidReason, { path });
    return shape;
  } catch (error) {
    throw error instanceof GeometryError ? badInput(error.message, { path }) : error;
  }
}

function simplifiedForms(shape: MultiPolygon): ShapeForm[] {
  return SIMPLIFICATION_LEVELS.flatMap((tolerance, index) => {
    const simple = simplify(shape, tolerance);
    if (!simple) return [];
    return [{ level: index + 1, tolerance, wkb: writeWkb(simple), vertexCount: countOf(simple) }];
  });
}

function countOf(shape: MultiPolygon): number {
  let count = 0;
  for (const _ of positions(shape)) count++;
  return count;
}
