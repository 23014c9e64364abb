/** What a person sends to split, merge, replace or close units. */
import { DateScalar } from '@iroko/graph';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { UpdateOrgUnitInput, unitFields } from '../org-units/unit-input';
import type { ClosedChildren, LineageEnding, LineageOrder } from './lineage';
import type { GivenOrder } from './lineage-service';
import { ClosedChildrenEnum, LineageEndingEnum } from './lineage-type';

@InputType({ description: 'A unit of the draft, as it was looked at.' })
export class NamedOrgUnitInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => Int, { description: 'The revision that was looked at.' })
  expectedRevision!: number;
}

@InputType({
  description:
    'A unit that is made to take the place. What is left out follows from the units before it: type, parent and status of the first, all their groups (of a set with single membership the first), the day of effect as opening date; of a merge or replacement their names as aliases; of a replacement also code, location, shape and attributes.',
})
export class NewSuccessorInput extends UpdateOrgUnitInput {
  @Field({ description: '1 to 255 characters; trimmed, inner spaces stay.' })
  declare name: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What the source calls it, 1 to 255 characters, unique in the source for all time. Generated when left out.',
  })
  reference?: string | null;
}

@InputType({
  description: 'A unit that takes a place: one that is there, or one that is made. Exactly one of the two.',
})
export class SuccessorInput {
  @Field(() => NamedOrgUnitInput, { nullable: true, description: 'One that stands in the draft.' })
  unit?: NamedOrgUnitInput | null;

  @Field(() => NewSuccessorInput, { nullable: true, description: 'One that is made.' })
  create?: NewSuccessorInput | null;
}

@InputType({ description: 'Where a unit goes that stands right below one that is split.' })
export class ChildPlaceInput {
  @Field(() => ID, { description: 'The id of the unit.' })
  unitId!: string;

  @Field(() => Int, { description: 'The index in `into` of the part below which it comes, from 0.' })
  to!: number;
}

@InputType({ description: 'When an operation holds from, and why.' })
abstract class LineageInput {
  @Field(() => DateScalar, {
    description: 'The day from which it holds: units before it close on this day, new ones open on it.',
  })
  effectiveOn!: string;

  @Field({ description: 'Why, 1 to 1,000 characters; kept with the operation and in the log.' })
  reason!: string;
}

const endingField = {
  defaultValue: 'CLOSED' as LineageEnding,
  description: 'What becomes of the units before.',
};

@InputType({ description: 'One unit becomes several.' })
export class SplitOrgUnitInput extends LineageInput {
  @Field(() => NamedOrgUnitInput, { description: 'The unit that is split.' })
  unit!: NamedOrgUnitInput;

  @Field(() => [SuccessorInput], {
    description:
      'The parts: two or more, one or more where the unit is kept, at most 100. Shapes of two parts may not overlap.',
  })
  into!: SuccessorInput[];

  @Field(() => LineageEndingEnum, endingField)
  ending!: LineageEnding;

  @Field(() => [ChildPlaceInput], {
    nullable: true,
    description:
      'Where units right below it go. One that is not named goes to the only part whose shape holds its location (or the middle of its shape), else to `otherChildrenTo`, else it stays below a unit that is kept; otherwise BAD_USER_INPUT names it.',
  })
  children?: ChildPlaceInput[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The index in `into` of the part that takes the children that nothing else places.',
  })
  otherChildrenTo?: number | null;

  @Field(() => Float, {
    defaultValue: 0.01,
    description: 'How much of the smaller of two parts may lie in the other, as a share of its area, 0 to 1.',
  })
  overlapTolerance!: number;
}

@InputType({ description: 'Several units become one.' })
export class MergeOrgUnitsInput extends LineageInput {
  @Field(() => [NamedOrgUnitInput], {
    description:
      'The units that merge: two or more into a new one, one or more into one that is there, at most 100.',
  })
  units!: NamedOrgUnitInput[];

  @Field(() => SuccessorInput, {
    description:
      'The unit that they become. All units below them come below it; one that is there gets their groups and, as aliases, their names.',
  })
  into!: SuccessorInput;

  @Field(() => LineageEndingEnum, endingField)
  ending!: LineageEnding;
}

@InputType({ description: 'One unit takes the place of another.' })
export class ReplaceOrgUnitInput extends LineageInput {
  @Field(() => NamedOrgUnitInput, { description: 'The unit that ends.' })
  unit!: NamedOrgUnitInput;

  @Field(() => SuccessorInput, {
    description:
      'The unit that takes its place. All units below the old one come below it; one that is there gets its groups and, as aliases, its names.',
  })
  by!: SuccessorInput;

  @Field(() => LineageEndingEnum, endingField)
  ending!: LineageEnding;
}

@InputType({ description: 'A unit closes, and nothing takes its place.' })
export class CloseOrgUnitInput extends LineageInput {
  @Field(() => NamedOrgUnitInput, { description: 'The unit that closes.' })
  unit!: NamedOrgUnitInput;

  @Field(() => ClosedChildrenEnum, {
    defaultValue: 'REFUSE' as ClosedChildren,
    description: 'What becomes of open units below it.',
  })
  children!: ClosedChildren;

  @Field(() => ID, {
    nullable: true,
    description: 'With children: MOVE the unit below which those right below it come.',
  })
  moveChildrenTo?: string | null;
}

const NO_CHILD_RULE: LineageOrder['children'] = {
  assigned: [],
  otherTo: null,
  onClose: 'REFUSE',
  moveTo: null,
};

export const splitOrder = (input: SplitOrgUnitInput): GivenOrder => ({
  ...words(input),
  kind: 'SPLIT',
  ending: input.ending,
  predecessors: [{ ...input.unit }],
  successors: input.into.map(successorOf),
  children: {
    ...NO_CHILD_RULE,
    assigned: (input.children ?? []).map(({ unitId, to }) => ({ unitId, to })),
    otherTo: input.otherChildrenTo ?? null,
  },
  overlapTolerance: input.overlapTolerance,
});

export const mergeOrder = (input: MergeOrgUnitsInput): GivenOrder => ({
  ...words(input),
  kind: 'MERGE',
  ending: input.ending,
  predecessors: input.units.map((unit) => ({ ...unit })),
  successors: [successorOf(input.into)],
  children: NO_CHILD_RULE,
  overlapTolerance: 0,
});

export const replaceOrder = (input: ReplaceOrgUnitInput): GivenOrder => ({
  ...words(input),
  kind: 'REPLACE',
  ending: input.ending,
  predecessors: [{ ...input.unit }],
  successors: [successorOf(input.by)],
  children: NO_CHILD_RULE,
  overlapTolerance: 0,
});

export const closeOrder = (input: CloseOrgUnitInput): GivenOrder => ({
  ...words(input),
  kind: 'CLOSE',
  ending: 'CLOSED',
  predecessors: [{ ...input.unit }],
  successors: [],
  children: {
    ...NO_CHILD_RULE,
    onClose: input.children,
    moveTo: input.moveChildrenTo?.toLowerCase() ?? null,
  },
  overlapTolerance: 0,
});

const words = ({ effectiveOn, reason }: LineageInput) => ({ effectiveOn, reason });

function successorOf({ unit, create }: SuccessorInput): GivenOrder['successors'][number] {
  const named = unit ? { ...unit } : null;
  if (!create) return { unit: named, create: null };
  const { name, reference, ...rest } = create;
  const { shape, ...fields } = unitFields(rest);
  return { unit: named, create: { ...fields, name, reference: reference ?? undefined }, shape };
}
