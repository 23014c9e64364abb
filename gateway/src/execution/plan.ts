/**
 * A query plan of Apollo's planner turned into one function. The stock executor walks the plan anew for every
 * request, builds trace nodes and opens spans on the way; here a node becomes a closure once.
 */
import type { ConditionNode, FlattenNode, PlanNode, SubscriptionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { Conditions } from './conditions';
import { compileFetch } from './fetch';
import { valuesAt } from './paths';
import { NotSupported, type Services, type Step } from './run';

const nothing: Step = async () => undefined;

/** Throws NotSupported for a plan with a node that is not executed here. */
export class PlanCompiler {
  constructor(
    private readonly services: Services,
    private readonly supergraph: GraphQLSchema,
    private readonly conditions: Conditions,
  ) {}

  compile(node: PlanNode | SubscriptionNode | undefined): Step {
    switch (node?.kind) {
      case undefined:
        return nothing;
      case 'Fetch':
        return compileFetch(node, this.services, this.supergraph);
      case 'Sequence':
        return inSequence(node.nodes.map((each) => this.compile(each)));
      case 'Parallel':
        return inParallel(node.nodes.map((each) => this.compile(each)));
      case 'Flatten':
        return this.#flatten(node);
      case 'Condition':
        return this.#condition(node);
      default:
        throw new NotSupported(`a ${node?.kind} node`);
    }
  }

  #condition(node: ConditionNode): Step {
    const value = this.conditions.get(node.condition);
    if (value === undefined) throw new NotSupported(`a condition on $${node.condition}`);
    return this.compile(value ? node.ifClause : node.elseClause);
  }

  #flatten({ path, node }: FlattenNode): Step {
    const step = this.compile(node);
    return async (run, target) => {
      const data = valuesAt(target.data, path);
      if (data !== null && data !== undefined) await step(run, { path: [...target.path, ...path], data });
    };
  }
}

function inSequence(steps: readonly Step[]): Step {
  return async (run, target) => {
    for (const step of steps) await step(run, target);
  };
}

function inParallel(steps: readonly Step[]): Step {
  return async (run, target) => {
    await Promise.all(steps.map((step) => step(run, target)));
  };
}
