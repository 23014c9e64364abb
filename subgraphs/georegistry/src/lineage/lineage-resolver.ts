import { isId } from '@iroko/database';
import { badInput, limitExceeded } from '@iroko/errors';
import { type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { JobReference } from '@iroko/jobs';
import { reachedUnits } from '@iroko/viewer';
import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { loaders } from '../loaders';
import { StateAnswer } from '../org-units/place-answer';
import { unitNames } from '../org-units/unit.sql';
import { currentVersionOf, findSource, findVersion } from '../versions/find-version';
import { seesDrafts, type VersionRow } from '../versions/version';
import { versionAnswer } from '../versions/version-answer';
import type { LineageKind } from './lineage';
import { countLineages, type LineageList, lineagesOfVersion } from './lineage.sql';
import { LineageAnswer, versionOf } from './lineage-answer';
import {
  CloseOrgUnitInput,
  closeOrder,
  MergeOrgUnitsInput,
  mergeOrder,
  ReplaceOrgUnitInput,
  replaceOrder,
  SplitOrgUnitInput,
  splitOrder,
} from './lineage-input';
import { lineageLoaders } from './lineage-loaders';
import { type GivenOrder, performLineage } from './lineage-service';
import {
  LineageConnection,
  LineageKindEnum,
  LineageResult,
  LineageType,
  StandingOrgUnit,
  UndoneLineage,
  UnitLineageType,
} from './lineage-type';
import { unitsCalled } from './succession.sql';
import { undoLineage } from './undo';
import { UnitLineageAnswer } from './unit-lineage';

const ASKED_MAX = 1000;

const refusals =
  'More than 1,000 units that go along are a job. NOT_FOUND for a unit; BAD_USER_INPUT for units that cannot take part together, a day that is not after they opened, and what types and groups do not allow; CONFLICT for a unit that changed, closed or left meanwhile, for a read-only source, and while a job holds the draft. What is refused leaves everything as it was.';

const inputArg = { description: 'Which units, from when, and why.' };

@Resolver(() => LineageType)
export class LineageResolver {
  @Authorized('org_units.edit')
  @Mutation(() => LineageResult, {
    description: `Splits a unit into several, in the draft. BAD_USER_INPUT also for parts that overlap and for children that nothing places. ${refusals}`,
  })
  splitOrgUnit(
    @Arg('input', () => SplitOrgUnitInput, inputArg) input: SplitOrgUnitInput,
    @Ctx() context: GeoContext,
  ): Promise<LineageResult> {
    return perform(context, splitOrder(input));
  }

  @Authorized('org_units.edit')
  @Mutation(() => LineageResult, {
    description: `Merges units into one, in the draft. Units of which one stands above another do not merge. ${refusals}`,
  })
  mergeOrgUnits(
    @Arg('input', () => MergeOrgUnitsInput, inputArg) input: MergeOrgUnitsInput,
    @Ctx() context: GeoContext,
  ): Promise<LineageResult> {
    return perform(context, mergeOrder(input));
  }

  @Authorized('org_units.edit')
  @Mutation(() => LineageResult, {
    description: `Puts a unit in the place of another, in the draft. ${refusals}`,
  })
  replaceOrgUnit(
    @Arg('input', () => ReplaceOrgUnitInput, inputArg) input: ReplaceOrgUnitInput,
    @Ctx() context: GeoContext,
  ): Promise<LineageResult> {
    return perform(context, replaceOrder(input));
  }

  @Authorized('org_units.edit')
  @Mutation(() => LineageResult, {
    description: `Closes a unit by date, in the draft. CONFLICT also for open units below it, unless they close or move along. ${refusals}`,
  })
  closeOrgUnit(
    @Arg('input', () => CloseOrgUnitInput, inputArg) input: CloseOrgUnitInput,
    @Ctx() context: GeoContext,
  ): Promise<LineageResult> {
    return perform(context, closeOrder(input));
  }

  @Authorized('org_units.edit')
  @Mutation(() => UndoneLineage, {
    description:
      'Takes an operation back while its version is a draft: what ended stands again, what moved goes back, what was made goes. What a job did is taken back by one. NOT_FOUND; FORBIDDEN where it concerns units beyond the scope; CONFLICT once it is released, while a later operation builds upon it, for units that changed since, and while a job holds the draft.',
  })
  async undoLineage(
    @Arg('id', () => ID, { description: 'The id of the operation.' }) id: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, kept in the log.' })
    reason: string | null,
    @Ctx() { db }: GeoContext,
  ): Promise<UndoneLineage> {
    const { draft, jobId } = await undoLineage(db, id, reason ?? null);
    return { job: jobId === null ? null : JobReference.of(jobId), version: versionAnswer(draft) };
  }

  @Authorized('org_units.read')
  @Query(() => LineageType, {
    nullable: true,
    description:
      'One operation; null when there is none of that id, and for one of a draft that the viewer may not see.',
  })
  async lineage(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<LineageAnswer | null> {
    const row = await lineageLoaders.lineage(context).load(id);
    if (!row) return null;
    const version = await versionOf(context, row);
    return version.status === 'DRAFT' && !seesDrafts(context.viewer) ? null : new LineageAnswer(row);
  }

  @Authorized('org_units.read')
  @Query(() => LineageConnection, {
    description:
      'The operations that were done in a version, in the order in which they were done. NOT_FOUND for the version.',
  })
  async lineages(
    @Arg('version', () => ID, { description: 'The id of the version.' }) version: string,
    @Arg('kinds', () => [LineageKindEnum], {
      nullable: true,
      description: 'Operations of one of these kinds; all of them without it.',
    })
    kinds: LineageKind[] | null,
    @Args() args: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<LineageAnswer>> {
    const { id, dataSourceId, number } = await findVersion(context, version);
    const { cursors } = context.services;
    const scope: CursorScope = { list: 'lineages', account: context.db.account, filter: { id, kinds } };
    const page = pageRequest(args, cursors, scope);
    const list: LineageList = { dataSourceId, versionNumber: number, kinds: kinds ?? null };
    const after = page.after && Number(page.after[0]);
    const rows = await lineagesOfVersion(context.db, list, after, page.limit);
    const answers = rows.map((row) => new LineageAnswer(row));
    return counted(
      pageOf(answers, page, cursors, scope, (answer) => [answer.number]),
      () => countLineages(context.db, list),
    );
  }

  @Authorized('org_units.read')
  @Query(() => UnitLineageType, {
    nullable: true,
    description:
      'What a unit came from and what became of it, also of one that no version holds any more; null when there is none of that id. NOT_FOUND for the version; BAD_USER_INPUT for one of another source.',
  })
  async unitLineage(
    @Arg('unit', () => ID, { description: 'The id of the unit.' }) unit: string,
    @Arg('version', () => ID, {
      nullable: true,
      description: 'The id of the version that is asked; the current one of its source without it.',
    })
    version: string | null,
    @Ctx() context: GeoContext,
  ): Promise<UnitLineageAnswer | null> {
    const named = version == null ? undefined : await findVersion(context, version);
    const [known] = isId(unit) ? await unitNames(context.db, [unit]) : [];
    if (!known || !(await isReached(context, known.id))) return null;
    if (named && named.dataSourceId !== known.dataSourceId)
      throw badInput('The version is of another source than the unit.', { path: ['version'] });
    const at = named ?? (await currentOf(context, known.dataSourceId));
    return at ? new UnitLineageAnswer(known.id, known.reference, at) : null;
  }

  @Authorized('org_units.read')
  @Query(() => [StandingOrgUnit], {
    description:
      'What stands now in the place of units that are known by an id, a reference, or a code that they had when they ended; one answer per unit found, what is found by nothing is left out. For lists of old that come in again. NOT_FOUND for source and version; LIMIT_EXCEEDED for more than 1,000 at once.',
  })
  async standingOrgUnits(
    @Arg('dataSource', () => ID, { description: 'The id of the source.' }) dataSource: string,
    @Arg('version', () => ID, {
      nullable: true,
      description: 'The id of the version that is asked; the current one of the source without it.',
    })
    version: string | null,
    @Arg('ids', () => [ID], { defaultValue: [], description: 'Ids of units.' }) ids: string[],
    @Arg('references', () => [String], {
      defaultValue: [],
      description: 'What the source calls or called them.',
    })
    references: string[],
    @Arg('codes', () => [String], {
      defaultValue: [],
      description: 'Codes that units had when an operation ended or split them.',
    })
    codes: string[],
    @Ctx() context: GeoContext,
  ): Promise<{ asked: string; unitId: string; standing: Promise<StateAnswer[]> }[]> {
    const source = await findSource(context, dataSource);
    const asked = ids.length + references.length + codes.length;
    if (asked > ASKED_MAX) {
      throw limitExceeded(`At most ${ASKED_MAX} units are asked for at once.`, 'units', ASKED_MAX, asked);
    }
    const at =
      version == null ? await currentVersionOf(context, source) : await findVersion(context, version);
    if (at && at.dataSourceId !== source.id)
      throw badInput('The version is of another source.', { path: ['version'] });
    if (!at) return [];
    const wanted = { ids: ids.filter(isId), references, codes };
    const found = await unitsCalled(context.db, source.id, wanted, at.number);
    return found.map(({ key, unitId }) => ({ asked: key, unitId, standing: standing(context, unitId, at) }));
  }
}

async function perform(context: GeoContext, order: GivenOrder): Promise<LineageResult> {
  const done = await performLineage(context.db, order);
  if ('jobId' in done) return { lineage: null, job: JobReference.of(done.jobId), version: null };
  return { lineage: new LineageAnswer(done.lineage), job: null, version: versionAnswer(done.draft) };
}

async function standing(context: GeoContext, unitId: string, at: VersionRow): Promise<StateAnswer[]> {
  const { dataSourceId, number } = at;
  const ids = await lineageLoaders.standing(context, at).load(unitId);
  const rows = await Promise.all(
    ids.map((id) => loaders.state(context).load({ unitId: id, dataSourceId, number })),
  );
  return rows.filter((row) => row !== undefined).map((row) => new StateAnswer(row, at));
}

/** A unit out of scope is one that never was. */
async function isReached({ db }: GeoContext, unitId: string): Promise<boolean> {
  const { scope } = db.actor;
  return scope === undefined || (await reachedUnits(db, scope, [unitId])).has(unitId);
}

async function currentOf(context: GeoContext, dataSourceId: string): Promise<VersionRow | undefined> {
  const source = await loaders.source(context).load(dataSourceId);
  return source && currentVersionOf(context, source);
}
