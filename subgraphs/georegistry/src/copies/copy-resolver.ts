/** Copies over GraphQL. */
import 'reflect-metadata';
import { badInput, conflict, notFound } from '@iroko/errors';
import { enqueue, JobReference } from '@iroko/jobs';
import { requireWholeTrees } from '@iroko/viewer';
import { Arg, Authorized, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { AbsentUnits } from '../imports/import-types';
import { loaders } from '../loaders';
import { refuseReadOnly } from '../versions/drafts';
import { findSource, findVersion } from '../versions/find-version';
import { copyVersionJob } from './copy-job';

@InputType({ description: 'What to copy, and where to.' })
export class CopyVersionInput {
  @Field(() => ID, { description: 'The released version to copy.' })
  versionId!: string;

  @Field(() => ID, {
    description: 'The source whose draft gets the copy; another one than that of the version.',
  })
  dataSourceId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Only this unit and what stands below it; the whole version without it.',
  })
  subtree?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'With a subtree: the unit of the target that it shall hang below; the counterpart of its own parent without it.',
  })
  parentId?: string | null;

  @Field(() => AbsentUnits, {
    nullable: true,
    description: 'What becomes of units of the target that a whole version does not hold; KEEP without it.',
  })
  absentUnits?: keyof typeof AbsentUnits | null;
}

@Resolver()
export class CopyResolver {
  @Authorized('org_units.import')
  @Mutation(() => JobReference, {
    description:
      'Copies a released version, or a subtree of it, into the draft of another source, as a job: as a new tree where that is empty, else as an update of the units that are copies of, or bear the reference of, those copied. Groups and sets of groups that are missing are made; accepted links of the copied units to third sources are those of the copies too. Copies remember where they came from, so that a later merge has its common ancestor. All or nothing. The result is `{version, units {added changed removed}, groups {added}, groupSets {added}, links {added}}`. NOT_FOUND for version, source or unit; BAD_USER_INPUT for a copy into the same source; CONFLICT for a draft, a read-only target, and while another job holds it.',
  })
  async copyVersion(
    @Arg('input', () => CopyVersionInput, { description: 'What to copy.' }) input: CopyVersionInput,
    @Ctx() context: GeoContext,
  ): Promise<JobReference> {
    requireWholeTrees(context.db.actor, 'Copying a version');
    const version = await findVersion(context, input.versionId);
    const target = await findSource(context, input.dataSourceId);
    const { subtree, parentId, absentUnits } = input;
    if (subtree != null) await refuseMissing(context, subtree, version.dataSourceId, version.number);
    if (parentId != null) {
      const number = target.draftVersionNumber ?? target.releasedVersionNumber ?? 0;
      await refuseMissing(context, parentId, target.id, number);
    }
    refuseReadOnly(target);
    if (version.dataSourceId === target.id) {
      throw badInput('A version is copied into another source than its own.', {
        path: ['input', 'dataSourceId'],
      });
    }
    if (version.status === 'DRAFT') {
      throw conflict(
        'A draft changes, so a later merge would not know what both began from. Release it, and copy the release.',
        { path: ['input', 'versionId'] },
      );
    }
    if (subtree != null ? absentUnits === AbsentUnits.REMOVE : parentId != null) {
      throw badInput('parentId goes with a subtree, and REMOVE with a whole version.', { path: ['input'] });
    }
    const id = await context.db.transaction((tx) =>
      enqueue(tx, copyVersionJob, {
        versionId: version.id,
        dataSourceId: target.id,
        subtree: subtree ?? null,
        parentId: parentId ?? null,
        absentUnits: absentUnits ?? 'KEEP',
      }),
    );
    return JobReference.of(id);
  }
}

async function refuseMissing(
  context: GeoContext,
  unitId: string,
  dataSourceId: string,
  number: number,
): Promise<void> {
  if (!(await loaders.state(context).load({ unitId, dataSourceId, number })))
    throw notFound('OrgUnit', unitId);
}
