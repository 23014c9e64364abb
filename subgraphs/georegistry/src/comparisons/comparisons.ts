/** Asking for a comparison, finding it again, and doing away with it. */
import { recordChange } from '@iroko/changes';
import { isId, newId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import { enqueue } from '@iroko/jobs';
import { requireEveryUnit } from '@iroko/viewer';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import { findVersion } from '../versions/find-version';
import { seesDrafts, type VersionRow } from '../versions/version';
import { type ComparisonOptions, checkedTolerance, comparedFields, TOLERANCE_MAX_METRES } from './comparison';
import {
  type ComparisonRecord,
  comparisonById,
  deleteComparisonRecord,
  insertComparison,
  setComparisonJob,
} from './comparison.sql';
import { compareVersionsJob } from './comparison-job';
import type { CompareVersionsInput } from './comparison-type';

/** Throws NOT_FOUND for a version, a type or a subtree, BAD_USER_INPUT for a tolerance out of range or when nothing is compared. */
export async function compareVersions(
  context: GeoContext,
  input: CompareVersionsInput,
): Promise<ComparisonRecord> {
  requireEveryUnit(context.db.actor, 'A comparison');
  const [from, to] = await Promise.all([findVersion(context, input.from), findVersion(context, input.to)]);
  const options = optionsOf(input);
  await refuseUnknown(context, [from, to], input);
  const id = newId();
  await context.db.transaction(async (tx) => {
    await insertComparison(tx, { id, beforeVersionId: from.id, afterVersionId: to.id, options });
    await setComparisonJob(tx, id, await enqueue(tx, compareVersionsJob, { comparisonId: id }));
    const after = { from: from.id, to: to.id, matchBy: options.matchBy };
    await recordChange(tx, {
      subjectType: 'Comparison',
      subjectId: id,
      action: 'CREATE',
      before: null,
      after,
    });
  });
  return findComparison(context, id);
}

/** What was never there would compare nothing, and look like agreement. */
async function refuseUnknown(
  context: GeoContext,
  versions: readonly VersionRow[],
  { subtrees, types }: CompareVersionsInput,
): Promise<void> {
  const known = await Promise.all((types ?? []).map((id) => loaders.type(context).load(id)));
  const missing = known.indexOf(undefined);
  if (missing >= 0) throw notFound('OrgUnitType', types?.[missing] ?? '');
  for (const unitId of subtrees ?? []) {
    const states = await Promise.all(
      versions.map(({ dataSourceId, number }) =>
        loaders.state(context).load({ unitId, dataSourceId, number }),
      ),
    );
    if (states.every((state) => state === undefined)) throw notFound('OrgUnit', unitId);
  }
}

export function optionsOf(input: Omit<CompareVersionsInput, 'from' | 'to'>): ComparisonOptions {
  return {
    matchBy: input.matchBy ?? 'REFERENCE',
    fields: comparedFields(input.compare, input.ignore),
    ...(input.subtrees ? { subtrees: input.subtrees } : {}),
    ...(input.types ? { typeIds: input.types.filter(isId) } : {}),
    ...(input.unitStatuses ? { statuses: input.unitStatuses } : {}),
    ignoreNameStyle: input.ignoreNameStyle ?? false,
    locationToleranceMetres: checkedTolerance(input.locationToleranceMetres ?? 0, TOLERANCE_MAX_METRES, [
      'input',
      'locationToleranceMetres',
    ]),
    areaTolerance:
      input.shapeAreaTolerance == null
        ? null
        : checkedTolerance(input.shapeAreaTolerance, 1, ['input', 'shapeAreaTolerance']),
    keepSame: input.listSame ?? false,
  };
}

/** Throws NOT_FOUND, also for one of a draft that the viewer may not see, and FORBIDDEN for a scope of some units. */
export async function findComparison(context: GeoContext, id: string): Promise<ComparisonRecord> {
  requireEveryUnit(context.db.actor, 'A comparison');
  const found = isId(id) ? await comparisonById(context.db, id, seesDrafts(context.viewer)) : undefined;
  if (!found) throw notFound('Comparison', id);
  return found;
}

/** Throws NOT_FOUND. */
export async function deleteComparison(context: GeoContext, id: string): Promise<void> {
  const { beforeVersionId, afterVersionId } = await findComparison(context, id);
  await context.db.transaction(async (tx) => {
    await deleteComparisonRecord(tx, id);
    const before = { from: beforeVersionId, to: afterVersionId };
    await recordChange(tx, {
      subjectType: 'Comparison',
      subjectId: id,
      action: 'DELETE',
      before,
      after: null,
    });
  });
}
