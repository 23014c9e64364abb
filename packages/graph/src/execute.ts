/**
 * Runs one operation against a subgraph in this process, with documents parsed and checked once.
 */
import { type DocumentNode, type ExecutionResult, execute } from 'graphql';
import type { RequestContext } from './context';
import type { Subgraph } from './subgraph';

export interface SubgraphOperation {
  document: DocumentNode;
  operationName?: string | null;
  variables?: Record<string, unknown>;
}

export async function executeOperation(
  subgraph: Pick<Subgraph, 'schema'>,
  operation: SubgraphOperation,
  context: RequestContext,
): Promise<ExecutionResult> {
  return execute({
    schema: subgraph.schema,
    document: operation.document,
    contextValue: context,
    variableValues: operation.variables ?? {},
    operationName: operation.operationName ?? null,
  });
}
