import { Arg, Authorized, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { IdentityContext } from '../context';
import { JobType } from './job-type';
import { jobType, visibleJob } from './jobs';

/** Jobs write their progress at most once a second. */
const LOOK_MS = 500;

const ENDED: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

@Resolver(() => JobType)
export class JobSubscription {
  @Authorized()
  @Subscription(() => JobType, {
    description:
      "A job as it is, and again whenever what is selected of it has changed, until it has ended: one's own, or any of the account with jobs.read. NOT_FOUND for any other id.",
    subscribe: ({ args, context }) => liveJob(context as IdentityContext, (args as { id: string }).id),
  })
  jobProgress(
    @Root() job: JobType,
    @Arg('id', () => ID, { description: 'The id of the job.' }) _id: string,
  ): JobType {
    return job;
  }
}

async function* liveJob(context: IdentityContext, id: string): AsyncGenerator<JobType> {
  let last = '';
  while (!context.signal?.aborted) {
    const { db, viewer } = await context.now();
    const job = jobType(await visibleJob(db, viewer, id));
    const text = JSON.stringify(job);
    if (text !== last) yield job;
    if (ENDED.has(job.status)) return;
    last = text;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
