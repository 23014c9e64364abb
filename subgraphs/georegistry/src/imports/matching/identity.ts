/**
 * What the identity columns of a mapping mean for units that are stored already: the same text must come from the
 * file's cells and from a state. That works for what is kept as text, so other columns are refused.
 */
import { badInput } from '@iroko/errors';
import type { ImportMapping } from '../mapping';

export type IdentityPart =
  | { kind: 'NAME' | 'CODE' | 'TYPE' }
  | { kind: 'ANCESTOR'; level: number }
  | { kind: 'ATTRIBUTE'; key: string };

/** Null for the default: the names from the root down. Throws BAD_USER_INPUT for a column that cannot identify. */
export function identityParts(mapping: ImportMapping): IdentityPart[] | null {
  return mapping.identity?.map((column) => partOf(mapping, column)) ?? null;
}

function partOf(mapping: ImportMapping, column: string): IdentityPart {
  if (column === mapping.name) return { kind: 'NAME' };
  if (column === mapping.code) return { kind: 'CODE' };
  if (column === mapping.type) return { kind: 'TYPE' };
  const level = mapping.parents.indexOf(column);
  if (level >= 0) return { kind: 'ANCESTOR', level };
  const attribute = mapping.attributes.find((each) => each.column === column);
  if (attribute) return { kind: 'ATTRIBUTE', key: attribute.key };
  throw badInput(
    `The column ${JSON.stringify(column)} cannot identify units: identity columns are those of the name, code, type, ancestors and attributes. To use it, map it as an attribute.`,
    { path: ['mapping', 'identity'] },
  );
}
