/** What clients say about a file that shall become a dataset. */
import 'reflect-metadata';
import { JobReference } from '@iroko/jobs';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { FieldType } from '../cells/field-type';
import type { Reading } from '../source-files/reading';
import type { UnitMark } from '../units/resolve-units';
import {
  FieldTypeEnum,
  TableDateOrderEnum,
  TableDecimalSignEnum,
  TableEncodingEnum,
  TableReading,
  UnitMarkEnum,
} from './dataset.types';

@InputType({ description: 'How to read a file. What is left out is found from the file.' })
export class TableReadingInput {
  @Field(() => String, {
    nullable: true,
    description: 'The name of a sheet of a spreadsheet; the first one without it.',
  })
  sheet?: string | null;

  @Field(() => String, { nullable: true, description: 'One sign, such as `;`. For CSV.' })
  separator?: string | null;

  @Field(() => TableEncodingEnum, { nullable: true, description: 'For CSV.' })
  encoding?: Reading['encoding'];

  @Field(() => TableDecimalSignEnum, { nullable: true, description: 'The decimal sign of its numbers.' })
  decimalSign?: Reading['decimalSign'] | null;

  @Field(() => TableDateOrderEnum, { nullable: true, description: 'The order of its dates.' })
  dateOrder?: Reading['dateOrder'] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The IANA time zone of times that state none; UTC without it.',
  })
  timeZone?: string | null;
}

@InputType({ description: 'A column whose type is not to be found but is this.' })
export class FieldTypeInput {
  @Field({ description: 'Its heading as the preview shows it.' })
  heading!: string;

  @Field(() => FieldTypeEnum, {
    description: 'What its values are. Those that are not go to quarantine with their rows.',
  })
  type!: FieldType;
}

@InputType({ description: 'The column that names org units.' })
export class UnitColumnInput {
  @Field({ description: 'Its heading as the preview shows it.' })
  heading!: string;

  @Field(() => UnitMarkEnum, { description: 'By what it names them.' })
  by!: UnitMark;

  @Field(() => ID, {
    nullable: true,
    description: 'The data source in whose current released version they are looked up; not needed for ids.',
  })
  dataSourceId?: string | null;
}

@InputType({ description: 'A dataset to be made from an uploaded file.' })
export class CreateDatasetInput {
  @Field({ description: '1 to 255 characters, unique in the account.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'At most 10,000 characters.' })
  description?: string | null;

  @Field(() => ID, { description: 'The uploaded CSV or XLSX file, from `POST /files`.' })
  fileId!: string;

  @Field(() => TableReadingInput, { nullable: true, description: 'How to read it.' })
  reading?: TableReadingInput | null;

  @Field(() => [FieldTypeInput], {
    nullable: true,
    description: 'Types of columns; the others are found from all rows.',
  })
  fields?: FieldTypeInput[] | null;

  @Field(() => UnitColumnInput, { nullable: true, description: 'The column that names org units, if any.' })
  unit?: UnitColumnInput | null;
}

@InputType({ description: 'Another file for a dataset, or its file read in another way.' })
export class ReloadDatasetInput {
  @Field(() => ID, { description: 'The dataset.' })
  datasetId!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The new file. It needs every column of the dataset, in any order; more become new fields. Without it: the file of the current version again.',
  })
  fileId?: string | null;

  @Field(() => TableReadingInput, { nullable: true, description: 'How to read it.' })
  reading?: TableReadingInput | null;

  @Field(() => [FieldTypeInput], { nullable: true, description: 'Types of columns; the others keep theirs.' })
  fields?: FieldTypeInput[] | null;

  @Field(() => UnitColumnInput, {
    nullable: true,
    description: 'The column that names org units; as before without it.',
  })
  unit?: UnitColumnInput | null;
}

@InputType({ description: 'Changes to a dataset. What is left out stays.' })
export class UpdateDatasetInput {
  @Field(() => ID, { description: 'The dataset.' })
  id!: string;

  @Field(() => Int, {
    description: 'The revision you read; CONFLICT when the dataset has another one by now.',
  })
  expectedRevision!: number;

  @Field(() => String, { nullable: true, description: '1 to 255 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'At most 10,000 characters; empty removes it.' })
  description?: string | null;
}

@ObjectType({ description: 'A load that was asked for.', simpleResolvers: true })
export class DatasetLoad {
  @Field(() => ID, { description: 'The id of the dataset, which is there once the job has succeeded.' })
  datasetId!: string;

  @Field(() => JobReference, {
    description:
      'The job. Its result: `{datasetId, version, changed, rows, quarantined}`; `changed` is false when this file is the current version already.',
  })
  job!: JobReference;
}

@ObjectType({
  description: 'A column of a file, as a look at its beginning shows it.',
  simpleResolvers: true,
})
export class PreviewColumn {
  @Field({
    description:
      'Its heading: one that stands twice has a number behind it, an empty one is called `Column 7`.',
  })
  heading!: string;

  @Field(() => FieldTypeEnum, { description: 'The narrowest type that all values of the sample have.' })
  type!: FieldType;

  @Field(() => [String], { description: 'A few different values as they stand in the file.' })
  examples!: string[];
}

@ObjectType({ description: 'A look at the beginning of a file; nothing is stored.', simpleResolvers: true })
export class DatasetPreview {
  @Field(() => TableReading, { description: 'How the file would be read.' })
  reading!: Reading;

  @Field(() => [PreviewColumn], {
    description: 'Its columns. Those without heading and values are left out.',
  })
  columns!: PreviewColumn[];

  @Field(() => Int, { description: 'How many rows were looked at, at most 1,000.' })
  rowCount!: number;
}
