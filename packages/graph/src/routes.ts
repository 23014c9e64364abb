/**
 * A subgraph over HTTP, for when it runs in a process of its own: behind our gateway or any other router.
 */
import { graphqlRoutes, type Route, SchemaAnswers, type SocketRoute } from '@iroko/http';
import { LiveSubgraph } from './live-subgraph';
import type { Subgraph } from './subgraph';

/** A router's fetch of entities carries one key for each of up to some thousand objects. */
const BODY_MAX_BYTES = 16 * 1024 * 1024;

/** `/graphql` of this subgraph alone, and its other routes. No page of another origin may call it. */
export function subgraphRoutes(subgraph: Subgraph): Route[] {
  const answers = new SchemaAnswers(subgraph.schema);
  const graphql = graphqlRoutes({
    path: '/graphql',
    description: `The subgraph ${subgraph.name}, for routers.`,
    bodyLimitBytes: BODY_MAX_BYTES,
    corsOrigins: [],
    answer: async (parameters, request, { queriesOnly }) => {
      const viewer = await request.viewer();
      const { requestId, log, remoteAddress } = request;
      const contextValue = subgraph.context({ viewer, requestId, log, remoteAddress });
      return answers.answer(parameters, request, { contextValue, queriesOnly });
    },
  });
  return [...graphql, ...subgraph.routes];
}

/** `/graphql` of this subgraph over WebSockets, for routers that pass subscriptions through; none without any. */
export function subgraphSockets(subgraph: Subgraph): SocketRoute[] {
  if (!subgraph.schema.getSubscriptionType()) return [];
  return [
    {
      path: '/graphql',
      description: `The subgraph ${subgraph.name} over WebSockets, for routers.`,
      messageLimitBytes: BODY_MAX_BYTES,
      corsOrigins: [],
      endpoint: new LiveSubgraph(subgraph),
    },
  ];
}
