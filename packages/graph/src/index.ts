export * from './connection';
export { type GraphRequest, groupedBy, inOrderOf, RequestContext } from './context';
export { type CursorKey, type CursorScope, Cursors } from './cursor';
export type { Reference, References } from './entities';
export { executeOperation, type SubgraphOperation } from './execute';
export { subgraphRoutes, subgraphSockets } from './routes';
export { DateScalar, DateTimeScalar, GeoJSONScalar, isDay, JSONScalar, LongScalar } from './scalars';
export {
  buildSubgraph,
  SUBGRAPH_NAMES,
  type Subgraph,
  type SubgraphName,
  type SubgraphSchemaOptions,
} from './subgraph';
export * from './types';
