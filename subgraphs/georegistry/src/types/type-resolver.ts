import { projectInScope } from '@iroko/viewer';
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
import { loaders } from '../loaders';
import { pageByName, RecordsArgs } from '../records-by-name';
import { createType, deleteType, restoreType, revertTypeChange, updateType } from './edit-type';
import { FormReference } from './form-reference';
import { countTypes, type TypeRow, typesByName } from './type.sql';
import {
  CreateOrgUnitTypeInput,
  OrgUnitTypeConnection,
  OrgUnitTypeType,
  UpdateOrgUnitTypeInput,
} from './type-type';

const NULLABLE = ['depth', 'category', 'subTypeIds', 'creatorRoleIds', 'projectIds'] as const;

@Resolver(() => OrgUnitTypeType)
export class OrgUnitTypeResolver {
  @Authorized('org_units.read')
  @Query(() => OrgUnitTypeConnection, { description: 'The types of the account, by name.' })
  async orgUnitTypes(
    @Args() args: RecordsArgs,
    @Ctx() context: GeoContext,
  ): Promise<CountedConnection<TypeRow>> {
    const { db } = context;
    return pageByName(context, args, {
      name: 'orgUnitTypes',
      read: (after, limit) => typesByName(db, args.deleted, after, limit),
      count: () => countTypes(db, args.deleted),
    });
  }

  @Authorized('org_units.read')
  @Query(() => OrgUnitTypeType, {
    nullable: true,
    description: 'One type, a deleted one too; null when there is none of that id.',
  })
  async orgUnitType(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<TypeRow | null> {
    return (await loaders.type(context).load(id)) ?? null;
  }

  @FieldResolver(() => [OrgUnitTypeType], {
    nullable: true,
    description: 'The types that may stand right below a unit of it, by name; null when any may.',
  })
  async subTypes(@Root() type: TypeRow, @Ctx() context: GeoContext): Promise<TypeRow[] | null> {
    if (type.subTypeIds === null) return null;
    const types = await Promise.all(type.subTypeIds.map((id) => loaders.type(context).load(id)));
    return types
      .filter((found) => found !== undefined && found.deletedAt === null)
      .map((found) => found as TypeRow)
      .sort((a, b) => (a.nameKey < b.nameKey ? -1 : 1));
  }

  @FieldResolver(() => [FormReference], {
    nullable: 'items',
    description: 'The forms whose latest answer describes a unit of it; null for one that is gone.',
  })
  referenceForms(@Root() type: TypeRow): FormReference[] {
    return type.referenceFormIds.map((id) => Object.assign(new FormReference(), { id }));
  }

  @FieldResolver(() => [ID], {
    nullable: true,
    description:
      'The projects that work with units of it, of those in your scope; null when all projects do. Lists of units are filtered by it; it hides nothing from anybody.',
  })
  projectIds(@Root() type: TypeRow, @Ctx() { db }: GeoContext): string[] | null {
    return type.projectIds?.filter((id) => projectInScope(db.actor.scope, id)) ?? null;
  }

  @Authorized('types.edit')
  @Mutation(() => OrgUnitTypeType, {
    description:
      'Makes a type. BAD_USER_INPUT for sub types that would lead in a circle; CONFLICT when the name is taken, apart from accents and capitals.',
  })
  createOrgUnitType(
    @Arg('input', () => CreateOrgUnitTypeInput, { description: 'The new type.' })
    input: CreateOrgUnitTypeInput,
    @Ctx() context: GeoContext,
  ): Promise<TypeRow> {
    return createType(context.db, { ...givenFields(input, NULLABLE), name: input.name });
  }

  @Authorized('types.edit')
  @Mutation(() => OrgUnitTypeType, {
    description:
      'Changes a type. What stands in trees already stays; the quality report lists what a new rule does not allow. NOT_FOUND; BAD_USER_INPUT for sub types that would lead in a circle; CONFLICT when it changed meanwhile or the name is taken.',
  })
  updateOrgUnitType(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision that the change begins from.' })
    expectedRevision: number,
    @Arg('input', () => UpdateOrgUnitTypeInput, { description: 'What to change.' })
    input: UpdateOrgUnitTypeInput,
    @Ctx() context: GeoContext,
  ): Promise<TypeRow> {
    return updateType(context.db, id, expectedRevision, givenFields(input, NULLABLE));
  }

  @Authorized('types.edit')
  @Mutation(() => OrgUnitTypeType, {
    description:
      'Takes an edit of a type back, as a new change that names it: the fields that the event changed become what they were before it. NOT_FOUND for an event of something else; BAD_USER_INPUT for one that is no edit, such as a creation; CONFLICT with the fields that were changed again since; otherwise errors as updateOrgUnitType.',
  })
  revertOrgUnitTypeChange(
    @Arg('event', () => ID, { description: 'The id of the ChangeEvent.' }) event: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, kept in the log.' }) reason:
      | string
      | null,
    @Ctx() context: GeoContext,
  ): Promise<TypeRow> {
    return revertTypeChange(context.db, event, reason);
  }

  @Authorized('types.edit')
  @Mutation(() => OrgUnitTypeType, {
    description:
      'Deletes a type, which can be restored for 30 days. Versions of old go on showing it. NOT_FOUND; CONFLICT when it changed meanwhile, and while a draft or a current version holds units of it.',
  })
  deleteOrgUnitType(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision that is meant.' })
    expectedRevision: number,
    @Ctx() context: GeoContext,
  ): Promise<TypeRow> {
    return deleteType(context.db, id, expectedRevision);
  }

  @Authorized('types.edit')
  @Mutation(() => OrgUnitTypeType, {
    description:
      'Brings a deleted type back. NOT_FOUND when none of that id is deleted; CONFLICT after 30 days, and when its name is taken by now.',
  })
  restoreOrgUnitType(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: GeoContext,
  ): Promise<TypeRow> {
    return restoreType(context.db, id);
  }
}
