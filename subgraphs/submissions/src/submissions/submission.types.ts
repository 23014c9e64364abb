/** Submissions as the API shows them. */
import 'reflect-metadata';
import { connectionOf, LongScalar } from '@iroko/graph';
import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'A file that belongs to a submission: a photo, a recording, a log.',
  simpleResolvers: true,
})
export class Attachment {
  @Field({ description: 'Its name, unique in the submission; answers name it so.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What its bytes are, such as `image/jpeg`.' })
  contentType!: string | null;

  @Field(() => LongScalar, { nullable: true, description: 'In bytes.' })
  size!: number | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When it arrived. Null: an answer names it and it has not been sent yet.',
  })
  receivedAt!: Date | null;

  fileId!: string | null;
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'The answers that were given to a form once.', simpleResolvers: true })
export class Submission {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'The id that the phone gave it. Unique in the account; it is stored once.' })
  instanceId!: string;

  @Field(() => String, { nullable: true, description: 'The name that the form gave it.' })
  instanceName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The device it was filled in on, as the device names itself.',
  })
  deviceId!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "The number of the version of the unit's source that was current when it arrived.",
  })
  unitVersion!: number | null;

  @Field({ description: 'When it arrived here.' })
  receivedAt!: Date;

  answers!: Record<string, unknown>;
  formId!: string;
  formVersionId!: string;
  orgUnitId!: string | null;
  appUserId!: string | null;
}

export const SubmissionConnection = connectionOf('Submission', () => Submission);

@InputType({ description: 'Which submissions. All conditions must hold.' })
export class SubmissionFilterInput {
  @Field(() => ID, { nullable: true, description: 'Of this form.' })
  formId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Made at this org unit; units below it do not count.' })
  orgUnitId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'With orgUnitId: also those made at the units in whose place it is by a split, a merge or a replacement; of a unit that was split and kept, what arrived before. false without it.',
  })
  withPredecessors?: boolean | null;

  @Field(() => Date, { nullable: true, description: 'That arrived at this moment or later.' })
  receivedFrom?: Date | null;

  @Field(() => Date, { nullable: true, description: 'That arrived before this moment.' })
  receivedBefore?: Date | null;
}

@InputType({ description: 'A file to go with a submission.' })
export class SubmissionFileInput {
  @Field({ description: 'The name by which the answers call it.' })
  name!: string;

  @Field(() => ID, { description: 'The uploaded file, from `POST /files`.' })
  fileId!: string;
}

@InputType({ description: 'A submission as a phone would send it.' })
export class CreateSubmissionInput {
  @Field({ description: 'The answers as XForm instance XML, with `id`, `version` and `meta/instanceID`.' })
  xml!: string;

  @Field(() => [SubmissionFileInput], {
    nullable: true,
    description: 'At most 100 files that the answers name.',
  })
  files?: SubmissionFileInput[] | null;
}
