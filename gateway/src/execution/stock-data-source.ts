/**
 * A subgraph as the stock executor wants it: the same calls as the compiled plans make, with the operation's
 * text parsed once.
 */
import './telemetry-off';
import type { GraphQLDataSource } from '@apollo/gateway';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import { type DocumentNode, parse } from 'graphql';
import { BoundedCache } from '../bounded-cache';
import type { Services } from './run';
import type { GatewayContext } from './subgraph';

const DOCUMENTS_MAX = 500;

export function stockDataSource(name: string, services: Services): GraphQLDataSource {
  const documents = new BoundedCache<DocumentNode>(DOCUMENTS_MAX);
  return {
    async process({ request, context }) {
      const service = services.get(name);
      if (!service)
        throw new Error(`The supergraph names a subgraph ${name} that the gateway was not given.`);
      const query = request.query ?? '';
      let document = documents.get(query);
      if (!document) {
        document = parse(query, { noLocation: true });
        documents.set(query, document);
      }
      const { operationName, variables = {} } = request;
      const result = await service.execute({
        query,
        document,
        operationName,
        variables,
        context: context as GatewayContext,
      });
      // The executor takes errors in this process and from JSON alike: it reads message, path and extensions.
      return result as GatewayGraphQLResponse;
    },
  };
}
