import { OutcomeType } from '@iroko/graph';
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';
import { LineageType } from '../lineage/lineage-type';
import { MatchRunType } from '../matching/match-run-type';
import { OrgUnitType } from '../org-units/place-type';
import { DataSourceType } from '../sources/source-type';
import { UserReference } from '../users/user-reference';
import type { LinkOrigin, LinkStatus } from './link';
import { LinkOriginEnum, LinkStatusEnum } from './link-list';

@ObjectType('LinkFeature', {
  description: 'What one feature of two units says about their being the same place.',
  simpleResolvers: true,
})
export class LinkFeatureType {
  @Field({
    description:
      'Which feature: PRIOR (how likely any two units are one), NAME, DISTANCE, PARENT, TYPE, CODE, AMBIGUITY (how well other pairs would do).',
  })
  feature!: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'What was compared: likeness of names 0 to 1, metres of distance; null where nothing is measured.',
  })
  value!: number | null;

  @Field(() => Float, {
    description:
      'What it adds, in natural log-odds: above 0 it speaks for the same place. The sum s of all gives the score 1 / (1 + e^-s).',
  })
  contribution!: number;
}

@ObjectType('Link', {
  description: 'Two units of different sources that are, or may be, the same place. It has no direction.',
  simpleResolvers: true,
})
export class LinkType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => LinkStatusEnum, { description: 'Whether they count as the same place.' })
  status!: LinkStatus;

  @Field(() => Float, {
    description: 'How sure it is, 0 to 1; 1 for what a person or a file said without one.',
  })
  score!: number;

  @Field(() => LinkOriginEnum, { description: 'How it came here first.' })
  origin!: LinkOrigin;

  @Field(() => [LinkFeatureType], {
    description: 'What spoke for and against; empty where nothing was compared.',
  })
  features!: LinkFeatureType[];

  @Field(() => ID, { description: 'The id of the one unit. All links between two sources lie the same way.' })
  firstUnitId!: string;

  @Field(() => ID, { description: 'The id of the other unit.' })
  secondUnitId!: string;

  @Field(() => OrgUnitType, {
    nullable: true,
    description:
      'The one unit; of one that the current version of its source holds no more, as the last one before had it.',
  })
  first!: OrgUnitType | null;

  @Field(() => OrgUnitType, {
    nullable: true,
    description:
      'The other unit; of one that the current version of its source holds no more, as the last one before had it.',
  })
  second!: OrgUnitType | null;

  @Field(() => DataSourceType, { description: 'The source of the one unit.' })
  firstSource!: DataSourceType;

  @Field(() => DataSourceType, { description: 'The source of the other unit.' })
  secondSource!: DataSourceType;

  @Field(() => MatchRunType, {
    nullable: true,
    description: 'The last run that found or brought it; null for one made by hand.',
  })
  matchRun!: MatchRunType | null;

  @Field(() => LineageType, {
    nullable: true,
    description: 'The operation by which it ended, or came to the successor of a unit; null for any other.',
  })
  lineage!: LineageType | null;

  @Field(() => UserReference, {
    nullable: true,
    description:
      'The person who decided; null while nobody has, also where a run accepted it by its threshold.',
  })
  decidedBy!: UserReference | null;

  @Field(() => Date, { nullable: true, description: 'When it was decided; null while it is PROPOSED.' })
  decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why, in the words of whoever decided.' })
  reason!: string | null;

  @Field(() => Int, { description: 'Counts its changes: give it as expectedRevision to decide on it.' })
  revision!: number;

  @Field({ description: 'When it came here.' })
  createdAt!: Date;

  @Field({ description: 'When it was last changed.' })
  updatedAt!: Date;
}

export const LinkConnection = countedConnectionOf<LinkType>('Link', () => LinkType);

@InputType({ description: 'A link made by hand.' })
export class CreateLinkInput {
  @Field(() => ID, { description: 'The id of one unit.' })
  unitId!: string;

  @Field(() => ID, { description: 'The id of a unit of another source.' })
  otherUnitId!: string;

  @Field(() => LinkStatusEnum, { nullable: true, description: 'ACCEPTED when left out.' })
  status?: LinkStatus | null;

  @Field(() => String, { nullable: true, description: 'Why, at most 1,000 characters.' })
  reason?: string | null;
}

@InputType({ description: 'A link to decide on.' })
export class ReviewedLinkInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => Int, { description: 'The revision that was looked at.' })
  expectedRevision!: number;
}

@ObjectType({ description: 'What became of one link of a review.', simpleResolvers: true })
export class LinkReviewOutcome {
  @Field(() => ID, { description: 'The id that was given.' })
  id!: string;

  @Field(() => OutcomeType, { description: 'Whether the decision was taken.' })
  outcome!: OutcomeType;

  @Field(() => LinkType, { nullable: true, description: 'The link as it is now; null when there is none.' })
  link!: LinkType | null;
}
