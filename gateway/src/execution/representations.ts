/**
 * The keys by which a subgraph finds an entity: picked from the answer so far as the plan's `requires` says.
 * An object that lacks one of them has no representation, and the subgraph is not asked for it.
 */
import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { mergeInto, ownValue, setOwn } from './merge';
import { satisfies } from './possible-types';
import type { ResultObject } from './subgraph';

type Pick = (object: ResultObject) => ResultObject | null;

/** Answers null for an object whose type the plan does not ask about here, or that lacks a key. */
export function compileRepresentation(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
): Pick {
  const pick = compileSelections(schema, requires);
  return (object) => {
    const representation = pick(object);
    return representation?.__typename ? representation : null;
  };
}

/** Writes what it picks into `into`; false when something is missing. */
type PickPart = (object: ResultObject, into: ResultObject) => boolean;

function compileSelections(schema: GraphQLSchema, selections: readonly QueryPlanSelectionNode[]): Pick {
  const parts = selections.map((selection) => compileSelection(schema, selection));
  return (object) => {
    const picked = Object.create(null) as ResultObject;
    for (const part of parts) if (!part(object, picked)) return null;
    return picked;
  };
}

function compileSelection(schema: GraphQLSchema, selection: QueryPlanSelectionNode): PickPart {
  if (selection.kind === 'Field') {
    const name = selection.alias ?? selection.name;
    const below = selection.selections && compileSelections(schema, selection.selections);
    return (object, into) => {
      const value = ownValue(object, name);
      if (value === undefined) return false;
      setOwn(into, name, pickValue(value, below));
      return true;
    };
  }
  const condition = selection.typeCondition;
  const below = compileSelections(schema, selection.selections);
  return (object, into) => {
    if (condition && satisfies(schema, object, condition)) mergeInto(into, below(object));
    return true;
  };
}

function pickValue(value: unknown, below: Pick | undefined): unknown {
  if (!below || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => pickValue(item, below));
  return below(value as ResultObject);
}
