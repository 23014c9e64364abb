export { CompositionError, composeSupergraph, type SubgraphSource } from './compose';
export {
  type Comparison,
  Differential,
  type DifferentialOperation,
  type DifferentialOptions,
} from './execution/differential';
export type {
  GatewayContext,
  GatewaySubgraph,
  HttpSubgraph,
  InProcessSubgraph,
  SubgraphRequest,
  SubgraphResult,
} from './execution/subgraph';
export { createGateway, type Gateway, type GatewayOptions, type GatewaySettings } from './gateway';
export { type BuildInfo, healthRoutes, type ReadinessCheck } from './health';
