/**
 * What a list of rows is asked for, checked against the fields of the dataset: a condition must speak of a field
 * that is there, in the words of its type.
 */
import { isId } from '@iroko/database';
import { badInput, limitExceeded } from '@iroko/errors';
import { textKey } from '@iroko/text';
import type { FieldType } from '../cells/field-type';
import type { FieldRecord } from '../datasets/dataset.sql';

export interface TextCondition {
  equals?: string | null;
  contains?: string | null;
  startsWith?: string | null;
  in?: string[] | null;
}

export interface NumberCondition {
  equals?: number | null;
  min?: number | null;
  max?: number | null;
}

export interface DateCondition {
  equals?: string | null;
  from?: string | null;
  until?: string | null;
}

export interface DateTimeCondition {
  from?: Date | null;
  before?: Date | null;
}

export interface FieldCondition {
  field: string;
  text?: TextCondition | null;
  number?: NumberCondition | null;
  boolean?: boolean | null;
  date?: DateCondition | null;
  dateTime?: DateTimeCondition | null;
  isEmpty?: boolean | null;
}

export interface RowFilter {
  conditions?: FieldCondition[] | null;
  orgUnitIds?: string[] | null;
}

export interface RowSort {
  field: string;
  descending: boolean;
}

/** One comparison on one field, ready for SQL. */
export type Comparison =
  | { slot: number; kind: 'EMPTY'; is: boolean }
  | { slot: number; kind: 'CONTAINS' | 'STARTS_WITH'; key: string }
  | { slot: number; kind: 'IN'; keys: string[] }
  | { slot: number; kind: 'NUMBER'; operator: '=' | '>=' | '<='; value: number }
  | { slot: number; kind: 'BOOLEAN'; value: boolean }
  /** Days and moments are kept in forms whose order as text is their order in time. */
  | { slot: number; kind: 'ISO'; operator: '=' | '>=' | '<=' | '<'; value: string };

export interface RowQuery {
  comparisons: Comparison[];
  /** Null: at any unit or none. */
  unitIds: string[] | null;
  sort: { field: FieldRecord; descending: boolean } | null;
}

const CONDITIONS_MAX = 50;
const VALUES_MAX = 1000;

/** Which condition belongs to which type. */
const WORDS = {
  text: ['TEXT'],
  number: ['INTEGER', 'DECIMAL'],
  boolean: ['BOOLEAN'],
  date: ['DATE'],
  dateTime: ['DATE_TIME'],
} as const satisfies Record<string, FieldType[]>;
type Word = keyof typeof WORDS;

export function rowQuery(
  fields: readonly FieldRecord[],
  filter: RowFilter | null | undefined,
  sort: RowSort | null | undefined,
): RowQuery {
  const conditions = filter?.conditions ?? [];
  if (conditions.length > CONDITIONS_MAX) {
    throw limitExceeded(
      `At most ${CONDITIONS_MAX} conditions.`,
      'conditions',
      CONDITIONS_MAX,
      conditions.length,
    );
  }
  const unitIds = filter?.orgUnitIds ?? null;
  demandFew(unitIds, 'orgUnitIds');
  return {
    comparisons: conditions.flatMap((condition, index) =>
      comparisonsOf(
        fieldCalled(fields, condition.field, ['filter', 'conditions', String(index), 'field']),
        condition,
        index,
      ),
    ),
    // An id that never was is at no row, like one that is nowhere in this dataset.
    unitIds: unitIds?.filter(isId) ?? null,
    sort: sort
      ? { field: fieldCalled(fields, sort.field, ['sort', 'field']), descending: sort.descending }
      : null,
  };
}

function fieldCalled(fields: readonly FieldRecord[], key: string, path: string[]): FieldRecord {
  const field = fields.find((one) => one.key === key);
  if (field) return field;
  const there = fields.map((one) => one.key).slice(0, 50);
  throw badInput(
    `The dataset has no field ${JSON.stringify(key.slice(0, 100))}. It has ${there.join(', ')}.`,
    { path },
  );
}

function comparisonsOf(field: FieldRecord, condition: FieldCondition, index: number): Comparison[] {
  const path = ['filter', 'conditions', String(index)];
  const said = (Object.keys(WORDS) as Word[]).filter((word) => condition[word] != null);
  if (said.length === 0 && condition.isEmpty == null) {
    throw badInput(`The condition on ${field.key} says nothing.`, { path });
  }
  for (const word of said) {
    if (!(WORDS[word] as readonly FieldType[]).includes(field.type)) {
      throw badInput(`The field ${field.key} is ${field.type}; a condition \`${word}\` does not fit it.`, {
        path: [...path, word],
      });
    }
  }
  const { slot } = field;
  return [
    ...(condition.isEmpty == null ? [] : [{ slot, kind: 'EMPTY' as const, is: condition.isEmpty }]),
    ...textComparisons(slot, condition.text),
    ...numberComparisons(slot, condition.number),
    ...(condition.boolean == null ? [] : [{ slot, kind: 'BOOLEAN' as const, value: condition.boolean }]),
    ...isoComparisons(slot, [
      ['=', condition.date?.equals],
      ['>=', condition.date?.from],
      ['<=', condition.date?.until],
      ['>=', condition.dateTime?.from?.toISOString()],
      ['<', condition.dateTime?.before?.toISOString()],
    ]),
  ];
}

function textComparisons(slot: number, text: TextCondition | null | undefined): Comparison[] {
  if (!text) return [];
  demandFew(text.in, 'in');
  return [
    ...(text.equals == null ? [] : [{ slot, kind: 'IN' as const, keys: [textKey(text.equals)] }]),
    ...(text.in == null ? [] : [{ slot, kind: 'IN' as const, keys: text.in.map(textKey) }]),
    ...(text.contains == null ? [] : [{ slot, kind: 'CONTAINS' as const, key: textKey(text.contains) }]),
    ...(text.startsWith == null
      ? []
      : [{ slot, kind: 'STARTS_WITH' as const, key: textKey(text.startsWith) }]),
  ];
}

function numberComparisons(slot: number, number: NumberCondition | null | undefined): Comparison[] {
  const pairs = [
    ['=', number?.equals],
    ['>=', number?.min],
    ['<=', number?.max],
  ] as const;
  return pairs.flatMap(([operator, value]) =>
    value == null ? [] : [{ slot, kind: 'NUMBER' as const, operator, value }],
  );
}

function isoComparisons(
  slot: number,
  pairs: readonly (readonly ['=' | '>=' | '<=' | '<', string | null | undefined])[],
): Comparison[] {
  return pairs.flatMap(([operator, value]) =>
    value == null ? [] : [{ slot, kind: 'ISO' as const, operator, value }],
  );
}

function demandFew(values: readonly string[] | null | undefined, name: string): void {
  if (values && values.length > VALUES_MAX) {
    throw limitExceeded(`${name} has at most ${VALUES_MAX} values.`, name, VALUES_MAX, values.length);
  }
}
