import { type Connection, type CursorScope, inOrderOf, PageArgs, pageOf, pageRequest } from '@iroko/graph';
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
import { RoleType } from '../roles/role-type';
import { type RoleRow, rolesByIds } from '../roles/roles.sql';
import { memberReach } from '../scope/members-in-scope';
import { ScopeType } from '../scope/scope-type';
import { originOf } from '../sign-in/source';
import { TeamType } from '../teams/team-type';
import { type TeamRow, teamsById } from '../teams/teams.sql';
import { userOf } from '../users/user-loader';
import { UserType } from '../users/user-type';
import { acceptInvitation, previewInvitation } from './accept-invitation';
import {
  InvitationConnection,
  InvitationFilterInput,
  InvitationPreviewType,
  InvitationType,
  InviteUserInput,
} from './invitation-type';
import { countInvitations, type InvitationSearch, invitationsById } from './invitations.sql';
import { inviteUser, resendInvitation, revokeInvitation } from './invite';

/** The list with what counting it needs. */
interface InvitationList extends Connection<InvitationType> {
  search: InvitationSearch;
}

@Resolver(() => InvitationConnection)
export class InvitationsResolver {
  @Authorized('users.read')
  @Query(() => InvitationConnection, {
    description:
      'The invitations of the account, the newest first. Who is limited to org units or projects sees those whose scope lies within that.',
  })
  async invitations(
    @Arg('filter', () => InvitationFilterInput, { nullable: true, description: 'Which invitations.' })
    filter: InvitationFilterInput | null | undefined,
    @Args() args: PageArgs,
    @Ctx() context: IdentityContext,
  ): Promise<InvitationList> {
    const { cursors } = context.services;
    const status = filter?.status ?? null;
    const scope: CursorScope = { list: 'invitations', account: context.db.account, filter: { status } };
    const page = pageRequest(args, cursors, scope);
    const before = page.after ? String(page.after[0]) : null;
    const search = { status, reach: await memberReach(context.db) };
    const rows = await invitationsById(context.db, search, before, page.limit);
    return Object.assign(
      pageOf<InvitationType>(rows, page, cursors, scope, ({ id }) => [id]),
      { search },
    );
  }

  @FieldResolver(() => Int, { description: 'How many there are on all pages.' })
  async totalCount(@Root() { search }: InvitationList, @Ctx() context: IdentityContext): Promise<number> {
    return (await countInvitations(context.db, search)).count;
  }
}

@Resolver(() => InvitationType)
export class InvitationResolver {
  @Authorized('users.manage')
  @Mutation(() => InvitationType, {
    description:
      'Mails an invitation. FORBIDDEN for a role that holds a permission that one does not hold; NOT_FOUND for a unit out of reach, a role and a team; BAD_USER_INPUT for a team of teams; CONFLICT for an address that is a member or has an open invitation.',
  })
  inviteUser(
    @Arg('input', () => InviteUserInput, { description: 'Whom, and what they will hold.' })
    input: InviteUserInput,
    @Ctx() context: IdentityContext,
  ): Promise<InvitationType> {
    return inviteUser(context.db, context.viewer, input);
  }

  @Authorized('users.manage')
  @Mutation(() => InvitationType, {
    description:
      'Mails an invitation again, open or expired, with a new link, good for another 14 days. CONFLICT for one that was accepted or revoked; FORBIDDEN as for inviteUser.',
  })
  resendInvitation(
    @Arg('id', () => ID, { description: 'The id of the invitation.' }) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<InvitationType> {
    return resendInvitation(context.db, context.viewer, id);
  }

  @Authorized('users.manage')
  @Mutation(() => InvitationType, {
    description:
      'Takes an invitation back: its links are refused. Revoking twice is no error. CONFLICT for one that was accepted.',
  })
  revokeInvitation(
    @Arg('id', () => ID, { description: 'The id of the invitation.' }) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<InvitationType> {
    return revokeInvitation(context.db, context.viewer, id);
  }

  @Query(() => InvitationPreviewType, {
    description:
      'What an invitation is about. Open to whoever has the link. BAD_USER_INPUT for a link that is unknown, expired or used, with `reason`; CONFLICT for one that was revoked.',
  })
  previewInvitation(
    @Arg('token', () => String, { description: 'What stands behind `invitation=` in the link.' })
    token: string,
    @Ctx() context: IdentityContext,
  ): Promise<InvitationPreviewType> {
    return previewInvitation(context.services.database, token);
  }

  @Mutation(() => String, {
    description:
      'Accepts an invitation, as the user of the invited address: a new one, or the one there is. Answers the slug of the account to sign in or to switch to. Open to whoever has the link. BAD_USER_INPUT for a link that is unknown, expired or used, with `reason`, and for a password that is easy to guess; UNAUTHENTICATED when the address has a user with another password; CONFLICT for one that was revoked, for a member, and when whoever invited may no longer give what it gives.',
  })
  acceptInvitation(
    @Arg('token', () => String, { description: 'What stands behind `invitation=` in the link.' })
    token: string,
    @Arg('password', () => String, {
      nullable: true,
      description:
        'The password: 10 to 1,000 characters, not easy to guess. Of somebody who has a user here, the present one; not needed by who is signed in as them.',
    })
    password: string | null | undefined,
    @Arg('firstName', () => String, { nullable: true, description: 'First name of a new user.' })
    firstName: string | null | undefined,
    @Arg('lastName', () => String, { nullable: true, description: 'Last name of a new user.' })
    lastName: string | null | undefined,
    @Arg('language', () => String, {
      nullable: true,
      description: 'Language of a new user: en, fr or pt; without it that of the invitation.',
    })
    language: string | null | undefined,
    @Ctx() context: IdentityContext,
  ): Promise<string> {
    const given = {
      token,
      password: password ?? null,
      firstName: firstName ?? null,
      lastName: lastName ?? null,
      language: language ?? null,
    };
    return acceptInvitation(context.services, context.viewer, given, originOf(context));
  }

  @FieldResolver(() => ScopeType, { description: 'How far the member will reach.' })
  scope(@Root() invitation: InvitationType): ScopeType {
    return ScopeType.of(invitation);
  }

  @FieldResolver(() => [RoleType], { description: 'The roles that the member will have, by name.' })
  async roles(@Root() { roleIds }: InvitationType, @Ctx() context: IdentityContext): Promise<RoleType[]> {
    const loader = context.loader<string, RoleRow | undefined>('invitation roles', async (ids) =>
      inOrderOf(ids, await rolesByIds(context.db, ids), ({ id }) => id),
    );
    const roles = await Promise.all(roleIds.map((id) => loader.load(id)));
    return roles
      .filter((role) => role !== undefined)
      .sort((one, other) => (one.nameKey < other.nameKey ? -1 : 1));
  }

  @FieldResolver(() => [TeamType], { description: 'The teams that the member will come into, by name.' })
  async teams(@Root() { teamIds }: InvitationType, @Ctx() context: IdentityContext): Promise<TeamRow[]> {
    const loader = context.loader<string, TeamRow | undefined>('teams', async (ids) =>
      inOrderOf(ids, await teamsById(context.db, ids), ({ id }) => id),
    );
    const teams = await Promise.all(teamIds.map((id) => loader.load(id)));
    return teams
      .filter((team) => team !== undefined)
      .sort((one, other) => (one.nameKey < other.nameKey ? -1 : 1));
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'Who invited, or sent it again since; null for whoever set the account up.',
  })
  invitedBy(
    @Root() { invitedBy }: InvitationType,
    @Ctx() context: IdentityContext,
  ): Promise<UserType | null> {
    return userOf(context, invitedBy);
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Who accepted; null before.' })
  acceptedBy(
    @Root() { acceptedBy }: InvitationType,
    @Ctx() context: IdentityContext,
  ): Promise<UserType | null> {
    return userOf(context, acceptedBy);
  }
}
