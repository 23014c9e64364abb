import { JSONScalar } from '@iroko/graph';
import { JobReference } from '@iroko/jobs';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Matching } from '../comparisons/comparison';
import { ComparisonLimitsType, MatchingEnum } from '../comparisons/comparison-type';
import { countedConnectionOf } from '../counted-connection';
import type { UnitField } from '../differences/difference';
import { UnitFieldEnum } from '../differences/difference-type';
import { AbsentUnits } from '../imports/import-types';
import { OrgUnitStateType } from '../org-units/place-type';
import { SourceVersionType } from '../versions/version-type';
import { MERGE_ACTIONS, type MergeAction, PLAN_STATUSES, type PlanStatus } from './merge-plan';

const enumOf = <Value extends string>(values: readonly Value[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

export const PlanStatusEnum = enumOf(PLAN_STATUSES);
registerEnumType(PlanStatusEnum, {
  name: 'MergePlanStatus',
  description: 'How far a merge plan is.',
  valuesConfig: {
    PLANNING: { description: 'Its job works, or failed.' },
    READY: { description: 'It can be decided on, applied and proposed.' },
    APPLIED: { description: 'The draft of the target has it.' },
    PROPOSED: { description: 'It became change requests.' },
  },
});

export const MergeActionEnum = enumOf(MERGE_ACTIONS);
registerEnumType(MergeActionEnum, {
  name: 'MergeAction',
  description: 'What a plan does with a unit of the target.',
  valuesConfig: {
    CREATE: { description: 'Makes it, or brings back one that was removed.' },
    UPDATE: { description: 'Takes fields from the source.' },
    REMOVE: { description: 'Takes it out of the draft.' },
  },
});

export const MergeSideEnum = enumOf(['SOURCE', 'TARGET'] as const);
registerEnumType(MergeSideEnum, {
  name: 'MergeSide',
  description: 'A side of a merge.',
  valuesConfig: {
    SOURCE: { description: 'The version that is merged.' },
    TARGET: { description: 'The source that it is merged into.' },
  },
});

@InputType({
  description: 'What to merge: a comparison, or a version and the source that it is merged into.',
})
export class PlanMergeInput {
  @Field(() => ID, { nullable: true, description: 'The version that is merged.' })
  versionId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The source whose draft it is merged into.' })
  dataSourceId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Instead of both: a comparison, whose second version is merged into the source of the first: matched as there, and limited to its fields, subtrees, types, statuses and tolerances. What lies outside is left out, and offered by a later plan.',
  })
  comparisonId?: string | null;

  @Field(() => MatchingEnum, {
    nullable: true,
    description:
      'By what units are matched; without it as the comparison did, else ORIGIN where one source was copied from the other, else REFERENCE. LINKS takes the accepted links.',
  })
  matchBy?: Matching | null;

  @Field(() => [UnitFieldEnum], { nullable: true, description: 'The fields to merge; all without it.' })
  compare?: UnitField[] | null;

  @Field(() => [UnitFieldEnum], { nullable: true, description: 'Fields that stay as the target has them.' })
  ignore?: UnitField[] | null;

  @Field(() => AbsentUnits, {
    nullable: true,
    description:
      'Without a common ancestor: what becomes of units that the version does not hold; KEEP without it. With one, what the source removed goes.',
  })
  absentUnits?: keyof typeof AbsentUnits | null;
}

@InputType({ description: 'A decision on one row of a plan. What is left out stays as it is.' })
export class MergeDecisionInput {
  @Field(() => Int, { description: 'Which row.' })
  position!: number;

  @Field(() => [UnitFieldEnum], {
    nullable: true,
    description:
      'The fields to take from the source, of those that the row offers; the others stay as the target has them.',
  })
  take?: UnitField[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether what the row does takes place at all.' })
  apply?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'The unit of the target that it shall stand below.' })
  parentId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it shall be a root of the target.' })
  asRoot?: boolean | null;
}

@ObjectType('MergeField', { description: 'A field that the source has otherwise.', simpleResolvers: true })
export class MergeFieldType {
  @Field(() => UnitFieldEnum, { description: 'Which field.' })
  field!: UnitField;

  @Field(() => JSONScalar, {
    nullable: true,
    description: 'As the source has it, in the form of FieldDifference.',
  })
  source!: unknown;

  @Field(() => JSONScalar, { nullable: true, description: 'As the target has it.' })
  target!: unknown;

  @Field(() => JSONScalar, {
    nullable: true,
    description:
      'As both had it, where they have a common ancestor: in the version that was merged last, or for what that merge left out in the one before.',
  })
  base!: unknown;

  @Field({ description: 'Whether both sides changed it, to different values.' })
  isConflict!: boolean;

  @Field({ description: 'Whether it is taken from the source.' })
  isTaken!: boolean;
}

@ObjectType('MergeRow', { description: 'What a plan does with one unit.', simpleResolvers: true })
export class MergeRowType {
  @Field(() => Int, { description: 'Its number in the plan.' })
  position!: number;

  @Field(() => MergeActionEnum, { description: 'What it does.' })
  action!: MergeAction;

  @Field(() => OrgUnitStateType, { nullable: true, description: 'The unit as the source has it.' })
  source!: OrgUnitStateType | null;

  @Field(() => OrgUnitStateType, { nullable: true, description: 'The unit as the target has it.' })
  target!: OrgUnitStateType | null;

  @Field(() => OrgUnitStateType, {
    nullable: true,
    description: 'The unit of the target that it will stand below, where it is made or moved.',
  })
  parent!: OrgUnitStateType | null;

  @Field(() => [MergeFieldType], { description: 'The fields that the source has otherwise.' })
  fields!: MergeFieldType[];

  @Field({ description: 'Whether both sides changed a field, or one removed what the other changed.' })
  isConflict!: boolean;

  @Field({ description: 'Whether it waits for a decision; a plan with such rows is not applied.' })
  isOpen!: boolean;

  @Field({
    description:
      'Whether what stands above it in the source has no counterpart, so that somebody says where it belongs.',
  })
  asksForParent!: boolean;

  @Field({ description: 'Whether what the row does takes place.' })
  isApplied!: boolean;
}

export const MergeRowConnection = countedConnectionOf<MergeRowType>('MergeRow', () => MergeRowType);

@ObjectType('MergePlan', {
  description: 'What of a version shall come into another source, unit by unit and field by field.',
  simpleResolvers: true,
})
export class MergePlanType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => PlanStatusEnum, { description: 'How far it is.' })
  status!: PlanStatus;

  @Field(() => SourceVersionType, { description: 'The version that is merged.' })
  from!: SourceVersionType;

  @Field(() => SourceVersionType, { description: 'The version that it is merged into, as the plan saw it.' })
  target!: SourceVersionType;

  @Field(() => SourceVersionType, {
    nullable: true,
    description:
      'What both began from: the version that was copied or merged last; of what was left out then an older one, see MergeField.base. Null where nothing is known, and then nothing is a conflict.',
  })
  base!: SourceVersionType | null;

  @Field(() => MatchingEnum, { description: 'By what units are matched.' })
  matchBy!: Matching;

  @Field(() => [UnitFieldEnum], { description: 'The fields that are merged.' })
  fields!: UnitField[];

  @Field(() => ComparisonLimitsType, {
    description: 'Which units are merged, and what counts as a difference.',
  })
  limits!: ComparisonLimitsType;

  @Field(() => JobReference, { nullable: true, description: 'The job that made it, or that finished it.' })
  job!: JobReference | null;

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date;
}
