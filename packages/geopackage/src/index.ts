export { GeoPackage, type GeoPackageGroup } from './geopackage';
export type { KnownColumn, UnitLayer } from './layers';
export type { LayerRow } from './rows';
