import { JobReference } from '@iroko/jobs';
import { Arg, Authorized, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import { findVersion } from '../versions/find-version';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import { SourceVersionType } from '../versions/version-type';
import { createUnit, updateUnit } from './edit-unit';
import { StateAnswer } from './place-answer';
import { OrgUnitStateType } from './place-type';
import { removeUnit } from './remove-unit';
import { restoreUnit } from './restore-unit';
import { revertUnitChange } from './revert-change';
import type { StateRow } from './state';
import { CreateOrgUnitInput, UpdateOrgUnitInput, unitFields } from './unit-input';

@ObjectType({ description: 'What is removed from a draft.', simpleResolvers: true })
export class RemovedOrgUnits {
  @Field(() => Int, {
    description: 'How many units, descendants included: taken out, or to be taken out by the job.',
  })
  removedUnits!: number;

  @Field(() => JobReference, {
    nullable: true,
    description: 'The job that takes them out, when there are more than 1,000; null when it is done.',
  })
  job!: JobReference | null;

  @Field(() => SourceVersionType, { description: 'The draft that no longer holds them.' })
  version!: VersionAnswer;
}

const revisionArg = { description: 'The revision that the edit begins from.' };
const reasonArg = { nullable: true, description: 'Why, kept in the log.' } as const;

@Resolver()
export class EditOrgUnitResolver {
  @Authorized('org_units.edit')
  @Mutation(() => OrgUnitStateType, {
    description:
      'Makes a unit in the draft, which is opened when there is none. NOT_FOUND for the source; BAD_USER_INPUT; CONFLICT for a taken reference, a read-only source, and while a job holds the draft.',
  })
  async createOrgUnit(
    @Arg('input', () => CreateOrgUnitInput, { description: 'The new unit.' }) input: CreateOrgUnitInput,
    @Arg('reason', () => String, reasonArg) reason: string | null,
    @Ctx() context: GeoContext,
  ): Promise<StateAnswer> {
    const { dataSourceId, reference, ...rest } = input;
    const fields = { ...unitFields(rest), name: input.name, reference: reference ?? undefined };
    const row = await createUnit(context.db, dataSourceId, fields, { reason: reason ?? undefined });
    return answer(context, row);
  }

  @Authorized('org_units.edit')
  @Mutation(() => OrgUnitStateType, {
    description:
      'Edits a unit in the draft, which is opened when there is none; what is left out stays as it is. A new parent moves it with everything below it, at most 1,000 units (LIMIT_EXCEEDED: bulkEditOrgUnits moves more, as a job). NOT_FOUND; BAD_USER_INPUT; CONFLICT (with both revisions and the fields that differ) when it changed meanwhile, for a read-only source, and while a job holds the draft.',
  })
  async updateOrgUnit(
    @Arg('id', () => ID, { description: 'The id of the unit.' }) id: string,
    @Arg('expectedRevision', () => Int, revisionArg) expectedRevision: number,
    @Arg('input', () => UpdateOrgUnitInput, { description: 'What to change.' }) input: UpdateOrgUnitInput,
    @Arg('reason', () => String, reasonArg) reason: string | null,
    @Ctx() context: GeoContext,
  ): Promise<StateAnswer> {
    const words = { reason: reason ?? undefined };
    return answer(context, await updateUnit(context.db, id, expectedRevision, unitFields(input), words));
  }

  @Authorized('org_units.edit')
  @Mutation(() => OrgUnitStateType, {
    description:
      'Marks a unit as one that should not be in the tree; it stays in the draft as REJECTED. Errors as updateOrgUnit.',
  })
  async rejectOrgUnit(
    @Arg('id', () => ID, { description: 'The id of the unit.' }) id: string,
    @Arg('expectedRevision', () => Int, revisionArg) expectedRevision: number,
    @Arg('reason', () => String, { description: 'Why, kept in the log.' }) reason: string,
    @Ctx() context: GeoContext,
  ): Promise<StateAnswer> {
    const words = { reason, action: 'REJECT' as const };
    return answer(context, await updateUnit(context.db, id, expectedRevision, { status: 'REJECTED' }, words));
  }

  @Authorized('org_units.edit')
  @Mutation(() => OrgUnitStateType, {
    description:
      'Makes a unit in the draft what an earlier version says of it, as a new change; one that was removed comes back with its id. Its expectedRevision is that of its last state. NOT_FOUND for the version and where it does not hold the unit; BAD_USER_INPUT when the parent, the type or a group of then is no more; otherwise errors as updateOrgUnit.',
  })
  async restoreOrgUnitState(
    @Arg('id', () => ID, { description: 'The id of the unit.' }) id: string,
    @Arg('version', () => ID, { description: 'The id of the version that has it as it shall be again.' })
    version: string,
    @Arg('expectedRevision', () => Int, revisionArg) expectedRevision: number,
    @Arg('reason', () => String, reasonArg) reason: string | null,
    @Ctx() context: GeoContext,
  ): Promise<StateAnswer> {
    const found = await findVersion(context, version);
    const words = { reason: reason ?? undefined };
    return answer(context, await restoreUnit(context.db, id, found, expectedRevision, words));
  }

  @Authorized('org_units.edit')
  @Mutation(() => OrgUnitStateType, {
    description:
      'Takes an edit of a unit back, as a new change: the fields that the event changed become what they were before it. NOT_FOUND for an event that is none of a unit; BAD_USER_INPUT for one that is no edit, such as a creation; CONFLICT with the fields that were changed again since; otherwise errors as updateOrgUnit.',
  })
  async revertOrgUnitChange(
    @Arg('event', () => ID, { description: 'The id of the ChangeEvent.' }) event: string,
    @Arg('reason', () => String, reasonArg) reason: string | null,
    @Ctx() context: GeoContext,
  ): Promise<StateAnswer> {
    return answer(context, await revertUnitChange(context.db, event, reason));
  }

  @Authorized('org_units.edit')
  @Mutation(() => RemovedOrgUnits, {
    description:
      'Takes a unit out of the draft, which is opened when there is none; released versions keep it. More than 1,000 units are taken out by a job. NOT_FOUND; CONFLICT when it changed meanwhile, when it has children that shall not go along, for a read-only source, and while a job holds the draft.',
  })
  async removeOrgUnit(
    @Arg('id', () => ID, { description: 'The id of the unit.' }) id: string,
    @Arg('expectedRevision', () => Int, revisionArg) expectedRevision: number,
    @Arg('withDescendants', () => Boolean, {
      defaultValue: false,
      description: 'Whether everything below it goes along.',
    })
    withDescendants: boolean,
    @Arg('reason', () => String, reasonArg) reason: string | null,
    @Ctx() context: GeoContext,
  ): Promise<RemovedOrgUnits> {
    const words = { reason: reason ?? undefined };
    const { removedUnits, draft, jobId } = await removeUnit(
      context.db,
      id,
      expectedRevision,
      withDescendants,
      words,
    );
    const job = jobId === null ? null : JobReference.of(jobId);
    return { removedUnits, job, version: versionAnswer(draft) };
  }
}

async function answer(context: GeoContext, row: StateRow): Promise<StateAnswer> {
  const { dataSourceId, versionNumber: number } = row;
  const version = await loaders.versionByNumber(context).load({ dataSourceId, number });
  if (!version) throw new Error(`Version ${number} of the source ${dataSourceId} is gone.`);
  return new StateAnswer(row, version);
}
