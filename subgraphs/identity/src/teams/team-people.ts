/**
 * People put into teams and taken out of them one by one, while each team gets one change in the log at the end.
 */
import { recordChange } from '@iroko/changes';
import { type AccountTransaction, isId } from '@iroko/database';
import { badInput, limitExceeded, notFound } from '@iroko/errors';
import { USERS_MAX } from './teams';
import {
  addUsersTo,
  addUserTo,
  type InTeam,
  type TeamRow,
  takeUserFrom,
  takeUsersFrom,
  teamForChange,
  teamsById,
  teamsOfUser,
  updateTeamRow,
  usersOfTeams,
} from './teams.sql';

export class TeamPeople {
  private constructor(
    private readonly teams: ReadonlyMap<string, { team: TeamRow; userIds: readonly string[] }>,
  ) {}

  /** Holds the teams until the transaction ends. Throws NOT_FOUND, and BAD_USER_INPUT for a team of teams. */
  static async of(tx: AccountTransaction, teamIds: readonly string[]): Promise<TeamPeople> {
    const teams = new Map<string, { team: TeamRow; userIds: string[] }>();
    for (const id of [...new Set(teamIds)].sort()) {
      const team = isId(id) ? await teamForChange(tx, id) : undefined;
      if (!team) throw notFound('Team', id);
      if (team.kind !== 'USERS') {
        throw badInput(`${JSON.stringify(team.name)} is a team of teams: it holds no users.`, { teamId: id });
      }
      teams.set(id, { team, userIds: await idsIn(tx, id) });
    }
    return new TeamPeople(teams);
  }

  hasRoom(teamId: string): boolean {
    return (this.teams.get(teamId)?.userIds.length ?? 0) < USERS_MAX;
  }

  /** Whether it changed anything. */
  async add(tx: AccountTransaction, teamId: string, userId: string): Promise<boolean> {
    return (await addUserTo(tx, teamId, userId)) > 0;
  }

  /** Whether it changed anything. */
  async take(tx: AccountTransaction, teamId: string, userId: string): Promise<boolean> {
    return (await takeUserFrom(tx, teamId, userId)) > 0;
  }

  /** Many at once, in two statements. */
  async move(
    tx: AccountTransaction,
    { added, taken }: { added: readonly InTeam[]; taken: readonly InTeam[] },
  ): Promise<void> {
    if (added.length > 0) await addUsersTo(tx, added);
    if (taken.length > 0) await takeUsersFrom(tx, taken);
  }

  /** Writes the log. Throws LIMIT_EXCEEDED for a team that has too many people now. */
  async record(tx: AccountTransaction): Promise<void> {
    for (const { team, userIds: before } of this.teams.values()) {
      const after = await idsIn(tx, team.id);
      if (JSON.stringify(before) === JSON.stringify(after)) continue;
      if (after.length > USERS_MAX) {
        throw limitExceeded(`A team has at most ${USERS_MAX} people.`, 'userIds', USERS_MAX, after.length);
      }
      await updateTeamRow(tx, team);
      await recordChange(tx, {
        subjectType: 'Team',
        subjectId: team.id,
        action: 'UPDATE',
        before: { userIds: before },
        after: { userIds: after },
      });
    }
  }
}

/** Into those that are still there, of users, and have room: a team gives no rights, so none keeps anybody out. */
export async function joinTeams(
  tx: AccountTransaction,
  userId: string,
  teamIds: readonly string[],
): Promise<void> {
  const there = (await teamsById(tx, teamIds)).filter(({ kind }) => kind === 'USERS').map(({ id }) => id);
  const teams = await TeamPeople.of(tx, there);
  for (const id of there) if (teams.hasRoom(id)) await teams.add(tx, id, userId);
  await teams.record(tx);
}

/** Out of every team, for whoever is no member any more. */
export async function leaveTeams(tx: AccountTransaction, userId: string): Promise<void> {
  const ids = (await teamsOfUser(tx, userId)).map(({ teamId }) => teamId);
  const teams = await TeamPeople.of(tx, ids);
  for (const id of ids) await teams.take(tx, id, userId);
  await teams.record(tx);
}

const idsIn = async (tx: AccountTransaction, teamId: string) =>
  (await usersOfTeams(tx, [teamId])).map(({ userId }) => userId);
