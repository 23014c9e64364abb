/**
 * The answer as it leaves. What the executors say for an operator (service names, Apollo's codes, values that a
 * subgraph should never have sent) stays inside.
 */
import { type ErrorScope, type GraphQLAnswer, publicError } from '@iroko/http';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { originOf } from './apollo-server';
import type { CompletionProblem } from './execution/exact-shaping';

export function publicAnswer(result: FormattedExecutionResult, scope: ErrorScope): GraphQLAnswer {
  const errors = [
    ...(result.errors ?? []).map((error) => publicError(originOf(error) ?? error, scope)),
    ...completionErrors(result.extensions?.valueCompletion, scope),
  ];
  if (errors.length === 0) return { data: result.data };
  return 'data' in result && result.data !== undefined ? { errors, data: result.data } : { errors };
}

/**
 * A null that rose because a subgraph broke its own schema. The stock executor notes it in an extension; the
 * specification asks for an error, and without one a client could take the null for an answer.
 */
function completionErrors(problems: unknown, scope: ErrorScope): GraphQLFormattedError[] {
  if (!Array.isArray(problems)) return [];
  return problems.map(({ message, path }: CompletionProblem) =>
    publicError(Object.assign(new Error(message), { path }), scope),
  );
}
