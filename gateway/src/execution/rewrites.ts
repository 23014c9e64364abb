/**
 * Changes that a plan asks for on what goes to a subgraph or comes from it: a type name set for an interface
 * object, a key renamed that the planner had to alias.
 */
import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isObject, ownValue, setOwn } from './merge';
import { satisfies } from './possible-types';
import type { ResultObject } from './subgraph';

const TYPE_CONDITION = '... on ';

/** Applies one rewrite to an object, and to everything below it that the rewrite's path reaches. */
export type Rewrite = (value: unknown) => void;

export function compileRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
): Rewrite | undefined {
  if (!rewrites || rewrites.length === 0) return undefined;
  const steps = rewrites.map((rewrite) => compileRewrite(schema, rewrite));
  return (value) => {
    for (const step of steps) step(value);
  };
}

function compileRewrite(schema: GraphQLSchema, rewrite: FetchDataRewrite): Rewrite {
  const parents = rewrite.path.slice(0, -1);
  const field = rewrite.path.at(-1);
  if (field === undefined) return () => undefined;
  const change = (object: ResultObject) => applyChange(rewrite, object, field);
  return (value) => applyAt(schema, parents, value, change);
}

function applyChange(rewrite: FetchDataRewrite, object: ResultObject, field: string): void {
  if (rewrite.kind === 'ValueSetter') {
    setOwn(object, field, rewrite.setValueTo);
    return;
  }
  const value = ownValue(object, field);
  if (!value) return;
  setOwn(object, rewrite.renameKeyTo, value);
  object[field] = undefined;
}

function applyAt(
  schema: GraphQLSchema,
  path: readonly string[],
  value: unknown,
  change: (object: ResultObject) => void,
): void {
  if (Array.isArray(value)) {
    for (const item of value) applyAt(schema, path, item, change);
    return;
  }
  if (!isObject(value)) return;
  const [part, ...rest] = path;
  if (part === undefined) change(value);
  else if (!part.startsWith(TYPE_CONDITION)) applyAt(schema, rest, ownValue(value, part), change);
  else if (satisfies(schema, value, part.slice(TYPE_CONDITION.length), true)) {
    applyAt(schema, rest, value, change);
  }
}
