/** Rows of a dataset as the API shows them, and how they are asked for. */
import 'reflect-metadata';
import { connectionOf, DateScalar } from '@iroko/graph';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type {
  DateCondition,
  DateTimeCondition,
  FieldCondition,
  NumberCondition,
  RowFilter,
  TextCondition,
} from './row-conditions';

@ObjectType({
  description: 'One value of a row. It is in the field of its type, and always in `value`.',
  simpleResolvers: true,
})
export class DatasetCell {
  @Field({ description: 'The key of the field.' })
  key!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The value as text: numbers with all their digits, days as 2025-12-31, moments in UTC. Null when the cell is empty.',
  })
  value!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What stood in the file, to the letter. Null when the cell is empty.',
  })
  written!: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The value of an INTEGER or DECIMAL field, as near as a double comes.',
  })
  number!: number | null;

  @Field(() => Boolean, { nullable: true, description: 'The value of a BOOLEAN field.' })
  boolean!: boolean | null;

  @Field(() => DateScalar, { nullable: true, description: 'The value of a DATE field.' })
  date!: string | null;

  @Field(() => Date, { nullable: true, description: 'The value of a DATE_TIME field.' })
  dateTime!: Date | null;
}

@ObjectType({ description: 'A row of a dataset.', simpleResolvers: true })
export class DatasetRow {
  @Field(() => Int, {
    description:
      'Where it begins in the file: the line of a CSV file, the row of a spreadsheet. Its name within the version.',
  })
  number!: number;

  @Field(() => [DatasetCell], { description: 'Its values, in the order of the fields.' })
  cells!: DatasetCell[];

  unitId!: string | null;
}

export const DatasetRowConnection = connectionOf('DatasetRow', () => DatasetRow);

@InputType({ description: 'A condition on a TEXT field. Accents and case do not count.' })
export class TextConditionInput implements TextCondition {
  @Field(() => String, { nullable: true, description: 'Is this text.' })
  equals?: string | null;

  @Field(() => String, { nullable: true, description: 'Holds this text.' })
  contains?: string | null;

  @Field(() => String, { nullable: true, description: 'Begins with this text.' })
  startsWith?: string | null;

  @Field(() => [String], { nullable: true, description: 'Is one of these texts, at most 1,000.' })
  in?: string[] | null;
}

@InputType({ description: 'A condition on an INTEGER or DECIMAL field.' })
export class NumberConditionInput implements NumberCondition {
  @Field(() => Float, { nullable: true, description: 'Is this number.' })
  equals?: number | null;

  @Field(() => Float, { nullable: true, description: 'Is this number or more.' })
  min?: number | null;

  @Field(() => Float, { nullable: true, description: 'Is this number or less.' })
  max?: number | null;
}

@InputType({ description: 'A condition on a DATE field.' })
export class DateConditionInput implements DateCondition {
  @Field(() => DateScalar, { nullable: true, description: 'Is this day.' })
  equals?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Is this day or later.' })
  from?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Is this day or earlier.' })
  until?: string | null;
}

@InputType({ description: 'A condition on a DATE_TIME field.' })
export class DateTimeConditionInput implements DateTimeCondition {
  @Field(() => Date, { nullable: true, description: 'Is this moment or later.' })
  from?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Is before this moment.' })
  before?: Date | null;
}

@InputType({
  description: 'A condition on one field, in the words of its type; BAD_USER_INPUT for those of another.',
})
export class FieldConditionInput implements FieldCondition {
  @Field({ description: 'The key of the field.' })
  field!: string;

  @Field(() => TextConditionInput, { nullable: true, description: 'For TEXT.' })
  text?: TextConditionInput | null;

  @Field(() => NumberConditionInput, { nullable: true, description: 'For INTEGER and DECIMAL.' })
  number?: NumberConditionInput | null;

  @Field(() => Boolean, { nullable: true, description: 'For BOOLEAN.' })
  boolean?: boolean | null;

  @Field(() => DateConditionInput, { nullable: true, description: 'For DATE.' })
  date?: DateConditionInput | null;

  @Field(() => DateTimeConditionInput, { nullable: true, description: 'For DATE_TIME.' })
  dateTime?: DateTimeConditionInput | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the cell is empty. For any type.' })
  isEmpty?: boolean | null;
}

@InputType({ description: 'Which rows. All conditions must hold.' })
export class DatasetRowFilterInput implements RowFilter {
  @Field(() => [FieldConditionInput], { nullable: true, description: 'Conditions on fields, at most 50.' })
  conditions?: FieldConditionInput[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'At one of these org units, at most 1,000; units below do not count.',
  })
  orgUnitIds?: string[] | null;
}

export enum SortDirection {
  ASCENDING = 'ASCENDING',
  DESCENDING = 'DESCENDING',
}
registerEnumType(SortDirection, {
  name: 'DatasetSortDirection',
  description: 'From small to large or the other way; empty values come last in both.',
  valuesConfig: {
    ASCENDING: { description: 'From small to large.' },
    DESCENDING: { description: 'From large to small.' },
  },
});

@InputType({
  description: 'By which field rows are sorted. Rows with the same value keep the order of the file.',
})
export class DatasetRowSortInput {
  @Field({ description: 'The key of the field.' })
  field!: string;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASCENDING, description: 'In which direction.' })
  direction!: SortDirection;
}
