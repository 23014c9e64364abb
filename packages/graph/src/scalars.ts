/**
 * The scalars of the API. Each refuses what it cannot carry exactly, with a message that shows what it takes.
 */
import { badInput } from '@iroko/errors';
import { GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether the text is a day of the calendar: `2026-02-30` is none. */
export function isDay(text: string): boolean {
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (!year) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function parseDateTime(value: unknown): Date {
  if (typeof value === 'string' && RFC3339.test(value) && isDay(value.slice(0, 10))) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw badInput(`A DateTime is written as 2026-03-01T08:30:00Z; this is ${shown(value)}.`);
}

function parseDay(value: unknown): string {
  if (typeof value === 'string' && isDay(value)) return value;
  throw badInput(`A Date is a day of the calendar written as 2026-03-01; this is ${shown(value)}.`);
}

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment, written per RFC 3339 and answered in UTC, such as `2026-03-01T08:30:00.000Z`.',
  serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined),
});

export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A day of the calendar without a time zone, such as `2026-03-01`.',
  serialize: String,
  parseValue: parseDay,
  parseLiteral: (node) => parseDay(node.kind === Kind.STRING ? node.value : undefined),
});

export const GeoJSONScalar = new GraphQLScalarType<object, unknown>({
  name: 'GeoJSON',
  description:
    'A geometry per RFC 7946: longitude before latitude, in degrees on WGS 84. Shapes are answered as MultiPolygon.',
  serialize: (value) => value,
  parseValue: parseGeometry,
  parseLiteral: (node, variables) => parseGeometry(valueFromASTUntyped(node, variables)),
});

function parseGeometry(value: unknown): object {
  if (typeof value === 'object' && value !== null && 'type' in value && 'coordinates' in value) return value;
  throw badInput(`A GeoJSON geometry is an object with type and coordinates; this is ${shown(value)}.`);
}

export const JSONScalar = new GraphQLScalarType({
  name: 'JSON',
  description:
    'Any JSON value, where the shape depends on the record; the field says which shapes there are.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

/** Int in GraphQL ends at 2^31; counts of bytes and of rows do not. */
export const LongScalar = new GraphQLScalarType<number, number>({
  name: 'Long',
  description: 'A whole number between -(2^53 - 1) and 2^53 - 1.',
  serialize: (value) => checkedLong(Number(value)),
  parseValue: checkedLong,
  parseLiteral: (node) => checkedLong(node.kind === Kind.INT ? Number(node.value) : undefined),
});

function checkedLong(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw badInput(`A Long is a whole number below 2^53; this is ${shown(value)}.`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
