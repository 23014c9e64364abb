import { type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { loaders } from '../loaders';
import { createType } from './edit-type';
import { countTypes, type TypeRow, typesByName } from './type.sql';
import { CreateOrgUnitTypeInput, OrgUnitTypeConnection, OrgUnitTypeType } from './type-type';

@Resolver()
export class OrgUnitTypeResolver {
  @Authorized('org_units.read')
  @Query(() => OrgUnitTypeConnection, { description: 'The types of the account, by name.' })
  async orgUnitTypes(
    @Args() args: PageArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<TypeRow>> {
    const { cursors } = context.services;
    const scope: CursorScope = { list: 'orgUnitTypes', account: context.db.account };
    const page = pageRequest(args, cursors, scope);
    const after = page.after && { nameKey: String(page.after[0]), id: String(page.after[1]) };
    const rows = await typesByName(context.db, after, page.limit);
    const connection = pageOf(rows, page, cursors, scope, (row) => [row.nameKey, row.id]);
    return counted(connection, () => countTypes(context.db));
  }

  @Authorized('org_units.read')
  @Query(() => OrgUnitTypeType, {
    nullable: true,
    description: 'One type; null when there is none of that id.',
  })
  async orgUnitType(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<TypeRow | null> {
    return (await loaders.type(context).load(id)) ?? null;
  }

  @Authorized('types.edit')
  @Mutation(() => OrgUnitTypeType, {
    description: 'Makes a type. CONFLICT when the name is taken, apart from accents and capitals.',
  })
  createOrgUnitType(
    @Arg('input', () => CreateOrgUnitTypeInput, { description: 'The new type.' })
    input: CreateOrgUnitTypeInput,
    @Ctx() context: GeoContext,
  ): Promise<TypeRow> {
    return createType(context.db, input);
  }
}
