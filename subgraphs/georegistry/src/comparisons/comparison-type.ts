import { JobReference } from '@iroko/jobs';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';
import type { UnitField } from '../differences/difference';
import { FieldDifferenceType, UnitFieldEnum } from '../differences/difference-type';
import { LineageType } from '../lineage/lineage-type';
import { OrgUnitStateType, OrgUnitStatus } from '../org-units/place-type';
import { SourceVersionType } from '../versions/version-type';
import { COMPARED_STATUSES, type ComparedStatus, MATCHINGS, type Matching } from './comparison';

const enumOf = <Value extends string>(values: readonly Value[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

export const ComparedStatusEnum = enumOf(COMPARED_STATUSES);
registerEnumType(ComparedStatusEnum, {
  name: 'ComparedStatus',
  description: 'What a comparison says of a unit.',
  valuesConfig: {
    NEW: { description: 'Only the second version holds it.' },
    REMOVED: { description: 'Only the first version holds it.' },
    CHANGED: { description: 'Both hold it, with differences in the fields compared.' },
    SAME: { description: 'Both hold it, without differences in the fields compared.' },
  },
});

export const MatchingEnum = enumOf(MATCHINGS);
registerEnumType(MatchingEnum, {
  name: 'ComparisonMatching',
  description:
    'By what units of two sources are known to be the same. Units of one source are always themselves.',
  valuesConfig: {
    REFERENCE: { description: 'What both sources call them is the same text.' },
    CODE: { description: 'Their codes are the same text, and each stands once in its version.' },
    LINKS: { description: 'An accepted link says so.' },
    ORIGIN: {
      description:
        'One was copied from the other, or both from a third; units without such a counterpart by reference.',
    },
  },
});

@InputType({ description: 'Two versions, of any two sources, and how to compare them.' })
export class CompareVersionsInput {
  @Field(() => ID, { description: 'The id of the first version, the one before.' })
  from!: string;

  @Field(() => ID, { description: 'The id of the second version, the one after.' })
  to!: string;

  @Field(() => MatchingEnum, {
    nullable: true,
    description: 'By what units are matched; REFERENCE without it.',
  })
  matchBy?: Matching | null;

  @Field(() => [UnitFieldEnum], { nullable: true, description: 'The fields to compare; all without it.' })
  compare?: UnitField[] | null;

  @Field(() => [UnitFieldEnum], { nullable: true, description: 'Fields that are not compared.' })
  ignore?: UnitField[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Units at or below one of these, or below its counterpart, in either version. NOT_FOUND when neither version holds any.',
  })
  subtrees?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Units that have one of these types in either version.' })
  types?: string[] | null;

  @Field(() => [OrgUnitStatus], {
    nullable: true,
    description: 'Units that have one of these statuses in either version.',
  })
  unitStatuses?: OrgUnitStatus[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether names that differ in capitals, accents and spaces alone are the same; false without it.',
  })
  ignoreNameStyle?: boolean | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Locations no farther apart than so many metres are the same, 0 to 10,000; 0 without it.',
  })
  locationToleranceMetres?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Shapes are the same when what the one covers and the other does not is no more than this part of the larger, 0 to 1; one that moved differs, whatever its area. Compared point by point without it.',
  })
  shapeAreaTolerance?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether units that are the same are listed too; they are only counted without it.',
  })
  listSame?: boolean | null;
}

@ObjectType('ComparedUnit', { description: 'One unit of a comparison.', simpleResolvers: true })
export class ComparedUnitType {
  @Field(() => ComparedStatusEnum, { description: 'What became of it.' })
  status!: ComparedStatus;

  @Field(() => OrgUnitStateType, { nullable: true, description: 'As the first version has it.' })
  before!: OrgUnitStateType | null;

  @Field(() => OrgUnitStateType, { nullable: true, description: 'As the second version has it.' })
  after!: OrgUnitStateType | null;

  @Field(() => [FieldDifferenceType], {
    description: 'The compared fields that differ; empty for new, removed and same units.',
  })
  fields!: FieldDifferenceType[];

  @Field(() => [LineageType], {
    description:
      'The operations between the two versions that explain it, the oldest first: what ended the unit, made it, or moved it along. None for versions of two sources.',
  })
  lineage!: LineageType[];
}

export const ComparedUnitConnection = countedConnectionOf<ComparedUnitType>(
  'ComparedUnit',
  () => ComparedUnitType,
);

@ObjectType('ComparisonCounts', { description: 'How many units are what.', simpleResolvers: true })
export class ComparisonCountsType {
  @Field(() => Int, { description: 'Units that only the second version holds.' })
  new!: number;

  @Field(() => Int, { description: 'Units that only the first version holds.' })
  removed!: number;

  @Field(() => Int, { description: 'Units that both hold, with differences.' })
  changed!: number;

  @Field(() => Int, { description: 'Units that both hold, without differences.' })
  same!: number;
}

@ObjectType('ComparisonLimits', {
  description: 'Which units are looked at, and how much may differ before it counts.',
  simpleResolvers: true,
})
export class ComparisonLimitsType {
  @Field(() => [ID], { nullable: true, description: 'The units at or below which; null for everywhere.' })
  subtrees?: string[] | undefined;

  @Field(() => [ID], { nullable: true, description: 'The types of which; null for all.' })
  typeIds?: string[] | undefined;

  @Field(() => [OrgUnitStatus], { nullable: true, description: 'The statuses of which; null for all.' })
  statuses?: OrgUnitStatus[] | undefined;

  @Field({ description: 'Whether names that differ in capitals, accents and spaces alone are the same.' })
  ignoreNameStyle!: boolean;

  @Field(() => Float, { description: 'Locations no farther apart than so many metres are the same.' })
  locationToleranceMetres!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Shapes whose areas differ by no more than this part are the same; null: point by point.',
  })
  areaTolerance!: number | null;
}

@ObjectType('Comparison', {
  description: 'What differs between two versions of any two sources, worked out once and kept.',
  simpleResolvers: true,
})
export class ComparisonType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => MatchingEnum, { description: 'By what units were matched.' })
  matchBy!: Matching;

  @Field(() => [UnitFieldEnum], { description: 'The fields that were compared.' })
  compared!: UnitField[];

  @Field(() => ComparisonLimitsType, { description: 'Which units were compared, and how closely.' })
  limits!: ComparisonLimitsType;

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was done; null while its job works.' })
  finishedAt!: Date | null;

  @Field(() => ComparisonCountsType, { nullable: true, description: 'Null until it is done.' })
  counts!: ComparisonCountsType | null;

  @Field(() => JobReference, { nullable: true, description: 'The job that compares.' })
  job!: JobReference | null;

  @Field(() => SourceVersionType, { description: 'The first version.' })
  from!: SourceVersionType;

  @Field(() => SourceVersionType, { description: 'The second version.' })
  to!: SourceVersionType;
}

export const ComparisonConnection = countedConnectionOf<ComparisonType>('Comparison', () => ComparisonType);
