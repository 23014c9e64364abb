/** What was sent and could not be taken, as the API shows it. */
import 'reflect-metadata';
import { connectionOf, OutcomeType } from '@iroko/graph';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Submission } from '../submissions/submission.types';

@ObjectType({
  description: 'A submission that could not be taken. Its bytes and files are kept.',
  simpleResolvers: true,
})
export class QuarantinedSubmission {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({
    description:
      'Why, for programs: `UNKNOWN_FORM`, `UNKNOWN_VERSION`, `UNKNOWN_UNIT`, `OTHER_CONTENT`, `NOT_XML` and so on.',
  })
  reason!: string;

  @Field({ description: 'Why, for a person.' })
  message!: string;

  @Field(() => String, { nullable: true, description: 'The form id it states, when one could be read.' })
  formId!: string | null;

  @Field(() => String, { nullable: true, description: 'The version of the form it states.' })
  formVersion!: string | null;

  @Field(() => String, { nullable: true, description: 'The instance id it states.' })
  instanceId!: string | null;

  @Field({ description: 'When it came first.' })
  firstReceivedAt!: Date;

  @Field({ description: 'When it came last.' })
  lastReceivedAt!: Date;

  @Field(() => Int, { description: 'How often it came: phones repeat what was not taken.' })
  timesReceived!: number;

  fileId!: string;
}

export const QuarantinedSubmissionConnection = connectionOf(
  'QuarantinedSubmission',
  () => QuarantinedSubmission,
);

@InputType({ description: 'A quarantined submission to be tried again.' })
export class ReplayInput {
  @Field(() => ID, { description: 'The quarantined submission.' })
  id!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The org unit it was made at, in place of the answer that could not be understood.',
  })
  orgUnitId?: string | null;
}

@ObjectType({
  description: 'What became of a quarantined submission that was tried again.',
  simpleResolvers: true,
})
export class ReplayResult {
  @Field(() => OutcomeType, { description: 'Whether it was taken, or why not.' })
  outcome!: OutcomeType;

  @Field(() => Submission, { nullable: true, description: 'The submission it became.' })
  submission!: Submission | null;
}
