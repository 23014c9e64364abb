import { type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { findSource } from '../versions/find-version';
import { createGroup } from './edit-group';
import { countGroups, type GroupRow, groupsByName } from './group.sql';
import { CreateGroupInput, GroupConnection, GroupType } from './group-type';

@Resolver()
export class GroupResolver {
  @Authorized('org_units.read')
  @Query(() => GroupConnection, { description: 'The groups of a source, by name. NOT_FOUND for the source.' })
  async groups(
    @Arg('dataSource', () => ID, { description: 'The id of the source.' }) dataSource: string,
    @Args() args: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<GroupRow>> {
    const { id } = await findSource(context, dataSource);
    const { cursors } = context.services;
    const scope: CursorScope = { list: 'groups', account: context.db.account, filter: { dataSource: id } };
    const page = pageRequest(args, cursors, scope);
    const after = page.after && { nameKey: String(page.after[0]), id: String(page.after[1]) };
    const rows = await groupsByName(context.db, id, after, page.limit);
    const connection = pageOf(rows, page, cursors, scope, (row) => [row.nameKey, row.id]);
    return counted(connection, () => countGroups(context.db, id));
  }

  @Authorized('groups.edit')
  @Mutation(() => GroupType, {
    description: 'Makes a group. NOT_FOUND for the source; CONFLICT when its reference is taken there.',
  })
  createGroup(
    @Arg('input', () => CreateGroupInput, { description: 'The new group.' }) input: CreateGroupInput,
    @Ctx() context: GeoContext,
  ): Promise<GroupRow> {
    return createGroup(context.db, input);
  }
}
