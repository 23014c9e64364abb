import { DateScalar } from '@iroko/graph';
import { JobReference } from '@iroko/jobs';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';
import { OrgUnitStateType, OrgUnitType } from '../org-units/place-type';
import { DataSourceType } from '../sources/source-type';
import { UserReference } from '../users/user-reference';
import type { VersionAnswer } from '../versions/version-answer';
import { SourceVersionType } from '../versions/version-type';
import {
  CLOSED_CHILDREN,
  type ClosedChildren,
  LINEAGE_ENDINGS,
  LINEAGE_KINDS,
  type LineageEnding,
  type LineageKind,
} from './lineage';
import type { LineageAnswer } from './lineage-answer';

const enumOf = <Value extends string>(values: readonly Value[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

export const LineageKindEnum = enumOf<LineageKind>(LINEAGE_KINDS);
registerEnumType(LineageKindEnum, {
  name: 'LineageKind',
  description: 'How units took the place of others.',
  valuesConfig: {
    SPLIT: { description: 'One became several.' },
    MERGE: { description: 'Several became one.' },
    REPLACE: { description: 'One took the place of another.' },
    CLOSE: { description: 'It closed, and nothing took its place.' },
  },
});

export const LineageEndingEnum = enumOf<LineageEnding>(LINEAGE_ENDINGS);
registerEnumType(LineageEndingEnum, {
  name: 'LineageEnding',
  description: 'What became of the units before.',
  valuesConfig: {
    CLOSED: { description: 'They stay in the tree, closed on the day of effect.' },
    REMOVED: { description: 'They left the tree; earlier versions have them.' },
    KEPT: { description: 'It stands on beside its parts: of a split alone.' },
  },
});

export const ClosedChildrenEnum = enumOf<ClosedChildren>(CLOSED_CHILDREN);
registerEnumType(ClosedChildrenEnum, {
  name: 'ClosedChildren',
  description: 'What becomes of open units below one that is closed.',
  valuesConfig: {
    REFUSE: { description: 'While there are any the unit is not closed.' },
    CLOSE: { description: 'All of them are closed on the same day.' },
    MOVE: { description: 'Those right below it come below another unit, with everything below them.' },
  },
});

@ObjectType('LineageUnit', {
  description: 'A unit that an operation ended, or that took a place by it.',
  simpleResolvers: true,
})
export class LineageUnitType {
  @Field(() => ID, { description: 'The id of the unit.' })
  unitId!: string;

  @Field({ description: 'What its source calls it.' })
  reference!: string;

  @Field({ description: 'Its name at that time.' })
  name!: string;

  @Field({ description: 'Its code at that time; empty when it had none.' })
  code!: string;

  @Field({ description: 'Whether the operation ended it.' })
  ended!: boolean;

  @Field({ description: 'Whether it was made by the operation.' })
  isNew!: boolean;

  @Field(() => OrgUnitType, {
    nullable: true,
    description:
      'The unit; of one that the current version holds no more, as the last one before had it. Null when none had it.',
  })
  unit!: OrgUnitType | null;

  @Field(() => OrgUnitStateType, {
    nullable: true,
    description: 'The unit in the version of the operation; null for one that it took out.',
  })
  state!: OrgUnitStateType | null;
}

@ObjectType('Lineage', {
  description:
    'One operation by which units took the place of others, or closed. It comes into effect with the release of its version.',
  simpleResolvers: true,
})
export class LineageType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => LineageKindEnum, { description: 'What was done.' })
  kind!: LineageKind;

  @Field(() => LineageEndingEnum, { description: 'What became of the units before.' })
  ending!: LineageEnding;

  @Field(() => Int, {
    description: 'Counts the operations of the source, in the order in which they were done.',
  })
  number!: number;

  @Field(() => DateScalar, { description: 'The day from which it holds.' })
  effectiveOn!: string;

  @Field({ description: 'Why, in the words of whoever did it; empty for an anonymous viewer.' })
  reason!: string;

  @Field(() => UserReference, { nullable: true, description: 'Who did it; null for a token of nobody.' })
  madeBy!: UserReference | null;

  @Field({ description: 'When it was done.' })
  madeAt!: Date;

  @Field(() => JobReference, {
    nullable: true,
    description: 'The job that did it; null for one that was done at once.',
  })
  job!: JobReference | null;

  @Field(() => SourceVersionType, { description: 'The version in which it was done.' })
  version!: SourceVersionType;

  @Field(() => DataSourceType, { description: 'The source of its units.' })
  dataSource!: DataSourceType;

  @Field(() => [LineageUnitType], { description: 'The units before it, as far as the viewer reaches them.' })
  predecessors!: LineageUnitType[];

  @Field(() => [LineageUnitType], {
    description: 'The units after it, as far as the viewer reaches them; none of a closing.',
  })
  successors!: LineageUnitType[];

  @Field(() => Int, {
    description: 'How many units came below another parent; what stood below them went along.',
  })
  movedUnits!: number;

  @Field(() => Int, { description: 'How many units were closed with the one above them.' })
  closedAlong!: number;
}

export const LineageConnection = countedConnectionOf<LineageType>('Lineage', () => LineageType);

@ObjectType('UnitLineage', {
  description: 'What a unit came from and what became of it, as a version knows it.',
  simpleResolvers: true,
})
export class UnitLineageType {
  @Field(() => ID, { description: 'The id of the unit.' })
  unitId!: string;

  @Field({ description: 'What its source calls it.' })
  reference!: string;

  @Field(() => SourceVersionType, { description: 'The version that this says it of.' })
  version!: SourceVersionType;

  @Field({ description: 'Whether the version holds it without a closing date.' })
  isStanding!: boolean;

  @Field(() => LineageType, {
    nullable: true,
    description: 'The operation that ended it last; null while it stands, and where none did.',
  })
  endedBy!: LineageType | null;

  @Field(() => [OrgUnitStateType], {
    description:
      'The units that stand in its place in the version, over any number of operations: itself while it stands, none when it closed without a successor.',
  })
  standing!: OrgUnitStateType[];

  @Field(() => [LineageUnitType], {
    description: 'The units before it, over any number of operations, the nearest first.',
  })
  predecessors!: LineageUnitType[];

  @Field(() => [LineageType], {
    description: 'The operations that it took part in, the oldest first.',
  })
  operations!: LineageType[];
}

@ObjectType({ description: 'What an operation on the lineage of units did.', simpleResolvers: true })
export class LineageResult {
  @Field(() => LineageType, { nullable: true, description: 'The operation; null while a job does it.' })
  lineage!: LineageAnswer | null;

  @Field(() => JobReference, {
    nullable: true,
    description:
      'The job that does it, where more than 1,000 units go along: its result has lineageId, moved and closedAlong. Null when it is done.',
  })
  job!: JobReference | null;

  @Field(() => SourceVersionType, {
    nullable: true,
    description: 'The draft that has it; null while a job does it.',
  })
  version!: VersionAnswer | null;
}

@ObjectType({ description: 'What taking an operation back did.', simpleResolvers: true })
export class UndoneLineage {
  @Field(() => JobReference, {
    nullable: true,
    description: 'The job that takes it back, where more than 1,000 units go along; null when it is done.',
  })
  job!: JobReference | null;

  @Field(() => SourceVersionType, { description: 'The draft in which it was.' })
  version!: VersionAnswer;
}

@ObjectType({
  description: 'A unit by what it is or was called, and what stands in its place.',
  simpleResolvers: true,
})
export class StandingOrgUnit {
  @Field({ description: 'The id, reference or code that was asked for.' })
  asked!: string;

  @Field(() => ID, { description: 'The id of the unit that bears or bore it.' })
  unitId!: string;

  @Field(() => [OrgUnitStateType], {
    description:
      'What stands in its place: itself while it stands, nothing when it closed without a successor.',
  })
  standing!: OrgUnitStateType[];
}
