import { PageArgs } from '@iroko/graph';
import { JobReference } from '@iroko/jobs';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { GeoContext } from '../context';
import type { CountedConnection } from '../counted-connection';
import { UserReference } from '../users/user-reference';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import { SourceVersionType } from '../versions/version-type';
import {
  type ChapterAnswer,
  type EditRow,
  OrgUnitChapterConnection,
  OrgUnitChapterType,
  OrgUnitEditType,
} from './chapter-type';
import { chapterPage } from './chapters';

@Resolver(() => OrgUnitChapterType)
export class OrgUnitChapterResolver {
  @Authorized('org_units.read')
  @Query(() => OrgUnitChapterConnection, {
    description:
      'The history of a unit, version by version, newest first; also of one that the current version holds no more. The draft is there for those who may edit. NOT_FOUND for the unit.',
  })
  orgUnitChapters(
    @Arg('unit', () => ID, { description: 'The id of the unit.' }) unit: string,
    @Args() page: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<ChapterAnswer>> {
    return chapterPage(context, unit, page);
  }

  @FieldResolver(() => SourceVersionType, {
    nullable: true,
    description: 'The version in which it ends; null when the newest one still has it so.',
  })
  until(@Root() { until }: ChapterAnswer): VersionAnswer | null {
    return until && versionAnswer(until);
  }

  @FieldResolver(() => [OrgUnitEditType], {
    description:
      'The edits that made it, newest first, as far as the log is sealed; empty for those who may not read the log.',
  })
  edits(@Root() { edits }: ChapterAnswer): EditRow[] {
    return edits;
  }
}

@Resolver(() => OrgUnitEditType)
export class OrgUnitEditResolver {
  @FieldResolver(() => UserReference, { nullable: true, description: 'Who; null for a job of nobody.' })
  by(@Root() { userId }: EditRow): UserReference | null {
    return userId === null ? null : Object.assign(new UserReference(), { id: userId });
  }

  @FieldResolver(() => JobReference, { nullable: true, description: 'The job that did it, when one did.' })
  job(@Root() { jobId }: EditRow): JobReference | null {
    return jobId === null ? null : JobReference.of(jobId);
  }
}
