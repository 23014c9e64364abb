/** The job that checks a version rule by rule. Its report is written whole, or not at all. */
import { notFound } from '@iroko/errors';
import { defineJob } from '@iroko/jobs';
import { requireEveryUnit } from '@iroko/viewer';
import { z } from 'zod';
import { cancelOnAbort } from '../imports/cancel-statement';
import { versionsById } from '../versions/version.sql';
import { CHECKS, countLocated, createUnits, runCheck } from './checks.sql';
import { checkPoints } from './points-in-shapes';
import { clearIssues, countFaulty, editsOf, finishReport, reportById, ruleChoices } from './quality.sql';
import { type QualityRule, ruleSet, scoreOf } from './rules';
import { checkSiblings, FAMILY_POSITIONS_MAX } from './siblings/check-siblings';
import { createFamilies } from './siblings/siblings.sql';

export interface QualityResult {
  reportId: string;
  units: number;
  score: number;
  /** Whole milliseconds per rule. */
  milliseconds: Record<string, number>;
}

export const checkQualityJob = defineJob<{ reportId: string }, QualityResult>({
  name: 'georegistry.check-quality',
  input: z.object({ reportId: z.string() }),
  permission: 'org_units.read',
  handler: async (job, { reportId }) =>
    job.complete(async (tx) => {
      const stop = await cancelOnAbort(tx, job);
      try {
        requireEveryUnit(job.db.actor, 'A quality report');
        const report = await reportById(tx, reportId);
        const [version] = report ? await versionsById(tx, [report.versionId]) : [];
        if (!version) throw notFound('QualityReport', reportId);
        await clearIssues(tx, reportId);
        const rules = ruleSet(await ruleChoices(tx));
        // Before the units are read: an edit in between makes the report stale, never the other way round.
        const edits = await editsOf(tx, version.id);
        const units = await createUnits(tx, version);
        const located = await countLocated(tx);
        const siblings = await createFamilies(tx, FAMILY_POSITIONS_MAX);
        const checks = (Object.keys(CHECKS) as QualityRule[]).filter((rule) => rules[rule] !== 'OFF');
        // A rule in SQL looks at every unit once, the rules of points and shapes at those that have them.
        const total = units * checks.length + located + siblings;
        let done = 0;
        const milliseconds: Record<string, number> = {};
        const step = async (name: string, work: () => Promise<unknown>) => {
          job.throwIfStopped();
          await job.progress(done, total, 'units', name);
          const start = performance.now();
          await work();
          milliseconds[name] = Math.round(performance.now() - start);
        };
        for (const rule of checks) {
          await step(rule, () => runCheck(tx, reportId, rule, rules[rule]));
          done += units;
        }
        const counting = (name: QualityRule) => async (count: number) => {
          job.throwIfStopped();
          done += count;
          await job.progress(done, total, 'units', name);
        };
        await step('POINT_OUTSIDE_PARENT', () =>
          checkPoints(tx, reportId, rules, counting('POINT_OUTSIDE_PARENT')),
        );
        await step('OVERLAPPING_SIBLINGS', () =>
          checkSiblings(tx, reportId, rules, job.signal, counting('OVERLAPPING_SIBLINGS')),
        );
        const score = scoreOf(units, await countFaulty(tx, reportId));
        await finishReport(tx, reportId, { units, score, edits });
        return { reportId, units, score, milliseconds };
      } finally {
        stop();
      }
    }),
});
