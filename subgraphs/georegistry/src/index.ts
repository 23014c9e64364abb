export { createGeoregistry, type GeoregistryServices } from './subgraph';
