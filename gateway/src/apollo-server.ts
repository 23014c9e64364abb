/**
 * Apollo Server around the gateway, with everything off that a federation gateway of ours does not need: its
 * HTTP layer, its landing page, its reports, its persisted queries.
 */
import './execution/telemetry-off';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from '@iroko/telemetry';
import type { GraphQLFormattedError } from 'graphql';
import type { FastGateway } from './execution/fast-gateway';
import type { GatewayContext } from './execution/subgraph';

/** Where an error came from is kept beside what leaves, for the log. */
const origins = new WeakMap<object, unknown>();

/** The error, as it was thrown, behind an error of an answer. */
export function originOf(error: GraphQLFormattedError): unknown {
  return origins.get(error);
}

export function apolloServer<Context extends GatewayContext>(
  gateway: FastGateway,
  log: Logger,
): ApolloServer<Context> {
  return new ApolloServer<Context>({
    gateway,
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: log.warn.bind(log),
      error: log.error.bind(log),
    },
    introspection: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => {
      origins.set(formatted, error);
      return formatted;
    },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}
