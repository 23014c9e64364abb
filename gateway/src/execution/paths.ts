/**
 * Finding the objects at a path of the plan, and saying for each of them where it stands in the answer.
 *
 * A plan's path names fields and marks lists by `@`: `['orgUnits', 'nodes', '@', 'parent']`.
 */
import type { ResponsePath } from '@apollo/query-planner';
import { isObject, ownValue } from './merge';
import type { ResultObject } from './subgraph';

/** What stands at `path` below `value`: one object, a flat list where the path crosses lists, or nothing. */
export function valuesAt(value: unknown, path: ResponsePath): unknown {
  let current = value;
  for (let index = 0; index < path.length; index++) {
    if (current === null || current === undefined) return current;
    const part = path[index];
    if (part === '@') {
      const found: unknown[] = [];
      collectItems(current, path.slice(index + 1), found);
      return found;
    }
    current = fieldOf(current, part);
  }
  return current;
}

function collectItems(list: unknown, rest: ResponsePath, found: unknown[]): void {
  if (!Array.isArray(list)) return;
  for (const item of list) {
    const value = rest.length === 0 ? item : valuesAt(item, rest);
    if (Array.isArray(value)) found.push(...value);
    else found.push(value);
  }
}

function fieldOf(value: unknown, part: string | number | undefined): unknown {
  return isObject(value) && typeof part === 'string' ? ownValue(value, part) : undefined;
}

/** The objects among what stands at a path; a fetch for entities asks for these, in this order. */
export function objectsOf(data: unknown): ResultObject[] {
  if (Array.isArray(data)) return data.filter(isObject);
  return isObject(data) ? [data] : [];
}

/** For each object that `objectsOf(valuesAt(data, path))` finds, its own path in the answer, in the same order. */
export function pathsOfObjects(data: unknown, path: ResponsePath): ResponsePath[] {
  const found: ResponsePath[] = [];
  walk(data, path, [], found);
  return found;
}

function walk(value: unknown, path: ResponsePath, parent: ResponsePath, found: ResponsePath[]): void {
  if (value === null || value === undefined) return;
  const [part, ...rest] = path;
  if (Array.isArray(value)) {
    const below = part === '@' ? rest : path;
    for (const [index, item] of value.entries()) walk(item, below, [...parent, index], found);
  } else if (part === undefined) {
    if (isObject(value)) found.push(parent);
  } else if (typeof part === 'string') {
    walk(fieldOf(value, part), rest, [...parent, part], found);
  }
}
