import { PointType } from '@iroko/graph';
import { JobReference } from '@iroko/jobs';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';
import type { ReportRow } from './quality.sql';
import { QUALITY_RULES, type QualityRule, RULE_NAMES, type Severity } from './rules';

export const QualityRuleEnum = Object.fromEntries(RULE_NAMES.map((rule) => [rule, rule])) as {
  [Rule in QualityRule]: Rule;
};
registerEnumType(QualityRuleEnum, {
  name: 'QualityRule',
  description: 'What a version is checked for. REJECTED units are not looked at.',
  valuesConfig: Object.fromEntries(
    RULE_NAMES.map((rule) => [rule, { description: QUALITY_RULES[rule][1] }]),
  ) as Record<QualityRule, { description: string }>,
});

export const QualitySeverityEnum = { ERROR: 'ERROR', WARNING: 'WARNING', INFO: 'INFO', OFF: 'OFF' } as const;
registerEnumType(QualitySeverityEnum, {
  name: 'QualitySeverity',
  description: 'How heavy a breach of a rule is.',
  valuesConfig: {
    ERROR: { description: 'Units with one lower the score.' },
    WARNING: { description: 'Somebody should look at it.' },
    INFO: { description: 'Worth knowing.' },
    OFF: { description: 'Not looked for.' },
  },
});

@ObjectType({ description: 'How heavy the account takes a rule.', simpleResolvers: true })
export class QualityRuleWeight {
  @Field(() => QualityRuleEnum, { description: 'The rule.' })
  rule!: QualityRule;

  @Field(() => QualitySeverityEnum, { description: 'How heavy a breach is.' })
  severity!: Severity;

  @Field({ description: 'What the rule says of a unit that breaks it.' })
  description!: string;
}

@ObjectType({ description: 'How many units of a version break a rule.', simpleResolvers: true })
export class QualityCount extends QualityRuleWeight {
  @Field(() => Int, { description: 'How many units break it.' })
  count!: number;
}

@ObjectType('QualityIssue', { description: 'A unit that breaks a rule.', simpleResolvers: true })
export class QualityIssueType {
  @Field(() => QualityRuleEnum, { description: 'The rule.' })
  rule!: QualityRule;

  @Field(() => QualitySeverityEnum, { description: 'How heavy it was when the report was made.' })
  severity!: Severity;

  @Field({
    description: 'What was found: the coordinates, the name, the code, the area; may be empty.',
  })
  detail!: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'Square metres on the ellipsoid: what two shapes have in common, or what the children leave. Null for other rules.',
  })
  areaM2!: number | null;

  @Field(() => PointType, {
    nullable: true,
    description: 'A place in the largest piece of that area; null for other rules.',
  })
  place!: PointType | null;

  @Field(() => ID, { description: 'The id of the unit.' })
  unitId!: string;
}

export const QualityIssueConnection = countedConnectionOf<QualityIssueType>(
  'QualityIssue',
  () => QualityIssueType,
);

@ObjectType('QualityReport', {
  description: 'What is wrong in a version by the rules of the account, as one run found it.',
  simpleResolvers: true,
})
export class QualityReportType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When its run ended; null before.' })
  finishedAt!: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many units were looked at; null before its run ended.',
  })
  units!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Units without an ERROR in whole per cent, 0 to 100, rounded down; null before its run ended.',
  })
  score!: number | null;

  @Field({
    description:
      'Whether units of the version were edited, added or removed after its run read them; a release that needs a score needs a report that is not stale. `QualityIssue.isOutdated` tells it of single units.',
  })
  isStale!: boolean;

  @Field(() => JobReference, { nullable: true, description: 'Its run.' })
  job!: JobReference | null;
}

export const QualityReportConnection = countedConnectionOf<QualityReportType>(
  'QualityReport',
  () => QualityReportType,
);

export type ReportAnswer = ReportRow & { job: JobReference | null };

export const reportAnswer = (row: ReportRow): ReportAnswer => ({
  ...row,
  job: row.jobId === null ? null : JobReference.of(row.jobId),
});
