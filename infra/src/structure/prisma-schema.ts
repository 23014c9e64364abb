/**
 * Reads what a Prisma schema says about tables. Prisma's own reader of schemas is no public package, and the
 * generated client no longer knows the columns' types; `prisma generate` has checked the grammar before.
 */

export interface PrismaColumn {
  readonly name: string;
  /** As PostgreSQL writes it, without a precision that is the default. */
  readonly type: string;
  /** Undefined for lists, about which Prisma says nothing. */
  readonly notNull: boolean | undefined;
}

export interface PrismaTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly PrismaColumn[];
  readonly primaryKey: readonly string[];
}

/** The tables of all `model` blocks. */
export function readPrismaSchema(source: string): PrismaTable[] {
  const blocks = [...source.matchAll(/^(model|enum|view)\s+(\w+)\s*\{(.*?)^\}/gms)].map(
    ([, kind, name = '', body = '']) => ({ kind, name, lines: linesOf(body) }),
  );
  const enums = new Map(
    blocks.filter(({ kind }) => kind === 'enum').map(({ name, lines }) => [name, enumType(name, lines)]),
  );
  const models = blocks.filter(({ kind }) => kind === 'model');
  const names = new Set(models.map(({ name }) => name));
  return models.map(({ name, lines }) => readModel(name, lines, names, enums));
}

function linesOf(body: string): string[] {
  return body
    .split('\n')
    .map((line) => line.replace(/\/\/.*$/, '').trim())
    .filter(Boolean);
}

function enumType(name: string, lines: string[]): string {
  return `${argument(lines, '@@schema') ?? 'public'}.${argument(lines, '@@map') ?? name}`;
}

function readModel(
  model: string,
  lines: string[],
  models: ReadonlySet<string>,
  enums: ReadonlyMap<string, string>,
): PrismaTable {
  const fields = lines.filter((line) => !line.startsWith('@@')).map(readField);
  const stored = fields.filter(({ type }) => !models.has(type));
  const columnOf = new Map(stored.map(({ field, column }) => [field, column]));
  const composite = lines.find((line) => line.startsWith('@@id'))?.match(/\[([^\]]*)\]/)?.[1];
  const key = composite
    ? composite.split(',').map((field) => field.trim().replace(/\(.*/, ''))
    : stored.filter(({ attributes }) => /@id\b/.test(attributes)).map(({ field }) => field);
  return {
    schema: argument(lines, '@@schema') ?? 'public',
    name: argument(lines, '@@map') ?? model,
    columns: stored.map((field) => ({
      name: field.column,
      type: postgresType(field, enums),
      notNull: field.list ? undefined : !field.optional,
    })),
    primaryKey: key.map((field) => columnOf.get(field) ?? field),
  };
}

interface PrismaField {
  readonly field: string;
  readonly column: string;
  readonly type: string;
  readonly list: boolean;
  readonly optional: boolean;
  readonly attributes: string;
}

function readField(line: string): PrismaField {
  const found = line.match(/^(\w+)\s+(Unsupported\("[^"]*"\)|\w+)(\[\])?(\?)?\s*(.*)$/);
  if (!found) throw new Error(`This line of a Prisma schema is not understood: ${line}`);
  const [, field = '', type = '', list, optional, attributes = ''] = found;
  const column = attributes.match(/(?<!@)@map\("([^"]*)"\)/)?.[1] ?? field;
  return { field, column, type, list: list !== undefined, optional: optional !== undefined, attributes };
}

function argument(lines: string[], attribute: string): string | undefined {
  return lines.find((line) => line.startsWith(`${attribute}(`))?.match(/"([^"]*)"/)?.[1];
}

// What Prisma makes of a type without @db.
const defaults: Record<string, string> = {
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  Decimal: 'numeric(65,30)',
  Boolean: 'boolean',
  DateTime: 'timestamp(3) without time zone',
  Json: 'jsonb',
  Bytes: 'bytea',
};

// What the @db attributes are called in PostgreSQL; $ stands for the arguments.
const natives: Record<string, string> = {
  Uuid: 'uuid',
  Text: 'text',
  VarChar: 'character varying$',
  Char: 'character$',
  Citext: 'citext',
  Date: 'date',
  Timestamptz: 'timestamp$ with time zone',
  Timestamp: 'timestamp$ without time zone',
  Time: 'time$ without time zone',
  SmallInt: 'smallint',
  Integer: 'integer',
  BigInt: 'bigint',
  Real: 'real',
  DoublePrecision: 'double precision',
  Decimal: 'numeric$',
  Boolean: 'boolean',
  Json: 'json',
  JsonB: 'jsonb',
  ByteA: 'bytea',
  Inet: 'inet',
  Oid: 'oid',
};

function postgresType(field: PrismaField, enums: ReadonlyMap<string, string>): string {
  const list = field.list ? '[]' : '';
  const unsupported = field.type.match(/^Unsupported\("(.*)"\)$/)?.[1];
  if (unsupported) return `${unsupported}${list}`;
  const [, native, values] = field.attributes.match(/@db\.(\w+)(\([^)]*\))?/) ?? [];
  const bare = native
    ? (natives[native] ?? `@db.${native}`).replace('$', values?.replaceAll(' ', '') ?? '')
    : (defaults[field.type] ?? enums.get(field.type) ?? field.type);
  return `${withoutDefaultPrecision(bare)}${list}`;
}

/** `timestamptz` and `timestamptz(6)` are one type. */
export function withoutDefaultPrecision(type: string): string {
  return type.replace(/^(time|timestamp)\(6\)/, '$1');
}
