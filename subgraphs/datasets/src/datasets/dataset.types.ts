/** Datasets as the API shows them. */
import 'reflect-metadata';
import { connectionOf } from '@iroko/graph';
import { DATE_ORDERS, DECIMAL_SIGNS, ENCODINGS } from '@iroko/tabular';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { FIELD_TYPES, type FieldType } from '../cells/field-type';
import type { Reading } from '../source-files/reading';
import { UNIT_MARKS, type UnitMark } from '../units/resolve-units';
import type { FieldRecord } from './dataset.sql';

function enumOf<Name extends string>(names: readonly Name[]): Record<Name, Name> {
  return Object.fromEntries(names.map((name) => [name, name])) as Record<Name, Name>;
}

export const FieldTypeEnum = enumOf(FIELD_TYPES);
registerEnumType(FieldTypeEnum, {
  name: 'FieldType',
  description: 'What the values of a column are.',
  valuesConfig: {
    TEXT: { description: 'Any text.' },
    INTEGER: { description: 'Whole numbers.' },
    DECIMAL: { description: 'Numbers, with all the digits of the file.' },
    BOOLEAN: { description: 'True or false: yes and no in English, French and Portuguese too.' },
    DATE: { description: 'Days of the calendar.' },
    DATE_TIME: { description: 'Moments.' },
  },
});
export const UnitMarkEnum = enumOf(UNIT_MARKS);
registerEnumType(UnitMarkEnum, {
  name: 'UnitMark',
  description: 'By what a column names org units.',
  valuesConfig: {
    REFERENCE: { description: 'By the reference of the data source.' },
    NAME: { description: 'By name in the data source; accents and case do not count.' },
    CODE: { description: 'By code in the data source.' },
    ID: { description: 'By id.' },
  },
});
export const TableEncodingEnum = enumOf(ENCODINGS);
registerEnumType(TableEncodingEnum, {
  name: 'TableEncoding',
  description: 'How the text of a CSV file is encoded.',
});
export const TableDecimalSignEnum = enumOf(DECIMAL_SIGNS);
registerEnumType(TableDecimalSignEnum, {
  name: 'TableDecimalSign',
  description: 'What stands between whole and fraction: 1.5 or 1,5.',
});
export const TableDateOrderEnum = enumOf(DATE_ORDERS);
registerEnumType(TableDateOrderEnum, {
  name: 'TableDateOrder',
  description: 'The order of a date: 2025-12-31, 31/12/2025 or 12/31/2025. ISO dates are read in any case.',
});
export const TableFormatEnum = enumOf(['CSV', 'XLSX']);
registerEnumType(TableFormatEnum, { name: 'TableFormat', description: 'What kind of table a file is.' });

@ObjectType({ description: 'How a file is read.', simpleResolvers: true })
export class TableReading implements Reading {
  @Field(() => TableFormatEnum, { description: 'What kind of table it is.' })
  format!: 'CSV' | 'XLSX';

  @Field(() => String, { nullable: true, description: 'The sheet of a spreadsheet; null for the first one.' })
  sheet!: string | null;

  @Field(() => String, { nullable: true, description: 'The sign between the values of a CSV file.' })
  separator!: string | null;

  @Field(() => TableEncodingEnum, { nullable: true, description: 'The encoding of a CSV file.' })
  encoding!: Reading['encoding'];

  @Field(() => TableDecimalSignEnum, { description: 'The decimal sign of its numbers.' })
  decimalSign!: Reading['decimalSign'];

  @Field(() => TableDateOrderEnum, { description: 'The order of its dates.' })
  dateOrder!: Reading['dateOrder'];

  @Field({ description: 'Whether its dates could be read in two orders: then say which one is right.' })
  dateOrderAmbiguous!: boolean;

  @Field({ description: 'The IANA time zone of times that state none.' })
  timeZone!: string;
}

@ObjectType({ description: 'A column of a dataset.', simpleResolvers: true })
export class DatasetField {
  @Field(() => ID, { description: 'Its id, the same in every version.' })
  id!: string;

  @Field({ description: 'Its name in filters and sort orders: small letters, digits and `_`.' })
  key!: string;

  @Field({ description: 'Its heading in the file.' })
  heading!: string;

  @Field(() => FieldTypeEnum, { description: 'What its values are.' })
  type!: FieldType;

  @Field({ description: 'Whether its values name org units.' })
  isUnit!: boolean;
}

@ObjectType({ description: 'A dataset as one file gave it.', simpleResolvers: true })
export class DatasetVersion {
  @Field(() => Int, { description: 'Counts the versions of the dataset, from 1.' })
  number!: number;

  @Field(() => TableReading, { description: 'How the file was read.' })
  reading!: Reading;

  @Field(() => [DatasetField], { description: 'Its columns, with the types they had.' })
  fields!: FieldRecord[];

  @Field({ description: 'When it landed.' })
  createdAt!: Date;

  fileId!: string;
}

@Directive('@key(fields: "id")')
@ObjectType({
  description: 'A table from a file, with typed columns, whose rows can stand at org units.',
  simpleResolvers: true,
})
export class Dataset {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'Its name, unique in the account: accents and case do not tell two apart.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is, for people.' })
  description!: string | null;

  @Field(() => UnitMarkEnum, {
    nullable: true,
    description: 'By what its unit column names org units; null without such a column.',
  })
  unitBy!: UnitMark | null;

  @Field(() => Int, { nullable: true, description: 'The number of the version that is read.' })
  currentVersion!: number | null;

  @Field(() => Int, { description: 'Counts its changes; give it as `expectedRevision` when you change it.' })
  revision!: number;

  @Field({ description: 'When it was made.' })
  createdAt!: Date;

  @Field({ description: 'When it was last changed or loaded.' })
  updatedAt!: Date;

  nameKey!: string;
  unitSourceId!: string | null;
}

export const DatasetConnection = connectionOf('Dataset', () => Dataset);
