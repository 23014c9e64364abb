/** The formats of tables that lists are written to. */
import 'reflect-metadata';
import { registerEnumType } from 'type-graphql';

export const TABLE_FORMATS = ['CSV', 'XLSX'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

export const TableFormatEnum = Object.fromEntries(TABLE_FORMATS.map((name) => [name, name])) as Record<
  TableFormat,
  TableFormat
>;
registerEnumType(TableFormatEnum, {
  name: 'TableFormat',
  description: 'The format of a table in a file.',
  valuesConfig: {
    CSV: { description: 'UTF-8, separated by commas.' },
    XLSX: { description: 'A sheet of at most 1,048,575 rows.' },
  },
});
