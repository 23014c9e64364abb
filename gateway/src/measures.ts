/**
 * What Prometheus is told about the gateway.
 */
import { counter, durationHistogram, gauge } from '@iroko/telemetry';
import type { InProcessSubgraph } from './execution/subgraph';

const requests = durationHistogram('graphql_request', 'Time of one GraphQL operation at the gateway.', [
  'kind',
  'outcome',
]);
const fetches = durationHistogram('subgraph_fetch', 'Time of one fetch of a query plan.', ['subgraph']);
const executions = counter(
  'gateway_executions_total',
  'Operations by the executor that answered: fast runs compiled plans, stock is the one of @apollo/gateway.',
  ['executor'],
);

const subscriptions = gauge('gateway_subscriptions', 'Subscriptions that are open in this process.');

export function observeLive(open: number): void {
  subscriptions.set(open);
}

export function observeRequest(kind: string | undefined, failed: boolean, milliseconds: number): void {
  requests.observe({ kind: kind ?? 'unknown', outcome: failed ? 'errors' : 'ok' }, milliseconds / 1000);
}

export function countExecution(executor: 'fast' | 'stock'): void {
  executions.inc({ executor });
}

export function timedSubgraph(subgraph: InProcessSubgraph): InProcessSubgraph {
  const { name } = subgraph;
  return {
    name,
    async execute(request) {
      const began = performance.now();
      try {
        return await subgraph.execute(request);
      } finally {
        fetches.observe({ subgraph: name }, (performance.now() - began) / 1000);
      }
    },
  };
}
