/** Change requests many at once, as jobs: deciding on all of a filter, and writing them to a file. */
import 'reflect-metadata';
import { badInput } from '@iroko/errors';
import { enqueue, JobReference } from '@iroko/jobs';
import { Arg, Authorized, Ctx, Field, InputType, Mutation, Resolver, registerEnumType } from 'type-graphql';
import type { GeoContext } from '../context';
import type { UnitField } from '../differences/difference';
import { UnitFieldEnum } from '../differences/difference-type';
import { type TableFormat, TableFormatEnum } from '../exports/table-format';
import { DECISIONS, type Decision, decideManyJob, untilNow } from './decide-many-job';
import { exportRequestsJob } from './export-requests-job';
import { checkedComment } from './propose-change';
import { ChangeRequestFilter, checkRequestFilter, requestFilter } from './request-filter';

const enumOf = <Value extends string>(values: readonly Value[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

export const DecisionEnum = enumOf(DECISIONS);
registerEnumType(DecisionEnum, {
  name: 'ChangeRequestDecision',
  description: 'What is decided on change requests.',
  valuesConfig: {
    APPROVE: { description: 'They are applied to the draft.' },
    REJECT: { description: 'They are not, for the reason given.' },
  },
});

@InputType({ description: 'Which change requests are decided on, and how.' })
export class DecideChangeRequestsInput {
  @Field(() => ChangeRequestFilter, {
    description: 'Which; of these all that are PROPOSED when the job is asked for.',
  })
  filter!: ChangeRequestFilter;

  @Field(() => DecisionEnum, { description: 'What is decided.' })
  decision!: Decision;

  @Field(() => [UnitFieldEnum], {
    nullable: true,
    description:
      'Of what each request proposes approve these fields alone; a new unit always gets its name and parent. One that proposes none of them, and a removal, is skipped.',
  })
  fields?: UnitField[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why, at most 2,000 characters; to reject needs it.',
  })
  reason?: string | null;
}

@InputType({ description: 'Which change requests to write to a file, and how.' })
export class ExportChangeRequestsInput {
  @Field(() => ChangeRequestFilter, { nullable: true, description: 'Which; all of them without it.' })
  filter?: ChangeRequestFilter | null;

  @Field(() => TableFormatEnum, { description: 'The format of the file.' })
  format!: TableFormat;
}

@Resolver()
export class ManyChangeRequestsResolver {
  @Authorized('change_requests.review')
  @Mutation(() => JobReference, {
    description:
      'Decides on all open requests of a filter, as a job, in the order in which they were proposed. Each is decided as approveChangeRequest or rejectChangeRequest would, on its own: what somebody changed since, or decided on meanwhile, is skipped with CONFLICT and stays as it is. The result is `{selected, approved, rejected, skipped: [{code, count, examples: [{id, message}]}]}`. BAD_USER_INPUT for a filter that cannot be meant, and for a rejection without a reason.',
  })
  async decideChangeRequests(
    @Arg('input', () => DecideChangeRequestsInput, { description: 'Which, and how.' })
    { filter, decision, fields, reason }: DecideChangeRequestsInput,
    @Ctx() { db }: GeoContext,
  ): Promise<JobReference> {
    checkRequestFilter(filter, ['input', 'filter']);
    const words = checkedComment(reason ?? '', ['input', 'reason']);
    if (decision === 'REJECT' && words === '') {
      throw badInput('Say why, so that whoever proposed knows.', { path: ['input', 'reason'] });
    }
    if (decision === 'REJECT' && fields) {
      throw badInput('A request is rejected whole; leave fields out.', { path: ['input', 'fields'] });
    }
    if (fields?.length === 0) {
      throw badInput('No field is approved. Name at least one.', { path: ['input', 'fields'] });
    }
    const input = {
      filter: requestFilter.parse(filter),
      decision,
      fields: fields ?? null,
      reason: words || null,
      until: untilNow(),
    };
    return JobReference.of(await db.transaction((tx) => enqueue(tx, decideManyJob, input)));
  }

  @Authorized('change_requests.read')
  @Mutation(() => JobReference, {
    description:
      'Writes change requests to a file, as a job, the newest first: for each field its value before and after, and what became of it (PROPOSED, APPROVED, REJECTED, NOT_APPROVED). Shapes are told by their area. The result is `{fileId, name, requests}`: download it by `file(id) { downloadUrl }` within a week. BAD_USER_INPUT for a filter that cannot be meant.',
  })
  async exportChangeRequests(
    @Arg('input', () => ExportChangeRequestsInput, { description: 'Which, and how.' })
    { filter, format }: ExportChangeRequestsInput,
    @Ctx() { db }: GeoContext,
  ): Promise<JobReference> {
    checkRequestFilter(filter ?? {}, ['input', 'filter']);
    const input = { filter: requestFilter.parse(filter ?? {}), format };
    return JobReference.of(await db.transaction((tx) => enqueue(tx, exportRequestsJob, input)));
  }
}
