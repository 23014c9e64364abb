import { isId } from '@iroko/database';
import { type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { ACCEPT_FROM, REVIEW_FROM, type SideSettings } from './match-run';
import { countRuns, listRuns, runsById } from './match-run.sql';
import { MatchRunAnswer } from './match-run-answer';
import {
  MatchRunConnection,
  MatchRunFilter,
  MatchRunType,
  type MatchSideInput,
  StartMatchRunInput,
} from './match-run-type';
import { startMatchRun } from './start-run';

@Resolver()
export class MatchRunResolver {
  @Authorized('links.read')
  @Query(() => MatchRunConnection, { description: 'Match runs and uploads of links, newest first.' })
  async matchRuns(
    @Arg('filter', () => MatchRunFilter, {
      nullable: true,
      description: 'Which runs; all of them without it.',
    })
    given: MatchRunFilter | null,
    @Args() args: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<MatchRunAnswer>> {
    const filter = { ...given };
    const { cursors } = context.services;
    const scope: CursorScope = { list: 'matchRuns', account: context.db.account, filter };
    const page = pageRequest(args, cursors, scope);
    const rows = await listRuns(context.db, filter, page.after && String(page.after[0]), page.limit);
    const answers = rows.map((row) => new MatchRunAnswer(row));
    const connection = pageOf(answers, page, cursors, scope, ({ id }) => [id]);
    return counted(connection, () => countRuns(context.db, filter));
  }

  @Authorized('links.read')
  @Query(() => MatchRunType, { nullable: true, description: 'One run; null when there is none of that id.' })
  async matchRun(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { db }: GeoContext,
  ): Promise<MatchRunAnswer | null> {
    const [row] = isId(id) ? await runsById(db, [id]) : [];
    return row ? new MatchRunAnswer(row) : null;
  }

  @Authorized('links.match')
  @Mutation(() => MatchRunType, {
    description:
      'Looks for links between versions of two sources, as a job; a job between the same two sources waits for the one before. Decisions of people are kept, links of earlier runs that are found again keep their ids, and undecided ones that are not found again are withdrawn. NOT_FOUND for a version or the unit of a subtree; BAD_USER_INPUT for two versions of one source and for thresholds that cannot be.',
  })
  async startMatchRun(
    @Arg('input', () => StartMatchRunInput, { description: 'What to match, and how.' })
    input: StartMatchRunInput,
    @Ctx() context: GeoContext,
  ): Promise<MatchRunAnswer> {
    const run = await startMatchRun(context, {
      method: input.method ?? 'SIMILARITY',
      acceptFrom: input.acceptFrom ?? ACCEPT_FROM,
      reviewFrom: input.reviewFrom ?? Math.min(REVIEW_FROM, input.acceptFrom ?? ACCEPT_FROM),
      leftVersionId: input.left.versionId,
      rightVersionId: input.right.versionId,
      left: sideSettings(input.left),
      right: sideSettings(input.right),
    });
    return new MatchRunAnswer(run);
  }
}

function sideSettings({ versionId: _, ...settings }: MatchSideInput): SideSettings {
  return settings;
}
