export { centreOf, pointInside } from './centre';
export {
  type ClipShape,
  clipShape,
  commonArea,
  commonPieces,
  differingArea,
  uncoveredPieces,
} from './clipping';
export { prepareShape, shapeContains } from './containment';
export { readGeoJson, readGeoJsonText } from './geojson';
export {
  type Box,
  boundingBox,
  defectError,
  type Geometry,
  type GeometryDefect,
  GeometryError,
  type GeometryReason,
  type MultiPolygon,
  mapPositions,
  type Point,
  type Polygon,
  type Position,
  positions,
} from './geometry';
export { type GeoPackageGeometry, readGeoPackageBlob, writeGeoPackageBlob } from './geopackage-blob';
export { geodesicArea, geodesicDistance } from './measures';
export { type CountedPieces, countPieces, type SliverTolerance } from './pieces';
export { knowsEpsg, projectionToWgs84, reproject, type ToWgs84 } from './projections';
export { contentHash, geometryHash, toShape } from './shape';
export { SIMPLIFICATION_LEVELS, simplify } from './simplify';
export { checkPosition, checkShape } from './validity';
export { readWkb, writeWkb } from './wkb';
export { readWkt, writeWkt } from './wkt';
