import { type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { requireEveryUnit } from '@iroko/viewer';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { loaders } from '../loaders';
import { StateAnswer } from '../org-units/place-answer';
import { OrgUnitStateType } from '../org-units/place-type';
import { findVersion } from '../versions/find-version';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import { SourceVersionType } from '../versions/version-type';
import { checkQuality, findReport, setSeverity } from './quality';
import {
  countReports,
  type IssueRow,
  issueCounts,
  issuesOf,
  type ReportRow,
  reportsOfVersion,
  ruleChoices,
} from './quality.sql';
import {
  QualityCount,
  QualityIssueConnection,
  QualityIssueType,
  QualityReportConnection,
  QualityReportType,
  QualityRuleEnum,
  QualityRuleWeight,
  QualitySeverityEnum,
  type ReportAnswer,
  reportAnswer,
} from './quality-type';
import { QUALITY_RULES, type QualityRule, RULE_NAMES, type RuleSet, ruleSet, type Severity } from './rules';

interface Issue extends IssueRow {
  report: ReportRow;
  place: { longitude: number; latitude: number; altitude: null } | null;
}

const issueAnswer = (row: IssueRow, report: ReportRow): Issue => ({
  ...row,
  report,
  place:
    row.longitude === null || row.latitude === null
      ? null
      : { longitude: row.longitude, latitude: row.latitude, altitude: null },
});

const weights = (rules: RuleSet): QualityRuleWeight[] =>
  RULE_NAMES.map((rule) => ({ rule, severity: rules[rule], description: QUALITY_RULES[rule][1] }));

@Resolver(() => QualityReportType)
export class QualityReportResolver {
  @Authorized('org_units.read')
  @Mutation(() => QualityReportType, {
    description:
      'Checks a version by the rules of the account, as a job. NOT_FOUND for the version; FORBIDDEN for viewers limited to subtrees.',
  })
  async checkQuality(
    @Arg('version', () => ID, { description: 'The id of the version, a draft or a released one.' })
    version: string,
    @Ctx() context: GeoContext,
  ): Promise<ReportAnswer> {
    return reportAnswer(await checkQuality(context, version));
  }

  @Authorized('org_units.read')
  @Query(() => QualityReportType, {
    description: 'A quality report. NOT_FOUND, also for one of a draft you may not see.',
  })
  async qualityReport(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<ReportAnswer> {
    return reportAnswer(await findReport(context, id));
  }

  @Authorized('org_units.read')
  @Query(() => QualityReportConnection, {
    description: 'The quality reports of a version, newest first. NOT_FOUND for the version.',
  })
  async qualityReports(
    @Arg('version', () => ID, { description: 'The id of the version.' }) version: string,
    @Args() args: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<ReportAnswer>> {
    const { db, services } = context;
    requireEveryUnit(db.actor, 'A quality report');
    const { id } = await findVersion(context, version);
    const scope: CursorScope = { list: 'qualityReports', account: db.account, filter: { version: id } };
    const page = pageRequest(args, services.cursors, scope);
    const rows = await reportsOfVersion(db, id, page.after && String(page.after[0]), page.limit);
    const connection = pageOf(rows.map(reportAnswer), page, services.cursors, scope, (row) => [row.id]);
    return counted(connection, () => countReports(db, id));
  }

  @FieldResolver(() => SourceVersionType, { description: 'The version that it is of.' })
  async version(@Root() report: ReportRow, @Ctx() context: GeoContext): Promise<VersionAnswer> {
    return versionAnswer(await findVersion(context, report.versionId));
  }

  @FieldResolver(() => [QualityCount], { description: 'The rules that units break, the heaviest first.' })
  async counts(@Root() report: ReportRow, @Ctx() context: GeoContext): Promise<QualityCount[]> {
    const order = Object.keys(QualitySeverityEnum);
    const found = await issueCounts(context.db, report.id);
    return found
      .map((row) => ({ ...row, description: QUALITY_RULES[row.rule]?.[1] ?? '' }))
      .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || b.count - a.count);
  }

  @FieldResolver(() => QualityIssueConnection, {
    description:
      'The units that break a rule, rule by rule and by name; those with an area by that, the largest first. A unit that overlaps two others is listed twice.',
  })
  async issues(
    @Root() report: ReportRow,
    @Arg('rule', () => QualityRuleEnum, { nullable: true, description: 'Of this rule alone.' })
    rule: QualityRule | null,
    @Args() args: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<Issue>> {
    const { db, services } = context;
    const filter = { report: report.id, rule: rule ?? null };
    const scope: CursorScope = { list: 'qualityIssues', account: db.account, filter };
    const page = pageRequest(args, services.cursors, scope);
    const after = page.after && { rule: String(page.after[0]), position: Number(page.after[1]) };
    const rows = await issuesOf(db, report.id, rule ?? null, after, page.limit);
    const issues = rows.map((row) => issueAnswer(row, report));
    const connection = pageOf(issues, page, services.cursors, scope, (row) => [row.rule, row.position]);
    return counted(connection, async () => {
      const counts = await issueCounts(db, report.id);
      const kept = counts.filter((row) => rule == null || row.rule === rule);
      return { count: kept.reduce((sum, { issues }) => sum + issues, 0) };
    });
  }

  @Authorized('org_units.read')
  @Query(() => [QualityRuleWeight], { description: 'The rules, and how heavy the account takes each.' })
  async qualityRules(@Ctx() context: GeoContext): Promise<QualityRuleWeight[]> {
    return weights(ruleSet(await ruleChoices(context.db)));
  }

  @Authorized('types.edit')
  @Mutation(() => [QualityRuleWeight], {
    description: 'Chooses how heavy the account takes a rule; reports made before stay as they are.',
  })
  async setQualityRule(
    @Arg('rule', () => QualityRuleEnum, { description: 'The rule.' }) rule: QualityRule,
    @Arg('severity', () => QualitySeverityEnum, { description: 'How heavy a breach is.' })
    severity: Severity,
    @Ctx() context: GeoContext,
  ): Promise<QualityRuleWeight[]> {
    return weights(await setSeverity(context.db, rule, severity));
  }
}

@Resolver(() => QualityIssueType)
export class QualityIssueResolver {
  @FieldResolver(() => OrgUnitStateType, {
    nullable: true,
    description: 'The unit in the version of the report; null when a draft holds it no more.',
  })
  unit(@Root() issue: Issue, @Ctx() context: GeoContext): Promise<StateAnswer | null> {
    return stateIn(context, issue, issue.unitId);
  }

  @FieldResolver(() => OrgUnitStateType, {
    nullable: true,
    description:
      'The other one of two that overlap, in the version of the report; null for other rules, and when a draft holds it no more.',
  })
  async otherUnit(@Root() issue: Issue, @Ctx() context: GeoContext): Promise<StateAnswer | null> {
    return issue.otherUnitId === null ? null : stateIn(context, issue, issue.otherUnitId);
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether the unit, or the other one of two, was edited or removed since the report read it. Of reports made before this was kept: whether anything was.',
  })
  async isOutdated(@Root() issue: Issue, @Ctx() context: GeoContext): Promise<boolean> {
    const { unitId, unitRevision, otherUnitId, otherRevision, report } = issue;
    if (unitRevision === null || !report.isStale) return report.isStale;
    const [unit, other] = await Promise.all([
      stateIn(context, issue, unitId),
      otherUnitId === null ? null : stateIn(context, issue, otherUnitId),
    ]);
    return unit?.row.revision !== unitRevision || (other?.row.revision ?? null) !== otherRevision;
  }
}

async function stateIn(context: GeoContext, { report }: Issue, unitId: string): Promise<StateAnswer | null> {
  const version = await findVersion(context, report.versionId);
  const { dataSourceId, number } = version;
  const row = await loaders.state(context).load({ unitId, dataSourceId, number });
  return row ? new StateAnswer(row, version) : null;
}
