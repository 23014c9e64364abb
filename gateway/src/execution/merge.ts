/**
 * Merging the answers of subgraphs into one. The rules are those of the stock executor: a later answer fills in
 * what is missing, and lists of the same length are merged item by item.
 *
 * Answers read from JSON have Object.prototype, where an alias such as `__proto__` or `toString` finds something
 * inherited; so every name is defined on the object itself before it is written.
 */
import type { ResultObject } from './subgraph';

const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether reading this name from a plain object may find something nobody put there. */
export function isInherited(name: string): boolean {
  return INHERITED.has(name);
}

export function ownValue(object: ResultObject, name: string): unknown {
  return !INHERITED.has(name) || Object.hasOwn(object, name) ? object[name] : undefined;
}

export function setOwn(object: ResultObject, name: string, value: unknown): void {
  if (INHERITED.has(name) && !Object.hasOwn(object, name)) {
    Object.defineProperty(object, name, { configurable: true, enumerable: true, value, writable: true });
  } else {
    object[name] = value;
  }
}

export function isObject(value: unknown): value is ResultObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function mergeInto(target: ResultObject, source: ResultObject | null | undefined): ResultObject {
  if (source === null || source === undefined) return target;
  for (const name of Object.keys(source)) {
    const value = source[name];
    if (value === undefined) continue;
    const present = ownValue(target, name);
    if (present && isObject(value)) mergeInto(present as ResultObject, value);
    else if (Array.isArray(value) && Array.isArray(present) && present.length === value.length) {
      mergeItems(present, value);
    } else setOwn(target, name, value);
  }
  return target;
}

function mergeItems(target: unknown[], source: unknown[]): void {
  for (let index = 0; index < source.length; index++) {
    const present = target[index];
    const value = source[index];
    if (isObject(present) && isObject(value)) mergeInto(present, value);
    else target[index] = value;
  }
}
