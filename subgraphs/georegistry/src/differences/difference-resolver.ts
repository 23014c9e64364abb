import { PageArgs } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { GeoContext } from '../context';
import type { CountedConnection } from '../counted-connection';
import { findVersion } from '../versions/find-version';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import { type DifferenceQuery, differenceCounts } from './difference.sql';
import {
  type DifferenceCounts,
  OrgUnitDifferenceConnection,
  VersionDiffFilter,
  VersionDiffType,
} from './difference-type';
import { type DifferenceAnswer, differenceQuery, findDifferences } from './find-differences';

interface VersionDiffAnswer {
  from: VersionAnswer;
  to: VersionAnswer;
  filter: VersionDiffFilter;
  query: DifferenceQuery;
  counts(args: unknown, context: GeoContext): Promise<DifferenceCounts>;
}

@Resolver(() => VersionDiffType)
export class VersionDiffResolver {
  @Authorized('org_units.read')
  @Query(() => VersionDiffType, {
    description:
      'What differs between two versions. Of one source it reads only what changed; units of two sources are the same when their references are. NOT_FOUND for a version, and for a subtree that neither holds.',
  })
  async versionDiff(
    @Arg('from', () => ID, { description: 'The id of the first version.' }) from: string,
    @Arg('to', () => ID, { description: 'The id of the second version.' }) to: string,
    @Arg('filter', () => VersionDiffFilter, {
      nullable: true,
      description: 'Which differences; all without it.',
    })
    given: VersionDiffFilter | null,
    @Ctx() context: GeoContext,
  ): Promise<VersionDiffAnswer> {
    const [first, second] = await Promise.all([findVersion(context, from), findVersion(context, to)]);
    const filter = given ?? {};
    const query = await differenceQuery(context, first, second, filter);
    return {
      from: versionAnswer(first),
      to: versionAnswer(second),
      filter,
      query,
      counts: (_args, { db }) => differenceCounts(db, query),
    };
  }

  @FieldResolver(() => OrgUnitDifferenceConnection, {
    description:
      'The units that differ: of one source in the order in which they were made, of two sources by reference.',
  })
  units(
    @Root() diff: VersionDiffAnswer,
    @Args() page: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<DifferenceAnswer>> {
    return findDifferences(context, diff.query, diff.filter, page);
  }
}
