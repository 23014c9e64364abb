/**
 * One fetch of a plan, compiled: everything that depends on the operation alone is worked out once, so that a
 * request only picks variables and keys, calls the subgraph and merges its answer.
 */
import type { FetchNode } from '@apollo/query-planner';
import { type GraphQLSchema, parse } from 'graphql';
import { mergeInto, setOwn } from './merge';
import { objectsOf } from './paths';
import { compileRepresentation } from './representations';
import { compileRewrites } from './rewrites';
import { NotSupported, type Run, type Services, type Step } from './run';
import type { ResultObject, SubgraphResult, Variables } from './subgraph';
import { entityErrors, fieldErrors } from './subgraph-errors';

type Send = (run: Run, variables: Variables) => Promise<SubgraphResult> | SubgraphResult;

export function compileFetch(node: FetchNode, services: Services, supergraph: GraphQLSchema): Step {
  if (node.contextRewrites?.length || node.hasDefers) throw new NotSupported('a fetch with context or defer');
  const send = compileSend(node, services);
  const step = node.requires
    ? fetchEntities(node, send, supergraph)
    : fetchFields(node, send, compileRewrites(supergraph, node.outputRewrites));
  return async (run, target) => {
    try {
      await step(run, target);
    } catch (error) {
      // A subgraph that cannot be reached blanks its own part of the answer, not the whole.
      run.errors.push(error);
    }
  };
}

function compileSend(node: FetchNode, services: Services): Send {
  const service = services.get(node.serviceName);
  if (!service) throw new NotSupported(`no subgraph is called ${node.serviceName}`);
  const query = node.operation;
  const document = parse(query, { noLocation: true });
  const operationName = node.operationName;
  return (run, variables) =>
    service.execute({ query, document, operationName, variables, context: run.context });
}

function fetchFields(node: FetchNode, send: Send, rewriteOutput?: (value: unknown) => void): Step {
  const pickVariables = compileVariables(node);
  return async (run, target) => {
    const objects = objectsOf(target.data);
    if (objects.length === 0) return;
    const result = await send(run, pickVariables(run.variables));
    if (result.errors) run.errors.push(...fieldErrors(result.errors, node.serviceName, target.path));
    if (!result.data) return;
    rewriteOutput?.(result.data);
    for (const object of objects) mergeInto(object, result.data);
  };
}

function fetchEntities(node: FetchNode, send: Send, supergraph: GraphQLSchema): Step {
  const pickVariables = compileVariables(node);
  const represent = compileRepresentation(supergraph, node.requires ?? []);
  const rewriteInput = compileRewrites(supergraph, node.inputRewrites);
  const rewriteOutput = compileRewrites(supergraph, node.outputRewrites);
  return async (run, target) => {
    const objects = objectsOf(target.data);
    const asked: number[] = [];
    const representations: ResultObject[] = [];
    for (let index = 0; index < objects.length; index++) {
      const representation = represent(objects[index] as ResultObject);
      if (!representation) continue;
      rewriteInput?.(representation);
      representations.push(representation);
      asked.push(index);
    }
    if (representations.length === 0) return;
    const result = await send(run, { ...pickVariables(run.variables), representations });
    if (result.errors)
      run.errors.push(...entityErrors(result.errors, node.serviceName, run.data, target.path, asked));
    if (!result.data) return;
    mergeEntities(result.data._entities, objects, asked, rewriteOutput);
  };
}

function mergeEntities(
  entities: unknown,
  objects: ResultObject[],
  asked: number[],
  rewriteOutput: ((value: unknown) => void) | undefined,
): void {
  if (!Array.isArray(entities)) throw new Error('Expected "data._entities" in response to be an array');
  if (entities.length !== asked.length) {
    throw new Error(`Expected "data._entities" to contain ${asked.length} elements`);
  }
  for (let index = 0; index < asked.length; index++) {
    const object = objects[asked[index] as number] as ResultObject;
    const entity = entities[index] as ResultObject | null;
    if (!entity) continue;
    if (rewriteOutput) {
      if (!entity.__typename) setOwn(entity, '__typename', object.__typename);
      rewriteOutput(entity);
    }
    mergeInto(object, entity);
  }
}

/** Only what the fetch uses, and only what was given: a missing variable takes its default in the subgraph. */
function compileVariables(node: FetchNode): (given: Variables) => Variables {
  const names = node.variableUsages ?? [];
  if (names.includes('representations')) throw new NotSupported('a variable called representations');
  if (names.length === 0) return () => ({});
  return (given) => {
    const picked: ResultObject = Object.create(null);
    for (const name of names) {
      if (Object.hasOwn(given, name) && given[name] !== undefined) picked[name] = given[name];
    }
    return picked;
  };
}
