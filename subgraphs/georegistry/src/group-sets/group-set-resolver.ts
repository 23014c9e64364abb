import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { GeoContext } from '../context';
import type { CountedConnection } from '../counted-connection';
import { givenFields } from '../given-fields';
import type { GroupRow } from '../groups/group.sql';
import { GroupType } from '../groups/group-type';
import { loaders } from '../loaders';
import { pageByName, RecordsArgs } from '../records-by-name';
import { findSource } from '../versions/find-version';
import {
  createGroupSet,
  deleteGroupSet,
  restoreGroupSet,
  revertGroupSetChange,
  updateGroupSet,
} from './edit-group-set';
import { countGroupSets, type GroupSetRow, groupSetsByName } from './group-set.sql';
import { CreateGroupSetInput, GroupSetConnection, GroupSetType, UpdateGroupSetInput } from './group-set-type';

@Resolver(() => GroupSetType)
export class GroupSetResolver {
  @Authorized('org_units.read')
  @Query(() => GroupSetConnection, {
    description: 'The sets of groups of a source, by name. NOT_FOUND for the source.',
  })
  async groupSets(
    @Arg('dataSource', () => ID, { description: 'The id of the source.' }) dataSource: string,
    @Args() args: RecordsArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<GroupSetRow>> {
    const { db } = context;
    const { id } = await findSource(context, dataSource);
    return pageByName(context, args, {
      name: 'groupSets',
      filter: { dataSource: id },
      read: (after, limit) => groupSetsByName(db, id, args.deleted, after, limit),
      count: () => countGroupSets(db, id, args.deleted),
    });
  }

  @FieldResolver(() => [GroupType], { description: 'Its groups, by name.' })
  async groups(@Root() set: GroupSetRow, @Ctx() context: GeoContext): Promise<GroupRow[]> {
    const groups = await Promise.all(set.groupIds.map((id) => loaders.group(context).load(id)));
    return groups
      .filter((group) => group !== undefined && group.deletedAt === null)
      .map((group) => group as GroupRow)
      .sort((a, b) => (a.nameKey < b.nameKey ? -1 : a.nameKey > b.nameKey ? 1 : a.id < b.id ? -1 : 1));
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupSetType, {
    description:
      'Makes a set of groups. NOT_FOUND for the source; BAD_USER_INPUT for groups of another source; CONFLICT for a taken reference, a read-only source, and for SINGLE while units are in several of the groups.',
  })
  createGroupSet(
    @Arg('input', () => CreateGroupSetInput, { description: 'The new set.' }) input: CreateGroupSetInput,
    @Ctx() context: GeoContext,
  ): Promise<GroupSetRow> {
    const { dataSourceId, ...fields } = input;
    return createGroupSet(context.db, dataSourceId, { ...givenFields(fields, []), name: input.name });
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupSetType, {
    description:
      'Changes a set of groups. NOT_FOUND; BAD_USER_INPUT for groups of another source; CONFLICT when it changed meanwhile, for a taken reference, a read-only source, and for SINGLE while units are in several of the groups.',
  })
  updateGroupSet(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision that the change begins from.' })
    expectedRevision: number,
    @Arg('input', () => UpdateGroupSetInput, { description: 'What to change.' }) input: UpdateGroupSetInput,
    @Ctx() context: GeoContext,
  ): Promise<GroupSetRow> {
    return updateGroupSet(context.db, id, expectedRevision, givenFields(input, []));
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupSetType, {
    description:
      'Takes an edit of a set of groups back, as a new change that names it: the fields that the event changed become what they were before it. NOT_FOUND for an event of something else; BAD_USER_INPUT for one that is no edit, such as a creation; CONFLICT with the fields that were changed again since; otherwise errors as updateGroupSet.',
  })
  revertGroupSetChange(
    @Arg('event', () => ID, { description: 'The id of the ChangeEvent.' }) event: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, kept in the log.' }) reason:
      | string
      | null,
    @Ctx() context: GeoContext,
  ): Promise<GroupSetRow> {
    return revertGroupSetChange(context.db, event, reason);
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupSetType, {
    description:
      'Deletes a set; its groups stay. It can be restored for 30 days. NOT_FOUND; CONFLICT when it changed meanwhile, and for a read-only source.',
  })
  deleteGroupSet(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision that is meant.' })
    expectedRevision: number,
    @Ctx() context: GeoContext,
  ): Promise<GroupSetRow> {
    return deleteGroupSet(context.db, id, expectedRevision);
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupSetType, {
    description:
      'Brings a deleted set back. NOT_FOUND when none of that id is deleted; CONFLICT after 30 days, for a read-only source, and when units are in several groups of a SINGLE set by now.',
  })
  restoreGroupSet(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<GroupSetRow> {
    return restoreGroupSet(context.db, id);
  }
}
