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

type Issue = IssueRow & { versionId: string };

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
    description: 'The units that break a rule, rule by rule and by name.',
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
    const issues = rows.map((row) => ({ ...row, versionId: report.versionId }));
    const connection = pageOf(issues, page, services.cursors, scope, (row) => [row.rule, row.position]);
    return counted(connection, async () => {
      const counts = await issueCounts(db, report.id);
      const kept = counts.filter((row) => rule == null || row.rule === rule);
      return { count: kept.reduce((sum, { count }) => sum + count, 0) };
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
  async unit(@Root() issue: Issue, @Ctx() context: GeoContext): Promise<StateAnswer | null> {
    const version = await findVersion(context, issue.versionId);
    const { dataSourceId, number } = version;
    const row = await loaders.state(context).load({ unitId: issue.unitId, dataSourceId, number });
    return row ? new StateAnswer(row, version) : null;
  }
}
