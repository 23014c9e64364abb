/** Rows that wait, as the API shows them. */
import 'reflect-metadata';
import { connectionOf, LongScalar, OutcomeType } from '@iroko/graph';
import { JobReference } from '@iroko/jobs';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'What is wrong with one cell of a waiting row.', simpleResolvers: true })
export class CellDefect {
  @Field(() => String, {
    nullable: true,
    description: 'The key of the field; null for a cell beyond the headings.',
  })
  field!: string | null;

  @Field(() => String, { nullable: true, description: 'The heading of the column.' })
  heading!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What stands in the cell, at most 500 characters of it.',
  })
  value!: string | null;

  @Field({
    description:
      'Why, for programs: `NO_INTEGER`, `NO_DATE`, `UNIT_NOT_FOUND`, `UNIT_AMBIGUOUS`, `TOO_MANY_CELLS` and so on.',
  })
  reason!: string;

  @Field({ description: 'Why, for a person.' })
  message!: string;
}

@ObjectType({ description: 'A cell of a waiting row, as it stands in the file.', simpleResolvers: true })
export class WaitingCell {
  @Field(() => String, {
    nullable: true,
    description: 'The key of the field; null for a cell beyond the headings.',
  })
  key!: string | null;

  @Field({ description: 'What stands in the file.' })
  written!: string;
}

@ObjectType('QuarantinedRow', {
  description: 'A row that could not be taken, whole as it stands in the file.',
  simpleResolvers: true,
})
export class QuarantinedRowType {
  @Field(() => Int, {
    description: 'Where it begins in the file: the line of a CSV file, the row of a spreadsheet.',
  })
  number!: number;

  @Field(() => [WaitingCell], { description: 'Its cells.' })
  cells!: WaitingCell[];

  @Field(() => [CellDefect], { description: 'Everything that is wrong with it.' })
  defects!: CellDefect[];
}

export const QuarantinedRowConnection = connectionOf('QuarantinedRow', () => QuarantinedRowType);

@ObjectType('UnresolvedUnit', {
  description: 'A value of the unit column that was not understood.',
  simpleResolvers: true,
})
export class UnresolvedUnitType {
  @Field({ description: 'The value.' })
  value!: string;

  @Field({ description: '`UNIT_NOT_FOUND` or `UNIT_AMBIGUOUS`.' })
  reason!: string;

  @Field({ description: 'Why, for a person.' })
  message!: string;

  @Field(() => LongScalar, { description: 'How many waiting rows have it.' })
  rowCount!: number;
}

export const UnresolvedUnitConnection = connectionOf('UnresolvedUnit', () => UnresolvedUnitType);

@InputType({ description: 'What a cell of a waiting row should say.' })
export class CellCorrectionInput {
  @Field({ description: 'The key of the field.' })
  field!: string;

  @Field({ description: 'What it should say, written as in the file.' })
  value!: string;
}

@InputType({ description: 'A waiting row to be corrected and tried.' })
export class RowCorrectionInput {
  @Field(() => Int, { description: 'The number of the row.' })
  number!: number;

  @Field(() => [CellCorrectionInput], {
    description: 'The cells to change; an empty list only tries the row.',
  })
  cells!: CellCorrectionInput[];

  @Field(() => Boolean, {
    nullable: true,
    description: 'Leave out the cells that stand beyond the headings.',
  })
  withoutSurplus?: boolean | null;
}

@InputType({ description: 'Which unit a value of the unit column means.' })
export class UnitDecisionInput {
  @Field({ description: 'The value.' })
  value!: string;

  @Field(() => ID, { description: 'The org unit, in the current released version of its source.' })
  orgUnitId!: string;
}

@ObjectType({ description: 'What became of decisions about units.', simpleResolvers: true })
export class UnitDecisionsResult {
  @Field(() => [OutcomeType], { description: 'One for each decision, in their order.' })
  outcomes!: OutcomeType[];

  @Field(() => JobReference, {
    description: 'The job that tries the waiting rows again. Its result: `{landed, waiting}`.',
  })
  job!: JobReference;
}
