/**
 * One change for many members, by the very rules of changing one: each is looked at, changed and refused by itself,
 * all in one transaction.
 */
import type { AccountTransaction } from '@iroko/database';
import { ApiError, type ErrorCode, limitExceeded } from '@iroko/errors';
import type { Viewer } from '@iroko/viewer';
import { z } from 'zod';
import { foundRole } from '../../roles/edit-roles';
import { type Granter, granterOf } from '../../roles/granter';
import { checkedPermissions } from '../../roles/granting';
import type { RoleRow } from '../../roles/roles.sql';
import { givenScope } from '../../scope/member-scope';
import { memberReach } from '../../scope/members-in-scope';
import { TeamPeople } from '../../teams/team-people';
import { changeGiven, changeRoleOf, managedMember, type RoleChange } from '../change-membership';
import type { UserFilterInput } from '../membership-type';
import { type MembershipRow, memberIds } from '../memberships.sql';
import { userFilter } from '../user-filter';

export const PEOPLE_MAX = 2000;
export const ENTRIES_MAX = 200;

const ids = z.array(z.string()).max(ENTRIES_MAX);

/** What is added to, and taken from, each member. */
export const membershipChange = z.object({
  addPermissions: z.array(z.string().max(100)),
  removePermissions: z.array(z.string().max(100)),
  addRoleIds: ids,
  removeRoleIds: ids,
  addTeamIds: ids,
  removeTeamIds: ids,
  addProjectIds: ids,
  removeProjectIds: ids,
  addOrgUnitIds: ids,
  removeOrgUnitIds: ids,
});
export type MembershipChange = z.infer<typeof membershipChange>;

/** These, or those whom whoever asks sees and who fit the filter (null: all), but for some. */
export const userSelection = z.object({
  ids: z.array(z.string()).max(PEOPLE_MAX).nullable(),
  excludedIds: z.array(z.string()).max(PEOPLE_MAX),
  filter: z.custom<UserFilterInput>((given) => typeof given === 'object').nullish(),
  /** Of jobs that were asked for when this was all of a filter. */
  roleId: z.string().nullish(),
});
export type UserSelection = z.infer<typeof userSelection>;

export interface MemberOutcome {
  userId: string;
  outcome: 'CHANGED' | 'UNCHANGED' | 'REFUSED';
  /** Why it was refused, else null. */
  code: ErrorCode | null;
  message: string | null;
}

type Progress = (done: number, total: number) => Promise<void>;

/** Throws FORBIDDEN, NOT_FOUND, BAD_USER_INPUT and LIMIT_EXCEEDED for what concerns all of them. */
export async function changeMembers(
  tx: AccountTransaction,
  viewer: Viewer,
  selection: UserSelection,
  change: MembershipChange,
  progress: Progress,
): Promise<MemberOutcome[]> {
  const asked = await lookedUp(tx, viewer, change);
  const selected = await selectedIds(tx, selection);
  const outcomes: MemberOutcome[] = [];
  for (const userId of selected) {
    await progress(outcomes.length, selected.length);
    outcomes.push(await outcomeOf(tx, viewer, userId, asked));
  }
  await asked.teams.record(tx);
  return outcomes;
}

interface Asked {
  held: Granter;
  change: MembershipChange;
  roles: readonly { role: RoleRow; change: RoleChange }[];
  teams: TeamPeople;
}

/** With the rights of this moment, which nobody changes until the transaction ends. */
async function lookedUp(tx: AccountTransaction, viewer: Viewer, change: MembershipChange): Promise<Asked> {
  const held = await granterOf(tx, viewer, 'users.manage');
  const { addRoleIds, removeRoleIds, addTeamIds, removeTeamIds } = change;
  if (addRoleIds.length + removeRoleIds.length > 0) await granterOf(tx, viewer, 'roles.manage');
  if (addTeamIds.length + removeTeamIds.length > 0) await granterOf(tx, viewer, 'teams.edit');
  const named = {
    orgUnitIds: [...change.addOrgUnitIds, ...change.removeOrgUnitIds],
    projectIds: [...change.addProjectIds, ...change.removeProjectIds],
    writableTypeIds: [],
  };
  await givenScope(tx, held.scope, named, ['change']);
  const roles: { role: RoleRow; change: RoleChange }[] = [];
  for (const id of addRoleIds) roles.push({ role: await foundRole(tx, id), change: 'GIVE_ROLE' });
  for (const id of removeRoleIds) roles.push({ role: await foundRole(tx, id), change: 'TAKE_ROLE' });
  return { held, change, roles, teams: await TeamPeople.of(tx, [...addTeamIds, ...removeTeamIds]) };
}

async function selectedIds(tx: AccountTransaction, selection: UserSelection): Promise<string[]> {
  if (selection.ids) return [...new Set(selection.ids)].sort();
  const asked = selection.filter ?? { roleId: selection.roleId ?? null };
  const search = { filter: userFilter(asked), reach: await memberReach(tx) };
  const rows = await memberIds(tx, search, selection.excludedIds, PEOPLE_MAX + 1);
  if (rows.length > PEOPLE_MAX) {
    throw limitExceeded(
      `At most ${PEOPLE_MAX} people are changed at once. Narrow the selection.`,
      'selection',
      PEOPLE_MAX,
      rows.length,
    );
  }
  return rows.map(({ userId }) => userId);
}

/** A member who is refused keeps everything: what was written of theirs is taken back. */
async function outcomeOf(
  tx: AccountTransaction,
  viewer: Viewer,
  userId: string,
  asked: Asked,
): Promise<MemberOutcome> {
  try {
    const isChanged = await tx.transaction((one) => changeMember(one, viewer, userId, asked));
    return { userId, outcome: isChanged ? 'CHANGED' : 'UNCHANGED', code: null, message: null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { userId, outcome: 'REFUSED', code: error.code, message: error.message };
  }
}

async function changeMember(
  tx: AccountTransaction,
  viewer: Viewer,
  userId: string,
  { held, change, roles, teams }: Asked,
): Promise<boolean> {
  const member = await managedMember(tx, viewer, held, userId);
  let isChanged = await changeGiven(tx, held, member, givenFrom(member, change));
  for (const { role, change: how } of roles) {
    isChanged = (await changeRoleOf(tx, held, member, how, role)) || isChanged;
  }
  for (const id of change.addTeamIds) isChanged = (await teams.add(tx, id, userId)) || isChanged;
  for (const id of change.removeTeamIds) isChanged = (await teams.take(tx, id, userId)) || isChanged;
  return isChanged;
}

/** Only what would differ: what stays needs no right. */
function givenFrom(member: MembershipRow, change: MembershipChange): Parameters<typeof changeGiven>[3] {
  const permissions = edited(member.permissions, change.addPermissions, change.removePermissions);
  const unitIds = editedLimit(member.unitIds, change.addOrgUnitIds, change.removeOrgUnitIds);
  const projectIds = editedLimit(member.projectIds, change.addProjectIds, change.removeProjectIds);
  const isRescoped = unitIds !== member.unitIds || projectIds !== member.projectIds;
  return {
    ...(permissions === member.permissions
      ? {}
      : { permissions: checkedPermissions(permissions, ['change', 'permissions']) }),
    ...(isRescoped
      ? { scope: { orgUnitIds: unitIds, projectIds, writableTypeIds: member.writableTypeIds } }
      : {}),
  };
}

/** The very list when nothing is added to it and nothing taken. */
export function edited(now: string[], add: readonly string[], remove: readonly string[]): string[] {
  const added = add.filter((entry) => !now.includes(entry));
  const kept = now.filter((entry) => !remove.includes(entry));
  return added.length === 0 && kept.length === now.length ? now : [...new Set([...kept, ...added])].sort();
}

/** No limit stays none: it holds what is added, and one entry cannot be taken from everything. */
const editedLimit = (now: string[] | null, add: readonly string[], remove: readonly string[]) =>
  now && edited(now, add, remove);
