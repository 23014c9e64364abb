/** The job that compares: two trees are read whole, so it is never part of a request. */
import { type AccountTransaction, isId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import { defineJob } from '@iroko/jobs';
import { requireEveryUnit } from '@iroko/viewer';
import { z } from 'zod';
import { cancelOnAbort } from '../imports/cancel-statement';
import { seesDrafts, type VersionRow } from '../versions/version';
import { versionsById } from '../versions/version.sql';
import { writeComparison } from './compare.sql';
import { createSubtrees } from './compared-fields.sql';
import type { ComparisonCounts, ComparisonOptions } from './comparison';
import { comparisonById, deleteRows, finishComparison } from './comparison.sql';
import { findMovedShapes } from './moved-shapes';
import { createGroupLists, createPairs, type Sides } from './pairs.sql';

export const comparisonInput = z.object({ comparisonId: z.string() });

export interface ComparisonResult extends ComparisonCounts {
  comparisonId: string;
}

export const compareVersionsJob = defineJob<z.infer<typeof comparisonInput>, ComparisonResult>({
  name: 'georegistry.compare-versions',
  input: comparisonInput,
  permission: 'org_units.read',
  handler: async (job, { comparisonId }) => {
    const withDrafts = seesDrafts(job.viewer);
    return job.complete(async (tx) => {
      const stop = await cancelOnAbort(tx, job);
      try {
        requireEveryUnit(job.db.actor, 'A comparison');
        const comparison = await comparisonById(tx, comparisonId, withDrafts);
        if (!comparison) throw notFound('Comparison', comparisonId);
        const sides = await sidesOf(tx, comparison);
        await deleteRows(tx, comparisonId);
        const counts = await compare(tx, comparisonId, sides, comparison.options, () => job.throwIfStopped());
        await finishComparison(tx, comparisonId, counts);
        return { comparisonId, ...counts };
      } finally {
        stop();
      }
    });
  },
});

/** Writes the rows of the comparison. Throws NOT_FOUND for a subtree that neither version holds. */
export async function compare(
  tx: AccountTransaction,
  comparisonId: string,
  sides: Sides,
  options: ComparisonOptions,
  throwIfStopped: () => void,
): Promise<ComparisonCounts> {
  await createPairs(tx, sides, options.matchBy);
  await createGroupLists(tx, sides);
  if (options.subtrees) {
    const found = await createSubtrees(tx, sides, options.subtrees.filter(isId));
    if (found === 0) throw notFound('OrgUnit', options.subtrees.join(', '));
  }
  if (options.areaTolerance !== null && options.fields.includes('SHAPE')) {
    await findMovedShapes(tx, sides, options.areaTolerance, throwIfStopped);
  }
  return writeComparison(tx, { ...sides, comparisonId, options });
}

export async function sidesOf(
  tx: AccountTransaction,
  ids: { beforeVersionId: string; afterVersionId: string },
): Promise<Sides> {
  const versions = await versionsById(tx, [ids.beforeVersionId, ids.afterVersionId]);
  const one = (id: string): VersionRow => {
    const version = versions.find((candidate) => candidate.id === id);
    if (!version) throw notFound('SourceVersion', id);
    return version;
  };
  return { before: one(ids.beforeVersionId), after: one(ids.afterVersionId) };
}
