/** Quarantined submissions over GraphQL. */
import 'reflect-metadata';
import { limitExceeded } from '@iroko/errors';
import { LongScalar, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { SubmissionContext } from '../services';
import type { Submission } from '../submissions/submission.types';
import { submissionsByIds } from '../submissions/submissions.sql';
import { countQuarantine, quarantinePage } from './quarantine.sql';
import {
  QuarantinedSubmission,
  QuarantinedSubmissionConnection,
  ReplayInput,
  ReplayResult,
} from './quarantine.types';
import { replaySubmission } from './replay';

const REPLAYS_MAX = 100;

interface QuarantineList {
  readonly reason: string | null;
}

@Resolver(() => QuarantinedSubmission)
export class QuarantineResolver {
  @Authorized('submissions.edit')
  @Query(() => QuarantinedSubmissionConnection, {
    description: 'What was sent and still waits to be taken, newest first.',
  })
  async quarantinedSubmissions(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('reason', () => String, {
      nullable: true,
      description: 'Only those with this reason, such as `UNKNOWN_UNIT`.',
    })
    reason: string | null,
    @Ctx() { db, services: { cursors } }: SubmissionContext,
  ) {
    const scope = { list: 'quarantinedSubmissions', account: db.account, filter: reason ?? null };
    const page = pageRequest(args, cursors, scope);
    const after = (page.after?.[0] as string | undefined) ?? null;
    const rows = await quarantinePage(db, reason ?? null, after, page.limit);
    return Object.assign(
      pageOf(rows, page, cursors, scope, ({ id }) => [id]),
      { reason: reason ?? null } satisfies QuarantineList,
    );
  }

  @Authorized('submissions.edit')
  @Mutation(() => [ReplayResult], {
    description: 'Tries quarantined submissions again, at most 100, each with an outcome of its own.',
  })
  async replaySubmissions(
    @Arg('items', () => [ReplayInput], { description: 'Which ones, with corrections.' }) items: ReplayInput[],
    @Ctx() { db, services }: SubmissionContext,
  ): Promise<ReplayResult[]> {
    if (items.length > REPLAYS_MAX) {
      throw limitExceeded(`At most ${REPLAYS_MAX} are tried at once.`, 'items', REPLAYS_MAX, items.length);
    }
    const results: ReplayResult[] = [];
    for (const item of items) {
      const { outcome, submissionId } = await replaySubmission(services, db, item);
      const [submission] = submissionId === null ? [] : await submissionsByIds(db, [submissionId]);
      results.push({ outcome, submission: (submission as Submission | undefined) ?? null });
    }
    return results;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'A link to the bytes as they came, good for a quarter of an hour.',
  })
  url(@Root() { fileId }: QuarantinedSubmission, @Ctx() { db, services }: SubmissionContext) {
    return services.files.signedUrl({ accountId: db.account, id: fileId });
  }
}

@Resolver(() => QuarantinedSubmissionConnection)
export class QuarantineConnectionResolver {
  @FieldResolver(() => LongScalar, { description: 'How many wait in the whole list.' })
  totalCount(@Root() { reason }: QuarantineList, @Ctx() { db }: SubmissionContext) {
    return countQuarantine(db, reason);
  }
}
