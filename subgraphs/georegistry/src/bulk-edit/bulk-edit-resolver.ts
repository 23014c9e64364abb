import { limitExceeded } from '@iroko/errors';
import { enqueue, JobReference } from '@iroko/jobs';
import { requirePermission } from '@iroko/viewer';
import { Arg, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { givenFields } from '../given-fields';
import { resolveList } from '../org-units/resolve-list';
import { checkFilter, checkFilterSets, requireFilterRights } from '../org-units/unit-filter';
import { attributesOf } from '../org-units/unit-input';
import { countUnits } from '../org-units/unit-list.sql';
import { newestNumber } from '../versions/find-version';
import { type BulkChanges, type BulkEditInput, checkedChanges } from './bulk-changes';
import { bulkEditOrgUnits, previewOf } from './bulk-edit-job';
import { type BulkChangesInput, BulkEditInputType, BulkEditPreview } from './bulk-edit-types';

/** A preview answers within a second or two; a larger one is a job. */
const PREVIEWED_UNITS_MAX = 10_000;

const inputArg = { description: 'Which units, and what changes of them.' };

@Resolver()
export class BulkEditResolver {
  @Authorized('org_units.edit')
  @Query(() => BulkEditPreview, {
    description:
      'What a bulk edit would do, without doing it, for at most 10,000 units: LIMIT_EXCEEDED for more, which bulkEditOrgUnits tries out as a job with dryRun. Errors as there.',
  })
  async previewBulkEdit(
    @Arg('input', () => BulkEditInputType, inputArg) input: BulkEditInputType,
    @Ctx() context: GeoContext,
  ): Promise<BulkEditPreview> {
    const asked = await readInput(context, input);
    const { db } = context;
    const number = await newestNumber(db, asked.dataSourceId);
    const versions = [{ dataSourceId: asked.dataSourceId, number }];
    const { count } = await countUnits(db, await resolveList(db, versions, asked));
    if (count > PREVIEWED_UNITS_MAX) {
      throw limitExceeded(
        `The selection holds ${count} units; a preview looks at ${PREVIEWED_UNITS_MAX}. Ask for bulkEditOrgUnits with dryRun: its job answers the same.`,
        'previewed units',
        PREVIEWED_UNITS_MAX,
        count,
      );
    }
    return (await previewOf(db, asked, number)) as BulkEditPreview;
  }

  @Authorized('org_units.edit')
  @Mutation(() => JobReference, {
    description:
      'Edits a selection of units in the draft, as a job that holds it: one transaction, one event in the log. A unit that cannot be changed as asked is skipped whole. The result has what previewBulkEdit answers, and the version. NOT_FOUND for the source and the units of subtrees; BAD_USER_INPUT for changes that cannot be; CONFLICT for a read-only source and while another job holds the draft.',
  })
  async bulkEditOrgUnits(
    @Arg('input', () => BulkEditInputType, inputArg) input: BulkEditInputType,
    @Arg('dryRun', () => Boolean, {
      defaultValue: false,
      description: 'To be told what would change without changing it.',
    })
    dryRun: boolean,
    @Arg('reason', () => String, { nullable: true, description: 'Why, kept in the log.' })
    reason: string | null,
    @Ctx() context: GeoContext,
  ): Promise<JobReference> {
    const asked = await readInput(context, input);
    const { db } = context;
    const number = await newestNumber(db, asked.dataSourceId);
    // What can be refused is refused now, not in the job.
    await resolveList(db, [{ dataSourceId: asked.dataSourceId, number }], asked);
    const id = await db.transaction((tx) =>
      enqueue(tx, bulkEditOrgUnits, { ...asked, dryRun, reason: reason ?? null }),
    );
    return JobReference.of(id);
  }
}

/** Throws BAD_USER_INPUT, and FORBIDDEN or NOT_FOUND for what the viewer may not read. */
async function readInput(context: GeoContext, input: BulkEditInputType): Promise<BulkEditInput> {
  const filter = input.filter ?? {};
  const anyOf = input.anyOf ?? null;
  checkFilter(filter, ['input', 'filter']);
  if (anyOf) checkFilterSets(anyOf);
  await requireFilterRights(context, [filter, ...(anyOf ?? [])]);
  // Where submissions were made is theirs to tell.
  if (input.changes.locationFrom === 'SUBMISSIONS') requirePermission(context.viewer, 'submissions.read');
  const { dataSourceId } = input;
  return { dataSourceId, filter, anyOf, changes: checkedChanges(changesOf(input.changes)), dryRun: false };
}

function changesOf(input: BulkChangesInput): BulkChanges {
  const given = givenFields(input, ['typeId', 'parentId', 'openingDate', 'closedDate']);
  const { setAttributes, overwriteLocations, ...rest } = given;
  return {
    ...rest,
    overwriteLocations: overwriteLocations ?? false,
    ...(setAttributes ? { setAttributes: attributesOf(setAttributes) } : {}),
  };
}
