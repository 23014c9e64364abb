/** What submissions add to a place. Fifty places cost one statement. */
import 'reflect-metadata';
import { isId } from '@iroko/database';
import { LongScalar, PageArgs } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type { SubmissionContext } from '../services';
import { listSubmissions } from '../submissions/list-submissions';
import { SubmissionConnection } from '../submissions/submission.types';
import { countsByUnit, countsWithPredecessors } from '../submissions/submissions.sql';
import { OrgUnit } from './org-unit.types';

const predecessorsArg = {
  defaultValue: false,
  description:
    'Whether those made at the units count in whose place it is by a split, a merge or a replacement; of a unit that was split and kept, what arrived before.',
};

@Resolver(() => OrgUnit)
export class OrgUnitResolver {
  @Authorized('submissions.read')
  @FieldResolver(() => LongScalar, {
    nullable: true,
    description: 'How many submissions were made here; those of units below do not count.',
  })
  submissionCount(
    @Root() unit: OrgUnit,
    @Arg('formId', () => ID, { nullable: true, description: 'Only those of this form.' }) formId:
      | string
      | null,
    @Arg('withPredecessors', () => Boolean, predecessorsArg) withPredecessors: boolean,
    @Ctx() context: SubmissionContext,
  ) {
    return countLoader(context, formId ?? null, withPredecessors).load(unit.id);
  }

  @Authorized('submissions.read')
  @FieldResolver(() => SubmissionConnection, {
    nullable: true,
    description: 'The submissions made here, newest first.',
  })
  submissions(
    @Root() unit: OrgUnit,
    @Args(() => PageArgs) args: PageArgs,
    @Arg('formId', () => ID, { nullable: true, description: 'Only those of this form.' }) formId:
      | string
      | null,
    @Arg('withPredecessors', () => Boolean, predecessorsArg) withPredecessors: boolean,
    @Ctx() context: SubmissionContext,
  ) {
    return listSubmissions(context, args, {
      orgUnitId: unit.id,
      formId: formId ?? null,
      ...(withPredecessors ? { withPredecessors } : {}),
    });
  }
}

function countLoader(context: SubmissionContext, formId: string | null, withPredecessors: boolean) {
  const name = `countByUnit ${withPredecessors} ${formId ?? ''}`;
  return context.loader(name, async (ids: readonly string[]) => {
    if (formId !== null && !isId(formId)) return ids.map(() => 0);
    const counts = new Map<string, number>();
    const counting = withPredecessors ? countsWithPredecessors : countsByUnit;
    for (const { unitId, count } of await counting(context.db, ids.filter(isId), formId))
      counts.set(unitId, count);
    return ids.map((id) => counts.get(id.toLowerCase()) ?? 0);
  });
}
