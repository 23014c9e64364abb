import { type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { JobReference } from '@iroko/jobs';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { NO_LIMITS } from '../comparisons/comparison';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { loaders } from '../loaders';
import type { VersionRow } from '../versions/version';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import type { MergeAction, MergePlanRecord } from './merge-plan';
import { countRows, rowsPage } from './merge-plan.sql';
import { decidePlan, findPlan, finishPlan, planMerge } from './merge-plans';
import { MergeRowAnswer } from './merge-row-answer';
import {
  MergeActionEnum,
  MergeDecisionInput,
  MergePlanType,
  MergeRowConnection,
  MergeSideEnum,
  PlanMergeInput,
} from './merge-type';

const idArg = { description: 'The id of the plan.' };

@Resolver(() => MergePlanType)
export class MergePlanResolver {
  @Authorized('org_units.import')
  @Mutation(() => MergePlanType, {
    description:
      'Plans what of a version, or of a comparison, comes into another source, by a job. Three-way where one source was copied from or merged with the other: what only the target changed stays, what both changed is a conflict, and what the merge before left out is offered again. Parents and groups are told in the target’s own. NOT_FOUND; BAD_USER_INPUT for a merge of a source with itself; CONFLICT for a read-only target.',
  })
  planMerge(
    @Arg('input', () => PlanMergeInput, { description: 'What to merge.' }) input: PlanMergeInput,
    @Ctx() context: GeoContext,
  ): Promise<MergePlanRecord> {
    return planMerge(context, input);
  }

  @Authorized('org_units.import')
  @Mutation(() => MergePlanType, {
    description:
      'Decides on rows of a plan, and on all conflicts that are left. NOT_FOUND; BAD_USER_INPUT for what a row does not offer; LIMIT_EXCEEDED for more than 1,000 rows; CONFLICT for a plan that is not READY.',
  })
  decideMergePlan(
    @Arg('id', () => ID, idArg) id: string,
    @Arg('rows', () => [MergeDecisionInput], { defaultValue: [], description: 'Decisions, in this order.' })
    rows: MergeDecisionInput[],
    @Arg('rest', () => MergeSideEnum, {
      nullable: true,
      description: 'Whose side all other conflicts are decided for; they stay open without it.',
    })
    rest: 'SOURCE' | 'TARGET' | null,
    @Ctx() context: GeoContext,
  ): Promise<MergePlanRecord> {
    return decidePlan(context, id, rows, rest);
  }

  @Authorized('org_units.import')
  @Mutation(() => JobReference, {
    description:
      'Applies a plan to the draft of the target, as a job, all or nothing; until it ends, edits of the draft answer CONFLICT and name it. The job fails with CONFLICT while rows are open, when a version of the plan was released or a unit changed since, when a newer version of the source was merged meanwhile, or when a unit that stays would stand below one that goes. Its result is `{version, units {added changed removed}, groups {added}}`. NOT_FOUND; CONFLICT for a plan that is not READY.',
  })
  async applyMergePlan(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() context: GeoContext,
  ): Promise<JobReference> {
    return JobReference.of(await finishPlan(context, id, 'APPLY'));
  }

  @Authorized('change_requests.propose')
  @Mutation(() => JobReference, {
    description:
      'Turns a plan into change requests, one of each row, as a job, all or nothing; groups that are missing are made. Find them by `changeRequests(filter: {mergePlan})`, and decide on them many at once by decideChangeRequests. Fails as applyMergePlan. Its result is `{requests, groups {added}}`. NOT_FOUND; CONFLICT for a plan that is not READY.',
  })
  async proposeMergePlan(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() context: GeoContext,
  ): Promise<JobReference> {
    return JobReference.of(await finishPlan(context, id, 'PROPOSE'));
  }

  @Authorized('org_units.import')
  @Query(() => MergePlanType, { description: 'A merge plan. NOT_FOUND.' })
  mergePlan(@Arg('id', () => ID, idArg) id: string, @Ctx() context: GeoContext): Promise<MergePlanRecord> {
    return findPlan(context, id);
  }

  @FieldResolver()
  matchBy(@Root() { options }: MergePlanRecord) {
    return options.matchBy;
  }

  @FieldResolver()
  fields(@Root() { options }: MergePlanRecord) {
    return options.fields;
  }

  @FieldResolver()
  limits(@Root() { options }: MergePlanRecord) {
    return options.limits ?? NO_LIMITS;
  }

  @FieldResolver()
  job(@Root() { jobId }: MergePlanRecord): JobReference | null {
    return jobId === null ? null : JobReference.of(jobId);
  }

  @FieldResolver()
  async from(@Root() plan: MergePlanRecord, @Ctx() context: GeoContext): Promise<VersionAnswer> {
    return versionAnswer(await versionOf(context, plan.fromVersionId));
  }

  @FieldResolver()
  async target(@Root() plan: MergePlanRecord, @Ctx() context: GeoContext): Promise<VersionAnswer> {
    return versionAnswer(await versionOf(context, plan.targetVersionId));
  }

  @FieldResolver()
  async base(@Root() plan: MergePlanRecord, @Ctx() context: GeoContext): Promise<VersionAnswer | null> {
    return plan.baseVersionId === null ? null : versionAnswer(await versionOf(context, plan.baseVersionId));
  }

  @FieldResolver(() => MergeRowConnection, {
    nullable: true,
    description: 'What it does, unit by unit; null until it is READY.',
  })
  async rows(
    @Root() plan: MergePlanRecord,
    @Arg('actions', () => [MergeActionEnum], { nullable: true, description: 'Rows of these actions.' })
    actions: MergeAction[] | null,
    @Arg('isOpen', () => Boolean, {
      nullable: true,
      description: 'Rows that wait for a decision, or that do not.',
    })
    isOpen: boolean | null,
    @Arg('isConflict', () => Boolean, { nullable: true, description: 'Rows with a conflict, or without.' })
    isConflict: boolean | null,
    @Args() args: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<MergeRowAnswer> | null> {
    if (plan.status === 'PLANNING') return null;
    const { db, services } = context;
    const filter = { actions, isOpen, hasConflict: isConflict };
    const scope: CursorScope = { list: 'mergePlan', account: db.account, filter: { id: plan.id, ...filter } };
    const page = pageRequest(args, services.cursors, scope);
    const rows = await rowsPage(db, plan.id, filter, Number(page.after?.[0] ?? 0), page.limit);
    const versions = {
      from: await versionOf(context, plan.fromVersionId),
      target: await versionOf(context, plan.targetVersionId),
      base: plan.baseVersionId === null ? null : await versionOf(context, plan.baseVersionId),
    };
    const nodes = rows.map((row) => new MergeRowAnswer(plan, row, versions));
    const connection = pageOf(nodes, page, services.cursors, scope, ({ position }) => [position]);
    return counted(connection, () => countRows(db, plan.id, filter));
  }
}

async function versionOf(context: GeoContext, id: string): Promise<VersionRow> {
  const version = await loaders.version(context).load(id);
  if (!version) throw new Error(`The version ${id} of a merge plan is gone.`);
  return version;
}
