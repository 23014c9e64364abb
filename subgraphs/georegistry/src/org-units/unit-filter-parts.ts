/** Parts of the filter of units that are inputs of their own. */
import { DateScalar, DateTimeScalar } from '@iroko/graph';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import type { LinkStatus } from '../links/link';
import { LinkStatusEnum } from '../links/link-list';

@InputType({ description: 'A range of days, both included; what is left out is open.' })
export class DayRangeInput {
  @Field(() => DateScalar, { nullable: true, description: 'The first day.' })
  from?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The last day.' })
  until?: string | null;
}

export enum SubmissionPresence {
  SOME = 'SOME',
  NONE = 'NONE',
  DUPLICATES = 'DUPLICATES',
}
registerEnumType(SubmissionPresence, {
  name: 'SubmissionPresence',
  description: 'Which submissions a unit has.',
  valuesConfig: {
    SOME: { description: 'At least one.' },
    NONE: { description: 'Not one.' },
    DUPLICATES: { description: 'More than one of the same form.' },
  },
});

@InputType({
  description: 'Units by the submissions made at them. All that is given must hold of a submission.',
})
export class OrgUnitSubmissionsFilter {
  @Field(() => SubmissionPresence, {
    defaultValue: SubmissionPresence.SOME,
    description: 'Which submissions the unit has.',
  })
  presence!: SubmissionPresence;

  @Field(() => [ID], { nullable: true, description: 'Submissions of one of these forms.' })
  forms?: string[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Received at this moment or later.' })
  receivedFrom?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Received before this moment.' })
  receivedBefore?: Date | null;
}

@InputType({
  description: 'Units by their links to units of other sources. All that is given must hold of one link.',
})
export class OrgUnitLinksFilter {
  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether it has such a link: false keeps the units that have none.',
  })
  has!: boolean;

  @Field(() => [LinkStatusEnum], {
    defaultValue: [LinkStatusEnum.ACCEPTED],
    description: 'Links of one of these statuses.',
  })
  statuses!: LinkStatus[];

  @Field(() => ID, { nullable: true, description: 'Links to the unit of this id.' })
  unit?: string | null;

  @Field(() => ID, { nullable: true, description: 'Links to units of this source.' })
  source?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Links to units that this version holds. NOT_FOUND for one that you may not see.',
  })
  version?: string | null;
}
