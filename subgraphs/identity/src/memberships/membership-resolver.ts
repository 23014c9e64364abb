import { type Connection, type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
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
import type { IdentityContext } from '../context';
import { NO_LIMIT } from '../scope/member-scope';
import { scopesOfMemberships } from '../scope/member-scope.sql';
import { memberReach } from '../scope/members-in-scope';
import { ScopeType } from '../scope/scope-type';
import { userOf } from '../users/user-loader';
import { UserConnection, UserType } from '../users/user-type';
import { shownTo } from '../users/users';
import { changeRole, endMembership, updateMembership } from './change-membership';
import type { MemberSearch } from './member-search.sql';
import { MembershipType, UpdateMembershipInput, UserFilterInput } from './membership-type';
import { membershipsHere } from './memberships';
import { countMembers, membersById } from './memberships.sql';
import { userFilter } from './user-filter';

/** The list with what counting it needs. */
interface UserList extends Connection<UserType> {
  search: MemberSearch;
}

const USER_ID = { description: 'The id of the user.' };
const ROLE_ID = { description: 'The id of the role.' };

@Resolver(() => UserConnection)
export class UsersResolver {
  @Authorized('users.read')
  @Query(() => UserConnection, {
    description:
      'The users of the account, the one known longest first. Who is limited to org units or projects sees themselves and those whose scope lies within that.',
  })
  async users(
    @Arg('filter', () => UserFilterInput, { nullable: true, description: 'Which users.' })
    asked: UserFilterInput | null | undefined,
    @Args() args: PageArgs,
    @Ctx() context: IdentityContext,
  ): Promise<UserList> {
    const { cursors } = context.services;
    const filter = userFilter(asked);
    const scope: CursorScope = { list: 'users', account: context.db.account, filter };
    const page = pageRequest(args, cursors, scope);
    const after = page.after ? String(page.after[0]) : null;
    const search = { filter, reach: await memberReach(context.db) };
    const rows = await membersById(context.db, search, after, page.limit);
    const users = rows.map((row) => shownTo(context, row));
    return Object.assign(
      pageOf(users, page, cursors, scope, ({ id }) => [id]),
      { search },
    );
  }

  @FieldResolver(() => Int, { description: 'How many there are on all pages.' })
  async totalCount(@Root() { search }: UserList, @Ctx() context: IdentityContext): Promise<number> {
    return (await countMembers(context.db, search)).count;
  }
}

@Resolver(() => MembershipType)
export class MembershipScopeResolver {
  @FieldResolver(() => ScopeType, {
    nullable: true,
    description: 'How far the member reaches within that account.',
  })
  scope(@Root() { userId, account }: MembershipType, @Ctx() context: IdentityContext): Promise<ScopeType> {
    const keyOf = (key: { accountId: string; userId: string }) => `${key.accountId} ${key.userId}`;
    const scopes = context.loader<{ accountId: string; userId: string }, ScopeType>(
      'scopes of memberships',
      async (keys) => {
        const rows = await scopesOfMemberships(context.services.database.system, keys);
        const found = new Map(rows.map((row) => [keyOf(row), row]));
        return keys.map((key) => ScopeType.of(found.get(keyOf(key)) ?? NO_LIMIT));
      },
      keyOf,
    );
    return scopes.load({ accountId: account.id, userId });
  }
}

@Resolver(() => UserType)
export class MembershipResolver {
  @FieldResolver(() => MembershipType, {
    nullable: true,
    description:
      'Roles and permissions in the account of the viewer; null unless it is oneself, or the viewer holds users.read and reaches as far as the user.',
  })
  async membership(
    @Root() { id }: UserType,
    @Ctx() context: IdentityContext,
  ): Promise<MembershipType | undefined> {
    const { viewer } = context;
    if (viewer.accountId === null) return undefined;
    if (viewer.userId !== id && !viewer.permissions.has('users.read')) return undefined;
    const memberships = context.loader<string, MembershipType | undefined>('memberships', (ids) =>
      membershipsHere(context, ids),
    );
    return memberships.load(id);
  }

  @Authorized('users.manage')
  @Mutation(() => UserType, {
    description:
      'Changes what is given to a member directly, and how far they reach. FORBIDDEN for oneself, for a member whose scope goes beyond that of the viewer, and for a permission that one does not hold; NOT_FOUND for a unit, project or type that one does not reach; CONFLICT for another revision.',
  })
  async updateMembership(
    @Arg('input', () => UpdateMembershipInput, { description: 'What to change.' })
    input: UpdateMembershipInput,
    @Ctx() context: IdentityContext,
  ): Promise<UserType | null> {
    await updateMembership(context.db, context.viewer, input);
    return userOf(context, input.userId);
  }

  @Authorized('users.manage')
  @Mutation(() => UserType, {
    description:
      'Ends a membership: sessions and API tokens of the person in this account end, roles and permissions are taken, what they did stays. FORBIDDEN for oneself and for a member who holds a permission that one does not hold.',
  })
  async endMembership(
    @Arg('userId', () => ID, USER_ID) userId: string,
    @Ctx() context: IdentityContext,
  ): Promise<UserType | null> {
    await endMembership(context.services.database, context.viewer, userId, context.requestId);
    return userOf(context, userId);
  }

  @Authorized('roles.manage')
  @Mutation(() => UserType, {
    description:
      'Gives a role to a member; giving it twice is no error. FORBIDDEN for oneself and for a role that holds a permission that one does not hold.',
  })
  async giveRole(
    @Arg('userId', () => ID, USER_ID) userId: string,
    @Arg('roleId', () => ID, ROLE_ID) roleId: string,
    @Ctx() context: IdentityContext,
  ): Promise<UserType | null> {
    await changeRole(context.db, context.viewer, 'GIVE_ROLE', { userId, roleId });
    return userOf(context, userId);
  }

  @Authorized('roles.manage')
  @Mutation(() => UserType, {
    description:
      'Takes a role from a member; taking it twice is no error. FORBIDDEN for oneself and for a role that holds a permission that one does not hold.',
  })
  async takeRole(
    @Arg('userId', () => ID, USER_ID) userId: string,
    @Arg('roleId', () => ID, ROLE_ID) roleId: string,
    @Ctx() context: IdentityContext,
  ): Promise<UserType | null> {
    await changeRole(context.db, context.viewer, 'TAKE_ROLE', { userId, roleId });
    return userOf(context, userId);
  }
}
