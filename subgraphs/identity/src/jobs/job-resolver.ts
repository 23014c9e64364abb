import { type Connection, type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { countJobs, type JobFilter, jobLogPage, jobsPage } from '@iroko/jobs';
import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { IdentityContext } from '../context';
import { userOf } from '../users/user-loader';
import { UserType } from '../users/user-type';
import { JobConnection, JobFilterInput, JobLogConnection, type JobLogLineType, JobType } from './job-type';
import { cancelVisibleJob, jobType, retryVisibleJob, visibleFilter, visibleJob } from './jobs';

/** The list with what counting it needs. */
interface JobList extends Connection<JobType> {
  filter: JobFilter | undefined;
}

@Resolver(() => JobType)
export class JobResolver {
  @Authorized()
  @Query(() => JobType, {
    nullable: true,
    description: "A job: one's own, or any of the account with jobs.read. NOT_FOUND for any other id.",
  })
  async job(
    @Arg('id', () => ID, { description: 'The id of the job.' }) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<JobType> {
    return jobType(await visibleJob(context.db, context.viewer, id));
  }

  @Authorized()
  @Mutation(() => JobType, {
    description:
      "Cancels a job: one that waits ends at once, one that runs within a second or when its work lets it, and keeps nothing it had not committed. Others' jobs need jobs.manage. CONFLICT for one that has ended; cancelling twice is no error.",
  })
  async cancelJob(
    @Arg('id', () => ID, { description: 'The id of the job.' }) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<JobType> {
    return jobType(await cancelVisibleJob(context.db, context.viewer, id));
  }

  @Authorized()
  @Mutation(() => JobType, {
    description:
      "Runs a failed or cancelled job again, with the same input and as whoever asked for it first. Others' jobs need jobs.manage. CONFLICT for one that has not failed.",
  })
  async retryJob(
    @Arg('id', () => ID, { description: 'The id of the job.' }) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<JobType> {
    return jobType(await retryVisibleJob(context.db, context.viewer, id));
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'Whoever asked for it; null for a job of a schedule.',
  })
  createdBy(@Root() job: JobType, @Ctx() context: IdentityContext): Promise<UserType | null> {
    return userOf(context, job.userId);
  }

  @FieldResolver(() => JobLogConnection, { description: 'What it said while it ran, oldest first.' })
  async log(
    @Root() job: JobType,
    @Args() args: PageArgs,
    @Ctx() context: IdentityContext,
  ): Promise<Connection<JobLogLineType>> {
    const { cursors } = context.services;
    const scope: CursorScope = { list: 'job.log', account: context.db.account, filter: { job: job.id } };
    const page = pageRequest(args, cursors, scope);
    const lines = await jobLogPage(context.db, job.id, page.after ? String(page.after[0]) : null, page.limit);
    return pageOf(lines, page, cursors, scope, ({ id }) => [id]);
  }
}

@Resolver(() => JobConnection)
export class JobsResolver {
  @Authorized()
  @Query(() => JobConnection, {
    description: "Jobs, newest first: one's own, or with jobs.read all of the account.",
  })
  async jobs(
    @Args() args: PageArgs,
    @Arg('filter', () => JobFilterInput, { nullable: true, description: 'Which jobs; all without it.' })
    filter: JobFilterInput | null,
    @Ctx() context: IdentityContext,
  ): Promise<JobList> {
    const { cursors } = context.services;
    const visible = visibleFilter(context.viewer, filter ?? {});
    const scope: CursorScope = { list: 'jobs', account: context.db.account, filter: visible ?? null };
    const page = pageRequest(args, cursors, scope);
    const before = page.after ? String(page.after[0]) : null;
    const rows = visible ? await jobsPage(context.db, visible, before, page.limit) : [];
    const list = pageOf(rows.map(jobType), page, cursors, scope, ({ id }) => [id]);
    return Object.assign(list, { filter: visible });
  }

  @FieldResolver(() => Int, { description: 'How many there are on all pages.' })
  async totalCount(@Root() { filter }: JobList, @Ctx() context: IdentityContext): Promise<number> {
    return filter ? (await countJobs(context.db, filter)).count : 0;
  }
}
