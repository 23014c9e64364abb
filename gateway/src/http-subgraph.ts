/**
 * A subgraph that runs in a process of its own. It is told who asks, from where, and which request this is,
 * and nothing else: it builds the Viewer itself, and believes the address only if its settings say that we are a
 * proxy it trusts.
 */
import { unavailable } from '@iroko/errors';
import type { HttpSubgraph, InProcessSubgraph, SubgraphRequest, SubgraphResult } from './execution/subgraph';

/** No request of ours takes longer than a few seconds; a subgraph that does is taken for lost. */
const ANSWER_WITHIN_MS = 30_000;

export function httpSubgraph({ name, url }: HttpSubgraph): InProcessSubgraph {
  return { name, execute: (request) => post(name, url, request) };
}

/** Whether the subgraph answers at all. Throws UNAVAILABLE naming it when not. */
export async function checkReachable({ name, url }: HttpSubgraph): Promise<void> {
  await exchange(name, url, { accept: 'application/json' }, { query: '{ __typename }' });
}

function post(name: string, url: string, request: SubgraphRequest): Promise<SubgraphResult> {
  const { query, operationName, variables, context } = request;
  const headers: Record<string, string> = {
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'x-request-id': context.requestId,
  };
  if (context.authorization !== undefined) headers.authorization = context.authorization;
  else if (context.account !== undefined) headers['x-iroko-account'] = context.account;
  if (context.remoteAddress !== undefined) headers['x-forwarded-for'] = context.remoteAddress;
  return exchange(name, url, headers, { query, operationName, variables });
}

async function exchange(
  name: string,
  url: string,
  headers: Record<string, string>,
  operation: object,
): Promise<SubgraphResult> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(operation),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      redirect: 'error',
    });
    const result = (await response.json()) as SubgraphResult | null;
    if (typeof result !== 'object' || result === null || !('data' in result || 'errors' in result)) {
      throw new Error(`no GraphQL answer, status ${response.status}`);
    }
    return result;
  } catch (error) {
    const unreachable = unavailable(`The service ${name} cannot be reached at the moment.`, name);
    unreachable.cause = error;
    throw unreachable;
  }
}
