import { JobReference } from '@iroko/jobs';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';
import { OrgUnitStatus } from '../org-units/place-type';
import { DataSourceType } from '../sources/source-type';
import { UserReference } from '../users/user-reference';
import { SourceVersionType } from '../versions/version-type';
import {
  ACCEPT_FROM,
  MATCH_METHODS,
  type MatchMethod,
  REVIEW_FROM,
  RUN_METHODS,
  type RunMethod,
} from './match-run';

const enumOf = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, name])) as Record<Name, Name>;

export const MatchMethodEnum = enumOf<MatchMethod>(MATCH_METHODS);
registerEnumType(MatchMethodEnum, {
  name: 'MatchMethod',
  description: 'How a run finds links.',
  valuesConfig: {
    SIMILARITY: {
      description: 'By names, places, parents, types and codes together, each link with a score.',
    },
    REFERENCE: {
      description: 'The same reference on both sides. Two servers may use one reference for two places.',
    },
    CODE: { description: 'The same code on both sides, where it is unique on both.' },
  },
});

export const RunMethodEnum = enumOf<RunMethod>(RUN_METHODS);
registerEnumType(RunMethodEnum, {
  name: 'MatchRunMethod',
  description: 'How a run found its links, or that a file brought them.',
});

@InputType({ description: 'One side of a match: a version, and which of its units may be linked.' })
export class MatchSideInput {
  @Field(() => ID, { description: 'The version that is read.' })
  versionId!: string;

  @Field(() => ID, { nullable: true, description: 'Links only this unit and what is below it.' })
  subtree?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Links only units of one of these types.' })
  types?: string[] | null;

  @Field(() => [OrgUnitStatus], {
    nullable: true,
    description: 'Links only units of one of these statuses; all but REJECTED when left out.',
  })
  statuses?: OrgUnitStatus[] | null;
}

@InputType({ description: 'What to match, and how sure a link must be.' })
export class StartMatchRunInput {
  @Field(() => MatchSideInput, { description: 'The one side.' })
  left!: MatchSideInput;

  @Field(() => MatchSideInput, { description: 'The other side, of another source.' })
  right!: MatchSideInput;

  @Field(() => MatchMethodEnum, { nullable: true, description: 'SIMILARITY when left out.' })
  method?: MatchMethod | null;

  @Field(() => Float, {
    nullable: true,
    description: `Links with at least this score are accepted unseen, 0 to 1; ${ACCEPT_FROM} when left out, more than any score to accept none: 1.`,
  })
  acceptFrom?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: `Links with at least this score are proposed, 0 to 1, and below it there are none; ${REVIEW_FROM} when left out.`,
  })
  reviewFrom?: number | null;
}

@ObjectType('MatchReport', { description: 'What came of a run, counted.', simpleResolvers: true })
export class MatchReportType {
  @Field(() => Int, { description: 'Units of the one side; rows of the file for an upload.' })
  leftUnits!: number;

  @Field(() => Int, { description: 'Units of the other side; 0 for an upload.' })
  rightUnits!: number;

  @Field(() => Int, { description: 'Pairs that were looked at closely.' })
  comparedPairs!: number;

  @Field(() => Int, { description: 'Links that stand ACCEPTED by its threshold, or by the file.' })
  accepted!: number;

  @Field(() => Int, { description: 'Links that somebody shall look at.' })
  proposed!: number;

  @Field(() => Int, { description: 'Chosen pairs that were below reviewFrom; no link is written for them.' })
  belowReview!: number;

  @Field(() => Int, { description: 'Decisions of people between the two sources, which were kept.' })
  decidedBefore!: number;

  @Field(() => Int, {
    description:
      'Undecided links of earlier runs of this method that were not found again, and are gone. A run over a part of a version withdraws none.',
  })
  withdrawn!: number;

  @Field(() => Int, { description: 'Rows that could not be taken; values that several units bear.' })
  refused!: number;

  @Field(() => ID, {
    nullable: true,
    description: 'A CSV of the rows that could not be taken, each with the reason; null when there are none.',
  })
  outcomesFileId!: string | null;
}

@ObjectType('MatchRun', {
  description: 'A search for links between two versions, or a file of links.',
  simpleResolvers: true,
})
export class MatchRunType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => RunMethodEnum, { description: 'How it found its links.' })
  method!: RunMethod;

  @Field(() => DataSourceType, { description: 'The source of the one side.' })
  leftSource!: DataSourceType;

  @Field(() => DataSourceType, { description: 'The source of the other side.' })
  rightSource!: DataSourceType;

  @Field(() => SourceVersionType, {
    nullable: true,
    description: 'The version that was read; null for an upload, and when the draft was discarded.',
  })
  leftVersion!: SourceVersionType | null;

  @Field(() => SourceVersionType, {
    nullable: true,
    description: 'The version of the other side; null as for leftVersion.',
  })
  rightVersion!: SourceVersionType | null;

  @Field(() => Float, {
    nullable: true,
    description: 'From which score on links were accepted; null for an upload.',
  })
  acceptFrom!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'From which score on links were proposed; null for an upload.',
  })
  reviewFrom!: number | null;

  @Field(() => JobReference, { description: 'The job that does it: its status, progress and error.' })
  job!: JobReference;

  @Field(() => MatchReportType, { nullable: true, description: 'What came of it; null until it is done.' })
  report!: MatchReportType | null;

  @Field(() => UserReference, { nullable: true, description: 'Who asked for it.' })
  createdBy!: UserReference | null;

  @Field({ description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was done.' })
  finishedAt!: Date | null;
}

export const MatchRunConnection = countedConnectionOf<MatchRunType>('MatchRun', () => MatchRunType);

@InputType({ description: 'Which runs a list keeps.' })
export class MatchRunFilter {
  @Field(() => ID, { nullable: true, description: 'Runs with a side of this source.' })
  dataSourceId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Runs with a side of this source too.' })
  otherDataSourceId?: string | null;
}
