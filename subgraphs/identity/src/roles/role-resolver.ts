import { type Connection, type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { ALL_PERMISSIONS, isModuleOn, MODULE_DESCRIPTIONS, MODULES, PERMISSIONS } from '@iroko/viewer';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { settingsOfAccount } from '../accounts/settings/settings.sql';
import type { IdentityContext } from '../context';
import { createRole, removeRole, revertRoleChange, updateRole } from './edit-roles';
import {
  CreateRoleInput,
  ModuleType,
  PermissionType,
  RoleConnection,
  RoleType,
  UpdateRoleInput,
} from './role-type';
import { countRoles, type RoleRow, rolesByName } from './roles.sql';

@Resolver(() => RoleConnection)
export class RoleResolver {
  @Query(() => [PermissionType], {
    description: 'Every permission there is, by module. Open to everybody: it is the same list everywhere.',
  })
  permissions(): PermissionType[] {
    return published();
  }

  @Query(() => [ModuleType], {
    description:
      'The permissions there are, grouped by module. Open to everybody; whoever is in an account is told which modules are on there.',
  })
  async modules(@Ctx() context: IdentityContext): Promise<ModuleType[]> {
    const inAccount = context.viewer.accountId !== null && context.viewer.kind !== 'anonymous';
    const switchedOn = inAccount ? (await settingsOfAccount(context.db)).modules : null;
    return MODULES.map((name) => ({
      name,
      description: MODULE_DESCRIPTIONS[name],
      isOn: isModuleOn(name, switchedOn),
      permissions: published().filter(({ module }) => module === name),
    }));
  }

  @Authorized('users.read')
  @Query(() => RoleConnection, { description: 'The roles of the account, by name.' })
  async roles(@Args() args: PageArgs, @Ctx() context: IdentityContext): Promise<Connection<RoleRow>> {
    const { cursors } = context.services;
    const scope: CursorScope = { list: 'roles', account: context.db.account };
    const page = pageRequest(args, cursors, scope);
    const after = page.after && { nameKey: String(page.after[0]), id: String(page.after[1]) };
    const rows = await rolesByName(context.db, after, page.limit);
    return pageOf(rows, page, cursors, scope, ({ nameKey, id }) => [nameKey, id]);
  }

  @FieldResolver(() => Int, { description: 'How many there are on all pages.' })
  async totalCount(@Ctx() context: IdentityContext): Promise<number> {
    return (await countRoles(context.db)).count;
  }

  @Authorized('roles.manage')
  @Mutation(() => RoleType, {
    description:
      'Makes a role. FORBIDDEN for a permission that one does not hold; CONFLICT for a name that is taken.',
  })
  createRole(
    @Arg('input', () => CreateRoleInput, { description: 'The new role.' }) input: CreateRoleInput,
    @Ctx() context: IdentityContext,
  ): Promise<RoleRow> {
    return createRole(context.db, context.viewer, input);
  }

  @Authorized('roles.manage')
  @Mutation(() => RoleType, {
    description:
      'Changes a role; whoever has it gains and loses at once, everywhere within 10 seconds. FORBIDDEN for adding or taking a permission that one does not hold; CONFLICT for another revision or a name that is taken.',
  })
  updateRole(
    @Arg('input', () => UpdateRoleInput, { description: 'What to change.' }) input: UpdateRoleInput,
    @Ctx() context: IdentityContext,
  ): Promise<RoleRow> {
    return updateRole(context.db, context.viewer, input);
  }

  @Authorized('roles.manage')
  @Mutation(() => RoleType, {
    description:
      'Takes an edit of a role back, as a new change that names it: the fields that the event changed become what they were before it. NOT_FOUND for an event of something else; BAD_USER_INPUT for one that is no edit, such as a creation; CONFLICT with the fields that were changed again since; otherwise errors as updateRole.',
  })
  revertRoleChange(
    @Arg('event', () => ID, { description: 'The id of the ChangeEvent.' }) event: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, kept in the log.' }) reason:
      | string
      | null,
    @Ctx() context: IdentityContext,
  ): Promise<RoleRow> {
    return revertRoleChange(context.db, context.viewer, event, reason);
  }

  @Authorized('roles.manage')
  @Mutation(() => Boolean, {
    description:
      'Removes a role and takes it from everybody who has it. Answers true. FORBIDDEN when it holds a permission that one does not hold, and for the role that holds every permission; CONFLICT for another revision.',
  })
  async removeRole(
    @Arg('id', () => ID, { description: 'The id of the role.' }) id: string,
    @Arg('expectedRevision', () => Int, {
      description: 'The revision that was read; another one is answered CONFLICT.',
    })
    expectedRevision: number,
    @Ctx() context: IdentityContext,
  ): Promise<boolean> {
    await removeRole(context.db, context.viewer, id, expectedRevision);
    return true;
  }
}

function published(): PermissionType[] {
  return ALL_PERMISSIONS.map((name) => ({ name, ...PERMISSIONS[name] }));
}
