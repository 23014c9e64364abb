/** Asking for a quality report, weighing its rules, and what a release asks of it. */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, newId } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import { enqueue } from '@iroko/jobs';
import { requireEveryUnit } from '@iroko/viewer';
import type { GeoContext } from '../context';
import { settingsOf } from '../settings/settings.sql';
import { findVersion } from '../versions/find-version';
import type { VersionRow } from '../versions/version';
import {
  chooseSeverity,
  insertReport,
  newestReport,
  type ReportRow,
  reportById,
  ruleChoices,
  setReportJob,
} from './quality.sql';
import { checkQualityJob } from './quality-job';
import { type QualityRule, type RuleSet, ruleSet, type Severity } from './rules';

/** Throws NOT_FOUND for the version, FORBIDDEN for a viewer who does not see every unit. */
export async function checkQuality(context: GeoContext, versionId: string): Promise<ReportRow> {
  const { db } = context;
  requireEveryUnit(db.actor, 'A quality report');
  const version = await findVersion(context, versionId);
  const id = newId();
  return db.transaction(async (tx) => {
    await insertReport(tx, id, version.id);
    await setReportJob(tx, id, await enqueue(tx, checkQualityJob, { reportId: id }));
    await recordChange(tx, {
      subjectType: 'QualityReport',
      subjectId: id,
      action: 'CREATE',
      before: null,
      after: { versionId: version.id },
    });
    return (await reportById(tx, id)) as ReportRow;
  });
}

/** Throws NOT_FOUND, also for a report of a draft that the viewer may not see. */
export async function findReport(context: GeoContext, id: string): Promise<ReportRow> {
  requireEveryUnit(context.db.actor, 'A quality report');
  const report = isId(id) ? await reportById(context.db, id) : undefined;
  if (!report) throw notFound('QualityReport', id);
  await findVersion(context, report.versionId).catch(() => {
    throw notFound('QualityReport', id);
  });
  return report;
}

export async function setSeverity(
  db: AccountDatabase,
  rule: QualityRule,
  severity: Severity,
): Promise<RuleSet> {
  return db.transaction(async (tx) => {
    const before = ruleSet(await ruleChoices(tx));
    if (before[rule] === severity) return before;
    await chooseSeverity(tx, rule, severity);
    await recordChange(tx, {
      subjectType: 'RegistrySettings',
      subjectId: tx.account,
      action: 'UPDATE',
      before: { [rule]: before[rule] },
      after: { [rule]: severity },
    });
    return { ...before, [rule]: severity };
  });
}

/** Throws CONFLICT when the account asks a score of releases that the draft has not been found to reach. */
export async function requireScore(tx: AccountTransaction, draft: VersionRow): Promise<void> {
  const required = (await settingsOf(tx))?.requiredScore ?? null;
  if (required === null) return;
  const report = await newestReport(tx, draft.id);
  if (report && !report.isStale && (report.score ?? 0) >= required) return;
  const found = !report
    ? 'it has no quality report'
    : report.isStale
      ? 'it was edited since its newest quality report'
      : `its newest quality report says ${report.score}`;
  throw conflict(
    `A release needs a score of ${required}, and ${found}. Run checkQuality on the draft, correct what it lists, and release again.`,
    { requiredScore: required, score: report?.score ?? null },
  );
}
