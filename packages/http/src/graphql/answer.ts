import type { GraphQLFormattedError } from 'graphql';

/** What an operation answers; its errors are as they may leave. */
export interface GraphQLAnswer {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: unknown;
}
