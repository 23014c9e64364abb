/**
 * One operation, compiled: its plan and the shape of its answer, for every combination of conditions that has
 * occurred. It answers the same as the stock executor, which the differential test holds it to.
 */
import type { QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  OperationTypeNode,
} from 'graphql';
import { type ConditionReader, type Conditions, compileConditions } from './conditions';
import { type CompletionProblem, shapeExactly } from './exact-shaping';
import { type GeneratedShaper, generateShaper } from './generated-shaping';
import { PlanCompiler } from './plan';
import { NotSupported, type Run, type Services, type Step } from './run';
import { CompositeShape } from './shape';
import type { GatewayContext, ResultObject, Variables } from './subgraph';

export interface ExecutedOperation {
  data?: ResultObject | null;
  errors?: unknown[];
  extensions?: { valueCompletion: readonly CompletionProblem[] };
}

export interface OperationSource {
  readonly plan: QueryPlan;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** What clients see. */
  readonly schema: GraphQLSchema;
  /** Every type of every subgraph. */
  readonly supergraph: GraphQLSchema;
  readonly services: Services;
}

interface Variant {
  readonly step: Step;
  readonly shape: CompositeShape;
  readonly shaper: GeneratedShaper;
}

export class CompiledOperation {
  readonly schema: GraphQLSchema;
  readonly #source: OperationSource;
  readonly #operation;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #conditions: ConditionReader;
  readonly #variants = new Map<number, Variant>();

  /** Throws NotSupported for what only the stock executor does. */
  constructor(source: OperationSource) {
    const operation = getOperationAST(source.document, source.operationName);
    if (!operation) throw new NotSupported('an operation that is not there');
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw new NotSupported('a subscription');
    const fragments = source.document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
    this.schema = source.schema;
    this.#source = source;
    this.#operation = operation;
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
    this.#conditions = compileConditions(operation, fragments);
  }

  /** Compiles one combination of conditions ahead; throws NotSupported when it cannot be. */
  prepare(variables: Variables): void {
    const read = this.#conditions.read(variables);
    if (read) this.#variant(read.key, read.conditions);
  }

  /** Undefined when the stock executor has to answer this request. Nothing has been executed then. */
  async execute(variables: Variables, context: GatewayContext): Promise<ExecutedOperation | undefined> {
    const errors = this.#variableErrors(variables);
    if (errors) return { errors: [...errors] };
    const read = this.#conditions.read(variables);
    if (!read) return undefined;
    const variant = this.#variantOrNone(read.key, read.conditions);
    if (!variant) return undefined;
    const { step, shape, shaper } = variant;
    const run: Run = { variables, context, data: Object.create(null), errors: [] };
    await step(run, { path: [], data: run.data });
    try {
      return finish(run, shape, shaper);
    } catch (error) {
      // A subgraph sent something of another kind altogether: there is no answer to be made of it.
      const originalError = error instanceof Error ? error : new Error(String(error));
      return { errors: [new GraphQLError(originalError.message, { originalError })] };
    }
  }

  #variableErrors(variables: Variables): readonly GraphQLError[] | undefined {
    const definitions = this.#operation.variableDefinitions;
    if (!definitions || definitions.length === 0) return undefined;
    return getVariableValues(this.schema, definitions, variables).errors;
  }

  #variantOrNone(key: number, conditions: Conditions): Variant | undefined {
    try {
      return this.#variant(key, conditions);
    } catch (error) {
      if (error instanceof NotSupported) return undefined;
      throw error;
    }
  }

  #variant(key: number, conditions: Conditions): Variant {
    const known = this.#variants.get(key);
    if (known) return known;
    const { plan, schema, supergraph, services } = this.#source;
    const rootType = schema.getRootType(this.#operation.operation);
    if (!rootType) throw new NotSupported('a root that is not there');
    const shape = new CompositeShape(
      { schema, fragments: this.#fragments, conditions },
      rootType,
      this.#operation.selectionSet.selections,
    );
    const step = new PlanCompiler(services, supergraph, conditions).compile(plan.node);
    const variant = { step, shape, shaper: generateShaper(shape) };
    this.#variants.set(key, variant);
    return variant;
  }
}

function finish(run: Run, shape: CompositeShape, shaper: GeneratedShaper): ExecutedOperation {
  const shaped = shaper(run.data);
  if (shaped) return run.errors.length === 0 ? { data: shaped } : { errors: run.errors, data: shaped };
  const { data, problems } = shapeExactly(shape, run.data);
  if (run.errors.length > 0) return { errors: run.errors, data };
  return problems.length > 0 ? { extensions: { valueCompletion: problems }, data } : { data };
}
