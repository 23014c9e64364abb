import { isId } from '@iroko/database';
import {
  type Connection,
  type CursorScope,
  groupedBy,
  inOrderOf,
  PageArgs,
  pageOf,
  pageRequest,
} from '@iroko/graph';
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
import { userOf } from '../users/user-loader';
import { UserType } from '../users/user-type';
import { CreateTeamInput, TeamConnection, TeamType, UpdateTeamInput } from './team-type';
import { createTeam, removeTeam, revertTeamChange, updateTeam } from './teams';
import { countTeams, type TeamRow, teamsById, teamsByName, teamsWithin, usersOfTeams } from './teams.sql';

@Resolver(() => TeamConnection)
export class TeamConnectionResolver {
  @FieldResolver(() => Int, { description: 'How many there are on all pages.' })
  async totalCount(@Ctx() context: IdentityContext): Promise<number> {
    return (await countTeams(context.db)).count;
  }
}

@Resolver(() => TeamType)
export class TeamResolver {
  @Authorized('users.read')
  @Query(() => TeamConnection, { description: 'The teams of the account, by name.' })
  async teams(@Args() args: PageArgs, @Ctx() context: IdentityContext): Promise<Connection<TeamRow>> {
    const { cursors } = context.services;
    const scope: CursorScope = { list: 'teams', account: context.db.account };
    const page = pageRequest(args, cursors, scope);
    const after = page.after && { nameKey: String(page.after[0]), id: String(page.after[1]) };
    const rows = await teamsByName(context.db, after, page.limit);
    return pageOf(rows, page, cursors, scope, ({ nameKey, id }) => [nameKey, id]);
  }

  @Authorized('users.read')
  @Query(() => TeamType, { nullable: true, description: 'One team; null when there is none of that id.' })
  async team(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<TeamRow | null> {
    return (isId(id) && (await teamsById(context.db, [id]))[0]) || null;
  }

  @FieldResolver(() => TeamType, { nullable: true, description: 'The team of teams that it is in.' })
  async parent(@Root() { parentId }: TeamType, @Ctx() context: IdentityContext): Promise<TeamRow | null> {
    if (parentId === null) return null;
    const teams = context.loader<string, TeamRow | undefined>('teams', async (ids) =>
      inOrderOf(ids, await teamsById(context.db, ids), (team) => team.id),
    );
    return (await teams.load(parentId)) ?? null;
  }

  @FieldResolver(() => [TeamType], { description: 'The teams in it, by name; none in a team of users.' })
  subteams(@Root() { id }: TeamType, @Ctx() context: IdentityContext): Promise<TeamRow[]> {
    return context
      .loader<string, TeamRow[]>('teams within', async (ids) =>
        groupedBy(ids, await teamsWithin(context.db, ids), ({ parentId }) => parentId),
      )
      .load(id);
  }

  @FieldResolver(() => [UserType], { description: 'The people in it; none in a team of teams.' })
  async users(@Root() { id }: TeamType, @Ctx() context: IdentityContext): Promise<UserType[]> {
    const members = await context
      .loader<string, { userId: string }[]>('users of teams', async (ids) =>
        groupedBy(ids, await usersOfTeams(context.db, ids), ({ teamId }) => teamId),
      )
      .load(id);
    const users = await Promise.all(members.map(({ userId }) => userOf(context, userId)));
    return users.filter((user) => user !== null);
  }

  @Authorized('teams.edit')
  @Mutation(() => TeamType, {
    description:
      "Makes a team. BAD_USER_INPUT, also for people in a team of teams and the reverse; NOT_FOUND for a user or team; FORBIDDEN for oneself, and for people and teams beyond one's scope; CONFLICT for a name that is taken.",
  })
  createTeam(
    @Arg('input', () => CreateTeamInput, { description: 'The new team.' }) input: CreateTeamInput,
    @Ctx() context: IdentityContext,
  ): Promise<TeamRow> {
    return createTeam(context.db, input);
  }

  @Authorized('teams.edit')
  @Mutation(() => TeamType, {
    description:
      'Changes a team. Errors as createTeam; BAD_USER_INPUT for a team that would be within itself; CONFLICT for another revision.',
  })
  updateTeam(
    @Arg('input', () => UpdateTeamInput, { description: 'What to change.' }) input: UpdateTeamInput,
    @Ctx() context: IdentityContext,
  ): Promise<TeamRow> {
    return updateTeam(context.db, input);
  }

  @Authorized('teams.edit')
  @Mutation(() => TeamType, {
    description:
      'Takes an edit of a team back, as a new change that names it: the fields that the event changed become what they were before it. NOT_FOUND for an event of something else; BAD_USER_INPUT for one that is no edit, such as a creation; CONFLICT with the fields that were changed again since; otherwise errors as updateTeam.',
  })
  revertTeamChange(
    @Arg('event', () => ID, { description: 'The id of the ChangeEvent.' }) event: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, kept in the log.' }) reason:
      | string
      | null,
    @Ctx() context: IdentityContext,
  ): Promise<TeamRow> {
    return revertTeamChange(context.db, event, reason);
  }

  @Authorized('teams.edit')
  @Mutation(() => Boolean, {
    description:
      "Removes a team; its people stay members of the account. Answers true. NOT_FOUND; FORBIDDEN when people beyond one's scope are in it; CONFLICT for another revision and while teams are in it.",
  })
  async removeTeam(
    @Arg('id', () => ID, { description: 'The id of the team.' }) id: string,
    @Arg('expectedRevision', () => Int, {
      description: 'The revision that was read; another one is answered CONFLICT.',
    })
    expectedRevision: number,
    @Ctx() context: IdentityContext,
  ): Promise<boolean> {
    await removeTeam(context.db, id, expectedRevision);
    return true;
  }
}
