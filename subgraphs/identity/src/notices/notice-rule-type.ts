import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Frequency } from './next-notice';

export enum NoticeFrequency {
  IMMEDIATE = 'IMMEDIATE',
  HOURLY = 'HOURLY',
  DAILY = 'DAILY',
}

registerEnumType(NoticeFrequency, {
  name: 'NoticeFrequency',
  description: 'How soon a person is told.',
  valuesConfig: {
    IMMEDIATE: {
      description: 'Within seconds; what happens within a minute after a mail is in the next one.',
    },
    HOURLY: { description: 'At the full hour, when there is something to tell.' },
    DAILY: {
      description: 'At an hour of the day in the time zone of the account, when there is something to tell.',
    },
  },
});

@ObjectType('NoticeRule', {
  description: 'A standing wish of a person to be told of changes by e-mail.',
  simpleResolvers: true,
})
export class NoticeRuleType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field({ description: 'What it is for; it stands in the subject of the mails.' })
  name!: string;
  @Field(() => NoticeFrequency, { description: 'How soon.' })
  frequency!: Frequency;
  @Field(() => Int, { nullable: true, description: 'The hour of the day, 0 to 23; null unless DAILY.' })
  hour!: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'Only changes of this type, such as `OrgUnit`; all when null.',
  })
  subjectType!: string | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Only these actions, such as `CREATE`; all when null.',
  })
  actions!: string[] | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Only of this org unit and those below it; all when null.',
  })
  subtree!: string | null;
  @Field(() => ID, { nullable: true, description: 'Only of this project; all when null.' })
  projectId!: string | null;
  @Field(() => Date, { nullable: true, description: 'When the last mail was sent; null before the first.' })
  lastSentAt!: Date | null;
  @Field(() => Date, { nullable: true, description: 'Since when no mails are sent; null while they are.' })
  stoppedAt!: Date | null;
  @Field(() => Int, { description: 'Counts its changes; give it as `expectedRevision`.' })
  revision!: number;
  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

@InputType({ description: 'A wish to be told of changes.' })
export class NoticeRuleInput {
  @Field({ description: 'What it is for; 1 to 200 characters.' })
  name!: string;
  @Field(() => NoticeFrequency, { description: 'How soon.' })
  frequency!: NoticeFrequency;
  @Field(() => Int, { nullable: true, description: 'The hour of the day, 0 to 23, for DAILY; 7 without it.' })
  hour?: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'Only changes of this type, such as `OrgUnit`; all without it.',
  })
  subjectType?: string | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Only these actions, such as `CREATE`, at most 100; all without it.',
  })
  actions?: string[] | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Only of this org unit and those below it; all without it.',
  })
  subtree?: string | null;
  @Field(() => ID, { nullable: true, description: 'Only of this project; all without it.' })
  projectId?: string | null;
}
