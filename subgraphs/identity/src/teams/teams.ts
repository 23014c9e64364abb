/**
 * Teams made, changed and removed. That they have no cycles, and hold either people or teams, is held by the database.
 */
import { asRevert, editToRevert, type RevertWords, recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, isViolation, newId } from '@iroko/database';
import { badInput, conflict, limitExceeded, notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { checkedName } from '../accounts/account-form';
import { lockGranting } from '../roles/granter.sql';
import { refuseMoving, refuseTeamsBeyond } from './team-scope';
import type { CreateTeamInput, UpdateTeamInput } from './team-type';
import {
  deleteTeamRow,
  insertTeam,
  lastingMembers,
  type TeamKind,
  type TeamRow,
  teamForChange,
  teamsById,
  updateTeamRow,
  usersOfTeams,
  writeUsers,
} from './teams.sql';

export const USERS_MAX = 1000;
const DESCRIPTION_LENGTH_MAX = 2000;

interface Fields {
  name: string;
  description: string;
  parentId: string | null;
  userIds: string[];
}

const NEW: Fields = { name: '', description: '', parentId: null, userIds: [] };

/** Throws BAD_USER_INPUT, NOT_FOUND (a user, a team), FORBIDDEN (oneself, people beyond one's scope), CONFLICT (name). */
export function createTeam(db: AccountDatabase, input: CreateTeamInput): Promise<TeamRow> {
  return refusing(input.name, () =>
    db.transaction(async (tx) => {
      const id = newId();
      // Whoever ends a membership meanwhile waits, or is waited for: never both.
      await lockGranting(tx);
      const after = await changed(tx, NEW, input);
      await refuseReach(tx, NEW, after);
      await insertTeam(tx, { id, kind: input.kind, nameKey: textKey(after.name), ...after });
      await writeUsers(tx, id, after.userIds);
      await record(tx, id, 'CREATE', null, { kind: input.kind, ...after });
      return foundTeam(tx, id);
    }),
  );
}

/** Throws what createTeam throws, and CONFLICT for another revision. */
export function updateTeam(
  db: AccountDatabase,
  input: UpdateTeamInput,
  revert?: RevertWords,
): Promise<TeamRow> {
  return refusing(input.name ?? '', () =>
    db.transaction(async (tx) => {
      await lockGranting(tx);
      const team = await lockedTeam(tx, input.id, input.expectedRevision);
      const before = await fieldsOf(tx, team);
      const after = await changed(tx, before, input);
      const names = (Object.keys(after) as (keyof Fields)[]).filter(
        (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
      );
      if (names.length === 0) return team;
      await refuseReach(tx, before, after, team.id);
      await updateTeamRow(tx, { id: team.id, nameKey: textKey(after.name), ...after });
      await writeUsers(tx, team.id, after.userIds);
      const picked = (fields: Fields) => Object.fromEntries(names.map((field) => [field, fields[field]]));
      await record(tx, team.id, 'UPDATE', picked(before), picked(after), revert);
      return foundTeam(tx, team.id);
    }),
  );
}

/**
 * Takes an edit back. Throws NOT_FOUND for an event of something else, BAD_USER_INPUT for what is no edit, CONFLICT with
 * the fields that were changed since, and what updateTeam throws.
 */
export async function revertTeamChange(
  db: AccountDatabase,
  eventId: string,
  reason: string | null,
): Promise<TeamRow> {
  const names = ['name', 'description', 'parentId', 'userIds'] as const;
  const edit = await editToRevert(db, eventId, 'Team', names, reason);
  return db.transaction(async (tx) => {
    const now = await foundTeam(tx, edit.subjectId);
    edit.requireUnchanged(await fieldsOf(tx, now));
    const fields = edit.fields as Partial<Fields>;
    return updateTeam(tx, { ...fields, id: now.id, expectedRevision: now.revision }, edit.words);
  });
}

/**
 * Its people stay members of the account. Throws NOT_FOUND, FORBIDDEN for people beyond one's scope, and CONFLICT for
 * another revision or teams within it.
 */
export async function removeTeam(db: AccountDatabase, id: string, expectedRevision: number): Promise<void> {
  try {
    await db.transaction(async (tx) => {
      const team = await lockedTeam(tx, id, expectedRevision);
      await refuseTeamsBeyond(tx, [id]);
      await deleteTeamRow(tx, id);
      await record(tx, id, 'DELETE', { name: team.name, kind: team.kind }, null);
    });
  } catch (error) {
    if (!isViolation(error, 'team_parent_fkey')) throw error;
    throw conflict('Teams are within this one. Move or remove them first.');
  }
}

async function lockedTeam(tx: AccountTransaction, id: string, expectedRevision: number): Promise<TeamRow> {
  const team = isId(id) ? await teamForChange(tx, id) : undefined;
  if (!team) throw notFound('Team', id);
  if (team.revision === expectedRevision) return team;
  throw conflict(`The team was changed meanwhile: it has the revision ${team.revision}.`, {
    expectedRevision,
    actualRevision: team.revision,
  });
}

async function fieldsOf(tx: AccountTransaction, team: TeamRow): Promise<Fields> {
  const users = await usersOfTeams(tx, [team.id]);
  const { name, description, parentId } = team;
  return { name, description, parentId, userIds: users.map(({ userId }) => userId) };
}

async function foundTeam(tx: AccountTransaction, id: string): Promise<TeamRow> {
  const [team] = isId(id) ? await teamsById(tx, [id]) : [];
  if (!team) throw notFound('Team', id);
  return team;
}

async function changed(
  tx: AccountTransaction,
  before: Fields,
  input: Pick<UpdateTeamInput, 'name' | 'description' | 'parentId' | 'userIds'>,
): Promise<Fields> {
  const { parentId = before.parentId } = input;
  if (parentId != null && parentId !== before.parentId) await foundTeam(tx, parentId);
  return {
    name: input.name == null ? before.name : checkedName(input.name, ['input', 'name']),
    description: checkedDescription(input.description ?? before.description),
    parentId: parentId ?? null,
    userIds: input.userIds ? await checkedUsers(tx, input.userIds) : before.userIds,
  };
}

/** What differs is within the reach of whoever asks: people one by one, all else for everybody in the team. */
async function refuseReach(
  tx: AccountTransaction,
  before: Fields,
  after: Fields,
  id?: string,
): Promise<void> {
  const moved = [
    ...after.userIds.filter((user) => !before.userIds.includes(user)),
    ...before.userIds.filter((user) => !after.userIds.includes(user)),
  ];
  await refuseMoving(tx, moved);
  const isMoved = before.parentId !== after.parentId;
  const above = isMoved ? [before.parentId, after.parentId].filter((team) => team !== null) : [];
  const isSaidAnew = before.name !== after.name || before.description !== after.description;
  const whole = id !== undefined && (isMoved || isSaidAnew) ? [id] : [];
  if (above.length + whole.length > 0) await refuseTeamsBeyond(tx, [...above, ...whole]);
}

function checkedDescription(description: string): string {
  if (description.length <= DESCRIPTION_LENGTH_MAX && !description.includes('\0')) return description;
  throw badInput(`A description has at most ${DESCRIPTION_LENGTH_MAX} characters, and no NUL among them.`, {
    path: ['input', 'description'],
  });
}

async function checkedUsers(tx: AccountTransaction, given: readonly string[]): Promise<string[]> {
  const ids = [...new Set(given.map((id) => id.toLowerCase()))].sort();
  if (ids.length > USERS_MAX) {
    throw limitExceeded(`A team has at most ${USERS_MAX} people.`, 'userIds', USERS_MAX, ids.length);
  }
  const known = new Set((await lastingMembers(tx, ids.filter(isId))).map(({ userId }) => userId));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw notFound('User', missing);
  return ids;
}

const KIND_WORDS: Record<TeamKind, string> = {
  USERS: 'This is a team of users: it holds no teams.',
  TEAMS: 'This is a team of teams: it holds no users.',
};

async function refusing<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const refusal = (rule: string, message: string, field: string) => {
      if (isViolation(error, rule)) throw badInput(message, { path: ['input', field] });
    };
    refusal(
      'team_no_cycle',
      'A team cannot be within itself or within a team that is within it.',
      'parentId',
    );
    refusal('team_parent_kind', KIND_WORDS.USERS, 'parentId');
    refusal('team_user_kind', KIND_WORDS.TEAMS, 'userIds');
    if (!isViolation(error, 'team_name_key_key')) throw error;
    throw conflict(`The account has a team ${JSON.stringify(name)} already.`, { fields: ['name'] });
  }
}

function record(
  tx: AccountTransaction,
  id: string,
  action: string,
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  revert?: RevertWords,
): Promise<string> {
  return recordChange(tx, asRevert({ subjectType: 'Team', subjectId: id, action, before, after }, revert));
}
