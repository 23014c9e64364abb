/**
 * `@skip` and `@include`. A plan and the shape of an answer depend on the values of a few Boolean variables;
 * for each combination that occurs they are compiled once.
 */
import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql';
import { NotSupported } from './run';
import type { Variables } from './subgraph';

/** The combinations of more variables than this are not worth compiling: at most 2^6 shapes an operation. */
const VARIABLES_MAX = 6;

/** The values of the operation's conditions for one request. */
export type Conditions = ReadonlyMap<string, boolean>;

export interface ConditionReader {
  /** Undefined when a value is missing or no Boolean: the stock executor then says what is wrong. */
  read(variables: Variables): { key: number; conditions: Conditions } | undefined;
}

export function compileConditions(
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): ConditionReader {
  const names = conditionVariables([operation, ...fragments]);
  if (names.length > VARIABLES_MAX) throw new NotSupported('many conditions');
  const defaults = new Map(names.map((name) => [name, defaultOf(operation, name)]));
  const unconditional = { key: 0, conditions: new Map() };
  return {
    read(variables) {
      if (names.length === 0) return unconditional;
      const conditions = new Map<string, boolean>();
      let key = 0;
      for (const name of names) {
        const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
        const value = given === undefined ? defaults.get(name) : given;
        if (typeof value !== 'boolean') return undefined;
        conditions.set(name, value);
        key = key * 2 + Number(value);
      }
      return { key, conditions };
    },
  };
}

/** Whether a selection is in the answer. */
export function isIncluded(selection: SelectionNode, conditions: Conditions): boolean {
  for (const directive of selection.directives ?? []) {
    const name = directive.name.value;
    if (name === 'skip' && ifValue(directive, conditions)) return false;
    if (name === 'include' && !ifValue(directive, conditions)) return false;
  }
  return true;
}

function ifValue(directive: DirectiveNode, conditions: Conditions): boolean {
  const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
  if (value?.kind === Kind.BOOLEAN) return value.value;
  return value?.kind === Kind.VARIABLE && conditions.get(value.name.value) === true;
}

function conditionVariables(nodes: readonly (OperationDefinitionNode | FragmentDefinitionNode)[]): string[] {
  const names = new Set<string>();
  for (const node of nodes) {
    visit(node, {
      Directive(directive) {
        if (directive.name.value !== 'skip' && directive.name.value !== 'include') return;
        const value = directive.arguments?.[0]?.value;
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
  }
  return [...names];
}

function defaultOf(operation: OperationDefinitionNode, name: string): boolean | undefined {
  const definition = operation.variableDefinitions?.find((each) => each.variable.name.value === name);
  return definition?.defaultValue?.kind === Kind.BOOLEAN ? definition.defaultValue.value : undefined;
}
