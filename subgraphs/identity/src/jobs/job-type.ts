/**
 * Jobs, as the API shows them.
 */

import type { ErrorCode } from '@iroko/errors';
import { connectionOf, ErrorCodeEnum, JSONScalar, LongScalar } from '@iroko/graph';
import type { JobStatus } from '@iroko/jobs';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export const JobStatusEnum: Record<JobStatus, JobStatus> = {
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
};
registerEnumType(JobStatusEnum, {
  name: 'JobStatus',
  description: 'Where a job stands.',
  valuesConfig: {
    QUEUED: { description: 'It waits for a worker, for its turn, or for another attempt.' },
    RUNNING: { description: 'A worker does it.' },
    SUCCEEDED: { description: 'It is done; see its result.' },
    FAILED: { description: 'It failed for good; see its error. It wrote nothing that it had not committed.' },
    CANCELLED: { description: 'Somebody cancelled it.' },
  },
});

export const JobLogLevelEnum = { INFO: 'INFO', WARNING: 'WARNING', ERROR: 'ERROR' } as const;
registerEnumType(JobLogLevelEnum, {
  name: 'JobLogLevel',
  description: 'How much a line of a log matters.',
  valuesConfig: {
    INFO: { description: 'What happens.' },
    WARNING: { description: 'Something to look at; the job went on.' },
    ERROR: { description: 'Something failed.' },
  },
});

@ObjectType('JobProgress', { description: 'How far a job is.', simpleResolvers: true })
export class JobProgressType {
  @Field(() => LongScalar, { description: 'What is done, in units.' })
  done!: number;

  @Field(() => LongScalar, {
    nullable: true,
    description: 'What there is to do, in units; null while unknown.',
  })
  total!: number | null;

  @Field({ description: 'What is counted: a word such as `rows`.' })
  unit!: string;

  @Field(() => String, { nullable: true, description: 'What is being done, for a person.' })
  message!: string | null;
}

@ObjectType('JobError', { description: 'Why a job failed.', simpleResolvers: true })
export class JobErrorType {
  @Field(() => ErrorCodeEnum, { description: 'The code, as in errors of the API.' })
  code!: ErrorCode;

  @Field({ description: 'What was wrong and what to do, for a person.' })
  message!: string;
}

@ObjectType('JobLogLine', { description: 'A line of the log of a job.', simpleResolvers: true })
export class JobLogLineType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => Date, { description: 'When it was written.' })
  at!: Date;

  @Field(() => Int, { description: 'Which attempt wrote it, from 1.' })
  attempt!: number;

  @Field(() => JobLogLevelEnum, { description: 'How much it matters.' })
  level!: 'INFO' | 'WARNING' | 'ERROR';

  @Field({ description: 'The line, for a person; at most 10,000 characters.' })
  message!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Job', { description: 'Work outside a request.', simpleResolvers: true })
export class JobType {
  @Field(() => ID, { description: "The job's id." })
  id!: string;

  @Field({ description: 'What kind of work it is, such as `georegistry.import`.' })
  name!: string;

  @Field(() => JobStatusEnum, { description: 'Where it stands.' })
  status!: JobStatus;

  @Field(() => JobProgressType, { nullable: true, description: 'How far it is; null before it has said so.' })
  progress!: JobProgressType | null;

  @Field(() => JSONScalar, {
    nullable: true,
    description:
      'What came of it, in the shape that the mutation which asked for it documents; null before its end.',
  })
  result!: unknown;

  @Field(() => JobErrorType, {
    nullable: true,
    description: 'Why it failed, or why its last attempt did while it waits for another.',
  })
  error!: JobErrorType | null;

  @Field(() => String, { nullable: true, description: 'Why it was asked for, in the words of whoever did.' })
  reason!: string | null;

  @Field(() => Int, { description: 'Attempts so far.' })
  attempt!: number;

  @Field(() => Int, { description: 'Attempts at most.' })
  maxAttempts!: number;

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When its first attempt began.' })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended.' })
  finishedAt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When somebody asked it to stop; it does so within a second or when its work lets it.',
  })
  cancelRequestedAt!: Date | null;

  /** Not shown: the resolver of `createdBy` reads it. */
  userId!: string | null;
}

export const JobConnection = connectionOf('Job', () => JobType);
export const JobLogConnection = connectionOf('JobLogLine', () => JobLogLineType);

@InputType({ description: 'Which jobs. Every condition that is given must hold.' })
export class JobFilterInput {
  @Field(() => [JobStatusEnum], { nullable: true, description: 'In any of these states.' })
  statuses?: JobStatus[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Of any of these kinds, such as `georegistry.import`.',
  })
  names?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Asked for by this user.' })
  createdBy?: string | null;
}
