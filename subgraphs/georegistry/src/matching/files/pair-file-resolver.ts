import { recordChange } from '@iroko/changes';
import { isId, newId } from '@iroko/database';
import { badInput, notFound } from '@iroko/errors';
import { enqueue, JobReference } from '@iroko/jobs';
import {
  Arg,
  Authorized,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import type { GeoContext } from '../../context';
import { refuseWrongType } from '../../imports/tables/input-file';
import type { LinkStatus } from '../../links/link';
import { LinkStatusEnum } from '../../links/link-list';
import { findSource } from '../../versions/find-version';
import { insertRun, runsById, setJob } from '../match-run.sql';
import { MatchRunAnswer } from '../match-run-answer';
import { MatchRunType } from '../match-run-type';
import { pairOf } from '../start-run';
import { evaluateRun } from './evaluate-job';
import { uploadLinks } from './upload-job';

export enum NamedByEnum {
  ID = 'ID',
  REFERENCE = 'REFERENCE',
}
registerEnumType(NamedByEnum, {
  name: 'LinkFileNaming',
  description: 'How a file names units.',
  valuesConfig: {
    ID: { description: 'By their ids.' },
    REFERENCE: { description: 'By their references, each in its own source.' },
  },
});

@InputType({ description: 'A file of links between two sources.' })
export class UploadLinksInput {
  @Field(() => ID, { description: 'The source of the units in the column left.' })
  leftSourceId!: string;

  @Field(() => ID, { description: 'The source of the units in the column right.' })
  rightSourceId!: string;

  @Field(() => ID, {
    description:
      'The uploaded CSV or XLSX file: columns left and right, and perhaps score (0 to 1; 1 when empty), status (PROPOSED when empty) and reason.',
  })
  fileId!: string;

  @Field(() => NamedByEnum, { nullable: true, description: 'ID when left out.' })
  by?: NamedByEnum | null;
}

@InputType({ description: 'What to judge a run by.' })
export class EvaluateMatchRunInput {
  @Field(() => ID, { description: 'The run.' })
  runId!: string;

  @Field(() => ID, {
    description:
      'The uploaded CSV or XLSX file of what is right: columns left and right; right is empty for a unit without counterpart.',
  })
  fileId!: string;

  @Field(() => NamedByEnum, { nullable: true, description: 'How it names units; ID when left out.' })
  by?: NamedByEnum | null;

  @Field(() => [LinkStatusEnum], {
    nullable: true,
    description: 'Links of these statuses count; ACCEPTED and PROPOSED when left out.',
  })
  statuses?: LinkStatus[] | null;
}

@Resolver()
export class PairFileResolver {
  @Authorized('links.match')
  @Mutation(() => MatchRunType, {
    description:
      'Takes a file of links, as a job. What is right lands together; every other row comes back with its reason in the report: NOT_FOUND for an unknown unit, BAD_USER_INPUT for one of another source and for values that cannot be, CONFLICT for a pair given twice and for a second accepted link of a unit, FORBIDDEN for a decision without links.review. A proposal never touches a decision. NOT_FOUND for file or source; BAD_USER_INPUT for one source given twice.',
  })
  async uploadLinks(
    @Arg('input', () => UploadLinksInput, { description: 'The file and its sources.' })
    input: UploadLinksInput,
    @Ctx() context: GeoContext,
  ): Promise<MatchRunAnswer> {
    const { db, services } = context;
    const file = await services.files.find(db, input.fileId);
    refuseWrongType(file);
    const left = await findSource(context, input.leftSourceId);
    const right = await findSource(context, input.rightSourceId);
    if (left.id === right.id) {
      throw badInput('Both sides are one source. A link joins units of two different sources.', {
        path: ['input', 'rightSourceId'],
      });
    }
    const id = newId();
    const run = await db.transaction(async (tx) => {
      await services.files.keep(tx, file.id);
      await insertRun(tx, {
        id,
        method: 'UPLOAD',
        leftSourceId: left.id,
        rightSourceId: right.id,
        leftVersionId: null,
        rightVersionId: null,
        settings: {},
        fileId: file.id,
      });
      const job = { runId: id, pair: pairOf(left.id, right.id), by: input.by ?? 'ID' };
      const row = await setJob(tx, id, await enqueue(tx, uploadLinks, job));
      const after = { method: 'UPLOAD', fileId: file.id, leftSourceId: left.id, rightSourceId: right.id };
      await recordChange(tx, {
        subjectType: 'MatchRun',
        subjectId: id,
        action: 'CREATE',
        before: null,
        after,
      });
      return row;
    });
    return new MatchRunAnswer(run);
  }

  @Authorized('links.match')
  @Mutation(() => JobReference, {
    description:
      'Judges the links of a run by a labelled file, as a job. Its result is `{labelled, links, right, precision, recall, f1, errors [{kind left linked expected}], errorsFileId}`: kind is WRONG, UNWANTED or MISSED, errors has the first 100, the file all, for a day. Links of units that the file does not name count for nothing. NOT_FOUND for run or file.',
  })
  async evaluateMatchRun(
    @Arg('input', () => EvaluateMatchRunInput, { description: 'The run and what is right.' })
    input: EvaluateMatchRunInput,
    @Ctx() { db, services }: GeoContext,
  ): Promise<JobReference> {
    const [run] = isId(input.runId) ? await runsById(db, [input.runId]) : [];
    if (!run) throw notFound('MatchRun', input.runId);
    const file = await services.files.find(db, input.fileId);
    refuseWrongType(file);
    const job = {
      runId: run.id,
      fileId: file.id,
      by: input.by ?? ('ID' as const),
      statuses: input.statuses ?? (['ACCEPTED', 'PROPOSED'] as LinkStatus[]),
    };
    return JobReference.of(await db.transaction((tx) => enqueue(tx, evaluateRun, job)));
  }
}
