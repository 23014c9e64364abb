export { type MatchedPair, type MatchOptions, type MatchResult, matchSides } from './matching/engine/match';
export type { MatchSide } from './matching/engine/side';
export { createGeoregistry, type GeoregistryServices } from './subgraph';
