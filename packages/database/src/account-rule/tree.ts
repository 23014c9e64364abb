/**
 * PostgreSQL's own parse tree, as its parser gives it: a node is an object with one key, its kind. Only what the
 * account rule looks at has a name here.
 */
export type Tree = { readonly [key: string]: unknown };

/** The content of a node of this kind, or undefined when the value is another kind of node or none. */
export function nodeOf(value: unknown, kind: string): Tree | undefined {
  return isTree(value) && isTree(value[kind]) ? value[kind] : undefined;
}

/** The items of a list that may be absent. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The names in a column reference: `['j', 'account_id']`; a star ends as an empty name. */
export function columnPath(value: unknown): string[] | undefined {
  const reference = nodeOf(value, 'ColumnRef');
  return reference && listOf(reference.fields).map((field) => textOf(nodeOf(field, 'String')?.sval) ?? '');
}

/** The expression under any casts. */
export function withoutCasts(value: unknown): unknown {
  const cast = nodeOf(value, 'TypeCast');
  return cast ? withoutCasts(cast.arg) : value;
}

export const statementKinds = [
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
  'TruncateStmt',
] as const;

export type StatementKind = (typeof statementKinds)[number];

/** Calls `visit` for the outermost statements inside a value, at any depth, and does not look into them. */
export function eachStatement(value: unknown, visit: (kind: StatementKind, statement: Tree) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) eachStatement(item, visit);
  } else if (isTree(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const kind = statementKinds.find((name) => name === key);
      if (kind && isTree(inner)) visit(kind, inner);
      else eachStatement(inner, visit);
    }
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
