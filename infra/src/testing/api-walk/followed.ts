/**
 * What a subscription answers until it has caught up: then nothing comes any more, since nobody writes here.
 */
import type { GraphRequest } from '@iroko/graph';
import { type DocumentNode, type ExecutionResult, GraphQLError, subscribe } from 'graphql';
import type { HostedSubgraph } from '../../stack/hosted';

/** Longer than what was written before takes to come. */
const QUIET_MS = 300;

/** The data of all answers as a list, and all their errors. */
export async function followedAnswer(
  subgraph: HostedSubgraph,
  document: DocumentNode,
  variableValues: Record<string, unknown>,
  request: GraphRequest,
): Promise<Pick<ExecutionResult, 'errors'> & { data: unknown }> {
  const leaving = new AbortController();
  const contextValue = subgraph.context({ ...request, signal: leaving.signal });
  const source = await subscribe({ schema: subgraph.schema, document, variableValues, contextValue });
  if (!(Symbol.asyncIterator in source)) return { ...source, data: null };
  const answers: ExecutionResult[] = [];
  try {
    for (;;) {
      const next = await Promise.race([source.next(), quiet()]);
      if (next === 'quiet' || next.done) break;
      answers.push(next.value);
    }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    answers.push({ errors: [error] });
  } finally {
    leaving.abort();
  }
  const errors = answers.flatMap((answer) => answer.errors ?? []);
  return { data: answers.map((answer) => answer.data ?? null), errors };
}

function quiet(): Promise<'quiet'> {
  return new Promise((resolve) => setTimeout(() => resolve('quiet'), QUIET_MS));
}
