import { Arg, Args, Authorized, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import type { CountedConnection } from '../counted-connection';
import { givenFields } from '../given-fields';
import { pageByName, RecordsArgs } from '../records-by-name';
import { findSource } from '../versions/find-version';
import { createGroup, deleteGroup, restoreGroup, revertGroupChange, updateGroup } from './edit-group';
import { countGroups, type GroupRow, groupsByName } from './group.sql';
import { CreateGroupInput, GroupConnection, GroupType, UpdateGroupInput } from './group-type';

@Resolver()
export class GroupResolver {
  @Authorized('org_units.read')
  @Query(() => GroupConnection, { description: 'The groups of a source, by name. NOT_FOUND for the source.' })
  async groups(
    @Arg('dataSource', () => ID, { description: 'The id of the source.' }) dataSource: string,
    @Args() args: RecordsArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<GroupRow>> {
    const { db } = context;
    const { id } = await findSource(context, dataSource);
    return pageByName(context, args, {
      name: 'groups',
      filter: { dataSource: id },
      read: (after, limit) => groupsByName(db, id, args.deleted, after, limit),
      count: () => countGroups(db, id, args.deleted),
    });
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupType, {
    description:
      'Makes a group. NOT_FOUND for the source; CONFLICT when its reference is taken there, and for a read-only source.',
  })
  createGroup(
    @Arg('input', () => CreateGroupInput, { description: 'The new group.' }) input: CreateGroupInput,
    @Ctx() context: GeoContext,
  ): Promise<GroupRow> {
    return createGroup(context.db, input);
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupType, {
    description:
      'Changes a group. NOT_FOUND; CONFLICT when it changed meanwhile, its reference is taken, or the source is read-only.',
  })
  updateGroup(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision that the change begins from.' })
    expectedRevision: number,
    @Arg('input', () => UpdateGroupInput, { description: 'What to change.' }) input: UpdateGroupInput,
    @Ctx() context: GeoContext,
  ): Promise<GroupRow> {
    return updateGroup(context.db, id, expectedRevision, givenFields(input, []));
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupType, {
    description:
      'Takes an edit of a group back, as a new change that names it: the fields that the event changed become what they were before it. NOT_FOUND for an event of something else; BAD_USER_INPUT for one that is no edit, such as a creation; CONFLICT with the fields that were changed again since; otherwise errors as updateGroup.',
  })
  revertGroupChange(
    @Arg('event', () => ID, { description: 'The id of the ChangeEvent.' }) event: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, kept in the log.' }) reason:
      | string
      | null,
    @Ctx() context: GeoContext,
  ): Promise<GroupRow> {
    return revertGroupChange(context.db, event, reason);
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupType, {
    description:
      'Deletes a group, which can be restored for 30 days. NOT_FOUND; CONFLICT when it changed meanwhile, while the draft or the current version has units in it, and for a read-only source.',
  })
  deleteGroup(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision that is meant.' })
    expectedRevision: number,
    @Ctx() context: GeoContext,
  ): Promise<GroupRow> {
    return deleteGroup(context.db, id, expectedRevision);
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupType, {
    description:
      'Brings a deleted group back. NOT_FOUND when none of that id is deleted; CONFLICT after 30 days, and for a read-only source.',
  })
  restoreGroup(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<GroupRow> {
    return restoreGroup(context.db, id);
  }
}
