import { conflict } from '@iroko/errors';
import { type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { JobReference } from '@iroko/jobs';
import { requireEveryUnit } from '@iroko/viewer';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import type { UnitField } from '../differences/difference';
import { UnitFieldEnum } from '../differences/difference-type';
import { loaders } from '../loaders';
import { seesDrafts, type VersionRow } from '../versions/version';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import { type ComparedAnswer, comparedAnswers } from './compared-answer';
import type { ComparedStatus, ComparisonLimits } from './comparison';
import {
  type ComparisonRecord,
  comparedPage,
  comparisonsPage,
  countCompared,
  countComparisons,
} from './comparison.sql';
import {
  ComparedStatusEnum,
  ComparedUnitConnection,
  CompareVersionsInput,
  ComparisonConnection,
  ComparisonCountsType,
  ComparisonType,
} from './comparison-type';
import { compareVersions, deleteComparison, findComparison } from './comparisons';

const idArg = { description: 'The id of the comparison.' };

@Resolver(() => ComparisonType)
export class ComparisonResolver {
  @Authorized('org_units.read')
  @Mutation(() => ComparisonType, {
    description:
      'Compares two versions of any two sources, by a job, and keeps the result until it is deleted. NOT_FOUND for a version, a type, or a subtree of neither version; BAD_USER_INPUT when every field is ignored or a tolerance is out of range.',
  })
  compareVersions(
    @Arg('input', () => CompareVersionsInput, { description: 'What to compare, and how.' })
    input: CompareVersionsInput,
    @Ctx() context: GeoContext,
  ): Promise<ComparisonRecord> {
    return compareVersions(context, input);
  }

  @Authorized('org_units.read')
  @Mutation(() => Boolean, { description: 'Deletes a comparison; true when done. NOT_FOUND.' })
  async deleteComparison(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() context: GeoContext,
  ): Promise<boolean> {
    await deleteComparison(context, id);
    return true;
  }

  @Authorized('org_units.read')
  @Query(() => ComparisonType, {
    description: 'A comparison. NOT_FOUND, also for one of a draft you may not see.',
  })
  comparison(@Arg('id', () => ID, idArg) id: string, @Ctx() context: GeoContext): Promise<ComparisonRecord> {
    return findComparison(context, id);
  }

  @Authorized('org_units.read')
  @Query(() => ComparisonConnection, { description: 'The comparisons of the account, newest first.' })
  async comparisons(
    @Args() args: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<ComparisonRecord>> {
    const { db, services, viewer } = context;
    requireEveryUnit(db.actor, 'A comparison');
    const scope: CursorScope = { list: 'comparisons', account: db.account };
    const page = pageRequest(args, services.cursors, scope);
    const withDrafts = seesDrafts(viewer);
    const rows = await comparisonsPage(db, withDrafts, page.after && String(page.after[0]), page.limit);
    const connection = pageOf(rows, page, services.cursors, scope, ({ id }) => [id]);
    return counted(connection, () => countComparisons(db, withDrafts));
  }

  @FieldResolver()
  matchBy(@Root() { options }: ComparisonRecord) {
    return options.matchBy;
  }

  @FieldResolver()
  compared(@Root() { options }: ComparisonRecord) {
    return options.fields;
  }

  @FieldResolver()
  limits(@Root() { options }: ComparisonRecord): ComparisonLimits {
    return options;
  }

  @FieldResolver()
  counts(@Root() row: ComparisonRecord): ComparisonCountsType | null {
    if (row.finishedAt === null) return null;
    return {
      new: row.newUnits ?? 0,
      removed: row.removedUnits ?? 0,
      changed: row.changedUnits ?? 0,
      same: row.sameUnits ?? 0,
    };
  }

  @FieldResolver()
  job(@Root() { jobId }: ComparisonRecord): JobReference | null {
    return jobId === null ? null : JobReference.of(jobId);
  }

  @FieldResolver()
  async from(@Root() row: ComparisonRecord, @Ctx() context: GeoContext): Promise<VersionAnswer> {
    return versionAnswer(await versionOf(context, row.beforeVersionId));
  }

  @FieldResolver()
  async to(@Root() row: ComparisonRecord, @Ctx() context: GeoContext): Promise<VersionAnswer> {
    return versionAnswer(await versionOf(context, row.afterVersionId));
  }

  @FieldResolver(() => ComparedUnitConnection, {
    nullable: true,
    description:
      'The units: those of the first version in the order in which they were made, then the new ones. Null until it is done.',
  })
  async units(
    @Root() row: ComparisonRecord,
    @Arg('statuses', () => [ComparedStatusEnum], {
      nullable: true,
      description: 'With one of these statuses.',
    })
    statuses: ComparedStatus[] | null,
    @Arg('fields', () => [UnitFieldEnum], {
      nullable: true,
      description: 'Changed units that differ in one of these.',
    })
    fields: UnitField[] | null,
    @Args() args: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<ComparedAnswer> | null> {
    if (row.finishedAt === null) return null;
    const { db, services } = context;
    const filter = { statuses: statuses ?? undefined, fields: fields ?? undefined };
    const scope: CursorScope = { list: 'comparison', account: db.account, filter: { id: row.id, ...filter } };
    const page = pageRequest(args, services.cursors, scope);
    const rows = await comparedPage(db, row.id, filter, Number(page.after?.[0] ?? 0), page.limit);
    const [before, after] = await Promise.all([
      versionOf(context, row.beforeVersionId),
      versionOf(context, row.afterVersionId),
    ]);
    const nodes = await comparedAnswers(context, { before, after }, rows);
    const connection = pageOf(nodes, page, services.cursors, scope, (node) => [node.row.position]);
    return counted(connection, () => countCompared(db, row.id, filter));
  }
}

/** Throws CONFLICT while the job of the comparison works. */
export function refuseUnfinished({ finishedAt, jobId }: ComparisonRecord): void {
  if (finishedAt === null) {
    throw conflict('The comparison is not done yet. Wait for its job, or look there why it failed.', {
      jobId,
    });
  }
}

async function versionOf(context: GeoContext, id: string): Promise<VersionRow> {
  const version = await loaders.version(context).load(id);
  if (!version) throw new Error(`The version ${id} of a comparison is gone.`);
  return version;
}
