/** Asking for a merge plan, deciding on its rows, and having it applied or proposed. */
import { recordChange } from '@iroko/changes';
import { type AccountTransaction, isId, newId } from '@iroko/database';
import { badInput, conflict, limitExceeded, notFound } from '@iroko/errors';
import { enqueue } from '@iroko/jobs';
import { requireWholeTrees } from '@iroko/viewer';
import { comparedFields, comparisonLimits, type Matching } from '../comparisons/comparison';
import { findComparison } from '../comparisons/comparisons';
import type { GeoContext } from '../context';
import type { UnitField } from '../differences/difference';
import { loaders } from '../loaders';
import { refuseReadOnly } from '../versions/drafts';
import { findSource, findVersion } from '../versions/find-version';
import type { VersionRow } from '../versions/version';
import { applyMergeJob } from './apply-job';
import { commonAncestor } from './merge-base.sql';
import type { MergePlanRecord } from './merge-plan';
import {
  decideRest,
  decideRow,
  insertPlan,
  planById,
  planForWriting,
  rowAt,
  setPlan,
} from './merge-plan.sql';
import { planMergeJob } from './plan-job';
import { proposeMergeJob } from './propose-job';
import { refuseUnready } from './ready-plan';

export const DECISIONS_MAX = 1000;

export interface MergeRequest {
  versionId?: string | null | undefined;
  dataSourceId?: string | null | undefined;
  comparisonId?: string | null | undefined;
  matchBy?: Matching | null | undefined;
  compare?: readonly UnitField[] | null | undefined;
  ignore?: readonly UnitField[] | null | undefined;
  absentUnits?: 'KEEP' | 'REMOVE' | null | undefined;
}

/**
 * Throws NOT_FOUND for version, source or comparison, BAD_USER_INPUT for a merge of a source with itself, and CONFLICT
 * for a read-only target.
 */
export async function planMerge(context: GeoContext, request: MergeRequest): Promise<MergePlanRecord> {
  requireWholeTrees(context.db.actor, 'A merge');
  const { from, target, matchBy, fields, limits } = await whatToMerge(context, request);
  if (from.dataSourceId === target.dataSourceId) {
    throw badInput('A version is merged into another source than its own.', {
      path: ['input', 'dataSourceId'],
    });
  }
  refuseReadOnly(await findSource(context, target.dataSourceId));
  const ancestor = await commonAncestor(context.db, from.dataSourceId, target.dataSourceId);
  const id = newId();
  await context.db.transaction(async (tx) => {
    await insertPlan(tx, {
      id,
      fromVersionId: from.id,
      targetVersionId: target.id,
      baseVersionId: ancestor?.versionId ?? null,
      originId: ancestor?.originId ?? null,
      fromDraft: from.status === 'DRAFT',
      targetDraft: target.status === 'DRAFT',
      options: {
        matchBy: matchBy ?? (ancestor ? 'ORIGIN' : 'REFERENCE'),
        fields: [...fields],
        absentUnits: request.absentUnits ?? 'KEEP',
        ...(limits ? { limits } : {}),
      },
    });
    await setPlan(tx, id, 'PLANNING', await enqueue(tx, planMergeJob, { planId: id }));
    const after = { from: from.id, into: target.id, base: ancestor?.versionId ?? null };
    await recordChange(tx, {
      subjectType: 'MergePlan',
      subjectId: id,
      action: 'CREATE',
      before: null,
      after,
    });
  });
  return findPlan(context, id);
}

/** Either a version and a source, or a comparison of the target with the version that is merged into it. */
async function whatToMerge(context: GeoContext, request: MergeRequest) {
  if (request.comparisonId != null) {
    const comparison = await findComparison(context, request.comparisonId);
    const { options } = comparison;
    const seen = await findVersion(context, comparison.beforeVersionId);
    const fields = comparedFields(request.compare ?? options.fields, request.ignore);
    return {
      from: await findVersion(context, comparison.afterVersionId),
      target: await versionToEdit(context, seen.dataSourceId),
      matchBy: request.matchBy ?? options.matchBy,
      fields,
      limits: comparisonLimits.parse(options),
    };
  }
  const { versionId, dataSourceId } = request;
  const from = versionId == null ? undefined : await findVersion(context, versionId);
  const target = dataSourceId == null ? undefined : await versionToEdit(context, dataSourceId);
  if (!from || !target) {
    throw badInput('Name a comparison, or a version and the source that it is merged into.', {
      path: ['input'],
    });
  }
  const fields = comparedFields(request.compare, request.ignore);
  return { from, target, matchBy: request.matchBy, fields, limits: undefined };
}

/** What the next edit of a source finds: its draft, or its newest release. */
async function versionToEdit(context: GeoContext, sourceId: string): Promise<VersionRow> {
  const source = await findSource(context, sourceId);
  const number = source.draftVersionNumber ?? source.releasedVersionNumber;
  const version =
    number === null
      ? undefined
      : await loaders.versionByNumber(context).load({ dataSourceId: source.id, number });
  if (version) return version;
  throw conflict('The source has no version to merge into. Open its draft first.', {
    path: ['input', 'dataSourceId'],
  });
}

/** Throws NOT_FOUND, and FORBIDDEN for a scope of some units. */
export async function findPlan(context: GeoContext, id: string): Promise<MergePlanRecord> {
  requireWholeTrees(context.db.actor, 'A merge');
  const plan = isId(id) ? await planById(context.db, id) : undefined;
  if (!plan) throw notFound('MergePlan', id);
  return plan;
}

export interface RowDecision {
  position: number;
  take?: readonly UnitField[] | null | undefined;
  apply?: boolean | null | undefined;
  parentId?: string | null | undefined;
  asRoot?: boolean | null | undefined;
}

/** Throws NOT_FOUND, BAD_USER_INPUT for what a row does not offer, and CONFLICT for a plan that is not READY. */
export async function decidePlan(
  context: GeoContext,
  id: string,
  rows: readonly RowDecision[],
  rest: 'SOURCE' | 'TARGET' | null | undefined,
): Promise<MergePlanRecord> {
  if (rows.length > DECISIONS_MAX)
    throw limitExceeded(`At most ${DECISIONS_MAX} rows are decided at once.`, 'rows', DECISIONS_MAX);
  const plan = await findPlan(context, id);
  const target = await findVersion(context, plan.targetVersionId);
  await context.db.transaction(async (tx) => {
    refuseUnready(await planForWriting(tx, id));
    for (const [index, decision] of rows.entries()) {
      const path = ['rows', String(index)];
      const row = await rowAt(tx, id, decision.position);
      if (!row) throw badInput(`The plan has no row ${decision.position}.`, { path });
      const foreign = decision.take?.find((field) => !row.fields.includes(field));
      if (foreign)
        throw badInput(`Row ${decision.position} offers nothing for ${foreign}.`, {
          path: [...path, 'take'],
        });
      const { parentId, asRoot } = decision;
      const answersParent = parentId != null || asRoot === true;
      if (answersParent && row.action !== 'CREATE' && !row.fields.includes('PARENT'))
        throw badInput(`Row ${decision.position} asks for no parent.`, { path });
      if (parentId != null) {
        const { dataSourceId, number } = target;
        const parent = await loaders.state(context).load({ unitId: parentId, dataSourceId, number });
        if (!parent || parentId === row.targetUnitId) throw notFound('OrgUnit', parentId);
      }
      await decideRow(tx, id, decision.position, {
        taken: decision.take ?? row.taken,
        chosen: decision.apply ?? (decision.take && row.action === 'UPDATE' ? true : row.chosen),
        decided: row.decided || decision.take != null || decision.apply != null,
        parentUnitId: asRoot ? null : (parentId ?? row.parentUnitId),
        parentOpen: answersParent ? false : row.parentOpen,
      });
    }
    if (rest) await decideRest(tx, id, rest === 'SOURCE');
    if (rows.length > 0 || rest) await recordDecision(tx, id, rows, rest ?? null);
  });
  return findPlan(context, id);
}

/** Which rows were decided; what was decided stands in them. */
function recordDecision(
  tx: AccountTransaction,
  id: string,
  rows: readonly RowDecision[],
  rest: 'SOURCE' | 'TARGET' | null,
): Promise<string> {
  const after = { positions: rows.map(({ position }) => position), rest };
  return recordChange(tx, { subjectType: 'MergePlan', subjectId: id, action: 'DECIDE', before: null, after });
}

/** Asks for the job. Throws NOT_FOUND, and CONFLICT for a plan that is not READY. */
export async function finishPlan(context: GeoContext, id: string, how: 'APPLY' | 'PROPOSE'): Promise<string> {
  const plan = await findPlan(context, id);
  refuseUnready(plan);
  const target = await findVersion(context, plan.targetVersionId);
  const input = { planId: id, dataSourceId: target.dataSourceId };
  return context.db.transaction((tx) =>
    how === 'APPLY' ? enqueue(tx, applyMergeJob, input) : enqueue(tx, proposeMergeJob, input),
  );
}
