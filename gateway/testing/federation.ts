/**
 * Small federations in this process for tests and measurements: plain schemas, executed by graphql-js.
 */
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { composeSupergraph } from '../src/compose';
import type { InProcessSubgraph, ResultObject } from '../src/execution/subgraph';

export interface SubgraphDefinition {
  readonly name: string;
  readonly sdl: string;
  readonly resolvers: GraphQLResolverMap<unknown>;
}

export const FEDERATION_LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@requires", "@external", "@provides", "@shareable", "@interfaceObject", "@inaccessible"])\n`;

export function subgraphSchema({ sdl, resolvers }: SubgraphDefinition): GraphQLSchema {
  return buildSubgraphSchema({ typeDefs: parse(FEDERATION_LINK + sdl), resolvers });
}

export function inProcess(definition: SubgraphDefinition): InProcessSubgraph {
  const schema = subgraphSchema(definition);
  return {
    name: definition.name,
    execute: async ({ document, variables, operationName, context }) => {
      const result = await execute({
        schema,
        document,
        variableValues: variables,
        operationName,
        contextValue: context,
      });
      return { data: result.data as ResultObject | null | undefined, errors: result.errors };
    },
  };
}

export function federationOf(definitions: readonly SubgraphDefinition[]): {
  supergraphSdl: string;
  subgraphs: InProcessSubgraph[];
} {
  return {
    supergraphSdl: composeSupergraph(
      definitions.map(({ name, sdl }) => ({
        name,
        sdl: FEDERATION_LINK + sdl,
        url: `http://${name}.invalid`,
      })),
    ),
    subgraphs: definitions.map(inProcess),
  };
}
