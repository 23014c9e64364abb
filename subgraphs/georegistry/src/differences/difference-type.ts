import { JSONScalar } from '@iroko/graph';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';
import { LineageType } from '../lineage/lineage-type';
import { OrgUnitStateType } from '../org-units/place-type';
import { SourceVersionType } from '../versions/version-type';
import { DIFFERENCE_KINDS, type DifferenceKind, UNIT_FIELDS, type UnitField } from './difference';

export const DifferenceKindEnum = Object.fromEntries(DIFFERENCE_KINDS.map((kind) => [kind, kind])) as Record<
  DifferenceKind,
  DifferenceKind
>;
registerEnumType(DifferenceKindEnum, {
  name: 'DifferenceKind',
  description: 'What became of a unit between two versions.',
  valuesConfig: {
    ADDED: { description: 'Only the later version holds it.' },
    REMOVED: { description: 'Only the earlier version holds it.' },
    CHANGED: { description: 'Both hold it, with differences.' },
  },
});

export const UnitFieldEnum = Object.fromEntries(UNIT_FIELDS.map((field) => [field, field])) as Record<
  UnitField,
  UnitField
>;
registerEnumType(UnitFieldEnum, { name: 'OrgUnitField', description: 'What is said of a unit.' });

@ObjectType('FieldDifference', {
  description: 'One field in which two states differ.',
  simpleResolvers: true,
})
export class FieldDifferenceType {
  @Field(() => UnitFieldEnum, { description: 'Which field.' })
  field!: UnitField;

  @Field(() => JSONScalar, {
    nullable: true,
    description:
      'The value before. Text for names, codes, statuses and dates; lists of text for aliases; `{id name}` for a type, `{id reference name}` for a parent and in lists for groups; `{longitude latitude altitude}` for a location; `{areaM2}` for a shape; an object for attributes.',
  })
  before!: unknown;

  @Field(() => JSONScalar, { nullable: true, description: 'The value after, in the same form.' })
  after!: unknown;

  @Field(() => Float, {
    nullable: true,
    description:
      'Metres over the WGS 84 ellipsoid between the locations, or between the centres of the bounding boxes of the shapes; null where one side has none.',
  })
  distanceMetres!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'By how many square metres the shape grew; null where one side has none.',
  })
  areaChangeM2!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'How many square metres on the ellipsoid the one shape covers and the other does not: 0 for the same ground however it is drawn, both areas for a shape that moved away. Null where one side has none or is not valid. Shapes of more than 20,000 positions together are measured to about 50 m, of more than 200,000 to 500 m.',
  })
  areaDifferingM2!: number | null;
}

@ObjectType('OrgUnitDifference', {
  description: 'One unit that differs between two versions.',
  simpleResolvers: true,
})
export class OrgUnitDifferenceType {
  @Field(() => DifferenceKindEnum, { description: 'What became of it.' })
  kind!: DifferenceKind;

  @Field({ description: 'What its source calls it.' })
  reference!: string;

  @Field(() => OrgUnitStateType, { nullable: true, description: 'As the first version has it.' })
  before!: OrgUnitStateType | null;

  @Field(() => OrgUnitStateType, { nullable: true, description: 'As the second version has it.' })
  after!: OrgUnitStateType | null;

  @Field(() => [FieldDifferenceType], {
    description: 'The fields that differ; empty for added and removed units.',
  })
  fields!: FieldDifferenceType[];

  @Field(() => [LineageType], {
    description:
      'The operations between the two versions that explain it, the oldest first: what ended the unit, made it, or moved it along. None for versions of two sources.',
  })
  lineage!: LineageType[];
}

export const OrgUnitDifferenceConnection = countedConnectionOf<OrgUnitDifferenceType>(
  'OrgUnitDifference',
  () => OrgUnitDifferenceType,
);

@ObjectType({ description: 'How many units differ.', simpleResolvers: true })
export class DifferenceCounts {
  @Field(() => Int, { description: 'Units that only the second version holds.' })
  added!: number;

  @Field(() => Int, { description: 'Units that only the first version holds.' })
  removed!: number;

  @Field(() => Int, { description: 'Units that both hold, with differences.' })
  changed!: number;
}

@ObjectType('VersionDiff', { description: 'The difference of two versions.', simpleResolvers: true })
export class VersionDiffType {
  @Field(() => SourceVersionType, { description: 'The first version.' })
  from!: SourceVersionType;

  @Field(() => SourceVersionType, { description: 'The second version.' })
  to!: SourceVersionType;

  @Field(() => DifferenceCounts, { description: 'How many units differ under the filter.' })
  counts!: DifferenceCounts;
}

@InputType({ description: 'Which differences to keep. All that is given must hold.' })
export class VersionDiffFilter {
  @Field(() => [DifferenceKindEnum], { nullable: true, description: 'Of one of these kinds.' })
  kinds?: DifferenceKind[] | null;

  @Field(() => [UnitFieldEnum], { nullable: true, description: 'Changed units that differ in one of these.' })
  fields?: UnitField[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Units that stand in one of the versions at or below the unit of this id.',
  })
  subtree?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Units that have one of these types in one of the versions.',
  })
  types?: string[] | null;
}
