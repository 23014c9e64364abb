/**
 * A subgraph: type-graphql classes in, an executable federation schema out.
 */
import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { unauthenticated } from '@iroko/errors';
import type { Route } from '@iroko/http';
import { type Permission, requirePermission } from '@iroko/viewer';
import { type GraphQLSchema, parse } from 'graphql';
import { type AuthChecker, buildSchemaSync, createResolversMap, type NonEmptyArray } from 'type-graphql';
import type { GraphRequest, RequestContext } from './context';
import { type References, resolveReferencesInBatches } from './entities';
import { DateTimeScalar } from './scalars';

export const SUBGRAPH_NAMES = ['identity', 'georegistry', 'datasets', 'submissions'] as const;
export type SubgraphName = (typeof SUBGRAPH_NAMES)[number];

/** A subgraph as the stack hosts it. */
export interface Subgraph {
  readonly name: SubgraphName;
  readonly schema: GraphQLSchema;
  /** The schema in federation's schema language, as committed in `schema.graphql`. */
  readonly sdl: string;
  /** The context value of one request, shared by all its fetches from this subgraph. */
  context(request: GraphRequest): RequestContext;
  readonly routes: readonly Route[];
}

// biome-ignore lint/complexity/noBannedTypes: type-graphql names classes this way
type ClassType = Function;

export interface SubgraphSchemaOptions {
  resolvers: NonEmptyArray<ClassType>;
  /** Types that no field of a resolver leads to, such as the members of an interface. */
  orphanedTypes?: ClassType[];
  /** How the entities of this subgraph are found by their keys, many at a time. */
  references: References;
}

const FEDERATION_LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@provides", "@requires", "@inaccessible", "@tag", "@interfaceObject", "@override"])';

/** `@Authorized()` without a permission is for whoever is somebody. */
const checkPermissions: AuthChecker<RequestContext, Permission> = ({ context }, permissions) => {
  if (context.viewer.kind === 'anonymous' && permissions.length === 0) throw unauthenticated();
  for (const permission of permissions) requirePermission(context.viewer, permission);
  return true;
};

const inMemory = (): never => {
  throw new Error('Events go through the log and never through memory: give the subscription a `subscribe`.');
};

/** The library demands one where there are subscriptions; ours read the log. */
const NO_EVENTS_IN_MEMORY = { publish: inMemory, subscribe: inMemory };

/** Builds the executable schema and its printed form. */
export function buildSubgraph(options: SubgraphSchemaOptions): { schema: GraphQLSchema; sdl: string } {
  const plain = buildSchemaSync({
    resolvers: options.resolvers,
    orphanedTypes: options.orphanedTypes ?? [],
    authChecker: checkPermissions,
    validate: false,
    pubSub: NO_EVENTS_IN_MEMORY,
    scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
  });
  const sdl = `${FEDERATION_LINK}\n\n${printSchemaWithDirectives(plain)}\n`;
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: createResolversMap(plain) as never });
  resolveReferencesInBatches(schema, options.references);
  return { schema, sdl };
}
