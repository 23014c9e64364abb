/**
 * The log, as the API shows it.
 */
import { connectionOf, JSONScalar } from '@iroko/graph';
import { Field, ID, InputType, ObjectType } from 'type-graphql';

@ObjectType('ChangeActor', { description: 'Who made a change, and by which way.', simpleResolvers: true })
export class ChangeActorType {
  @Field(() => ID, { nullable: true, description: 'The user; null for what the system did by itself.' })
  userId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The API token that was used, when one was.' })
  tokenId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The job in which it happened, when it was one.' })
  jobId!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The user on whose behalf it was done, when not for oneself.',
  })
  onBehalfOf!: string | null;
}

@ObjectType('ChangeEvent', {
  description: 'One recorded change. Never altered; the events of an account are chained by hash.',
  simpleResolvers: true,
})
export class ChangeEventType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'Its place in the log: give it as `after` to go on behind it.' })
  cursor!: string;

  @Field(() => Date, { description: 'When it was written; the order of the log is that of commits.' })
  at!: Date;

  @Field(() => ChangeActorType, { description: 'Who did it.' })
  actor!: ChangeActorType;

  @Field({ description: 'The request in which it happened; everything of one request has the same.' })
  requestId!: string;

  @Field({ description: 'The type of what changed, such as `OrgUnit`.' })
  subjectType!: string;

  @Field(() => ID, { description: 'The id of what changed.' })
  subjectId!: string;

  @Field(() => ID, { nullable: true, description: 'The org unit it concerns, when there is one.' })
  unitId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The project it concerns, when there is one.' })
  projectId!: string | null;

  @Field({ description: 'What happened to it, such as `CREATE`, `UPDATE` or `RELEASE`.' })
  action!: string;

  @Field(() => JSONScalar, {
    nullable: true,
    description:
      'The changed fields as they were, by name; null for a creation. An erased personal value is null; a secret field is `{"$secret": true}`.',
  })
  before!: Record<string, unknown> | null;

  @Field(() => JSONScalar, {
    nullable: true,
    description:
      'The changed fields as they are now, by name; null for a removal. Bulk work puts its counts here.',
  })
  after!: Record<string, unknown> | null;

  @Field(() => String, { nullable: true, description: 'Why, in the words of whoever did it.' })
  reason!: string | null;

  @Field({ description: 'SHA-256 that chains it to the event before it, in hexadecimal.' })
  hash!: string;
}

export const ChangeEventConnection = connectionOf('ChangeEvent', () => ChangeEventType);

@InputType({ description: 'Which changes. Every condition that is given must hold.' })
export class ChangeFilterInput {
  @Field(() => String, { nullable: true, description: 'Of this type, such as `OrgUnit`.' })
  subjectType?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of the subject with this id; needs subjectType.' })
  subjectId?: string | null;

  @Field(() => [String], { nullable: true, description: 'Any of these actions, such as `CREATE`.' })
  actions?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Concerning this org unit itself.' })
  unitId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Concerning this org unit or one that stands or stood below it, in any version.',
  })
  subtree?: string | null;

  @Field(() => ID, { nullable: true, description: 'Concerning this project.' })
  projectId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Done by this user.' })
  userId?: string | null;

  @Field(() => Date, { nullable: true, description: 'Written at this moment or later.' })
  from?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Written before this moment.' })
  to?: Date | null;
}
