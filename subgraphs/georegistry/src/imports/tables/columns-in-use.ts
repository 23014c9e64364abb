/** Where in a row the mapped columns stand. A column that the file lacks refuses the file. */
import { badInput } from '@iroko/errors';
import type { ImportMapping } from '../mapping';

const SINGLE = [
  'name',
  'reference',
  'type',
  'parentReference',
  'longitude',
  'latitude',
  'altitude',
  'code',
  'aliases',
  'openingDate',
  'closedDate',
  'status',
  'groups',
  'shape',
  'attributesObject',
] as const;
export type SingleField = (typeof SINGLE)[number];

export interface ColumnsInUse {
  /** Index of the column, for mapped fields. */
  fields: Partial<Record<SingleField, number>>;
  parents: number[];
  attributes: { index: number; key: string }[];
  identity: number[] | null;
}

/** Throws BAD_USER_INPUT that names the missing columns and those there are. */
export function columnsInUse(mapping: ImportMapping, columns: readonly string[]): ColumnsInUse {
  const places = new Map(columns.map((name, index) => [name, index]));
  const missing = new Set<string>();
  const indexOf = (name: string): number => {
    const index = places.get(name.trim());
    if (index === undefined) missing.add(name);
    return index ?? -1;
  };
  const fields: ColumnsInUse['fields'] = {};
  for (const field of SINGLE) {
    const name = mapping[field];
    if (name !== undefined) fields[field] = indexOf(name);
  }
  const inUse = {
    fields,
    parents: mapping.parents.map(indexOf),
    attributes: mapping.attributes.map(({ column, key }) => ({ index: indexOf(column), key })),
    identity: mapping.identity?.map(indexOf) ?? null,
  };
  if (missing.size > 0) {
    throw badInput(
      `The file has no column ${list([...missing])}, which the mapping names. It has ${list(columns.slice(0, 50))}.`,
      { path: ['mapping'], missingColumns: [...missing] },
    );
  }
  return inUse;
}

function list(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name.slice(0, 100))).join(', ');
}
