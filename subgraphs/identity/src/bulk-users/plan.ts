/**
 * What each row of a file of users leads to: an invitation, a change of a member, nothing, or a refusal.
 */
import { type AccountDatabase, newId } from '@iroko/database';
import { ApiError, limitExceeded } from '@iroko/errors';
import { reachedUnits, type Scope, seesEveryUnit } from '@iroko/viewer';
import type { Granter } from '../roles/granter';
import { changedPermissions, refuseUnheld } from '../roles/granting';
import { refuseBeyondReached } from '../scope/member-scope';
import { USERS_MAX } from '../teams/teams';
import {
  type BulkInvitation,
  type BulkMembership,
  type MemberFound,
  membersWithAddresses,
  membersWithDhis2Ids,
  openInvitations,
} from './bulk-users.sql';
import { USER_COLUMNS, type UserColumn } from './columns';
import { isProblem, type RowProblem, type UserRow } from './parse-row';
import { resolveRow, unitsOf, type Vocabulary, type Wanted } from './resolve';

export type RowPlan = { line: number; email: string; passwordGiven: boolean } & (
  | { kind: 'INVITE'; invitation: BulkInvitation }
  | { kind: 'UPDATE'; before: MemberFound; after: BulkMembership }
  | { kind: 'UNCHANGED' }
);

export interface Planning {
  words: Vocabulary;
  held: Granter;
  /** Whoever asked: nobody changes themselves. */
  userId: string | null;
  /** Addresses and DHIS2 users of the rows before, with their lines. */
  seen: Map<string, number>;
}

/** A fixed number of statements, however many rows. */
export async function planRows(
  db: AccountDatabase,
  rows: readonly UserRow[],
  planning: Planning,
): Promise<(RowPlan | RowProblem)[]> {
  const units = await unitsOf(db, rows, planning.held.scope);
  const keys = rows.map(({ email }) => email.key);
  const members = new Map((await membersWithAddresses(db, keys)).map((member) => [member.emailKey, member]));
  const invited = new Set((await openInvitations(db, keys)).map(({ emailKey }) => emailKey));
  const dhis2Ids = rows.flatMap(({ dhis2Id }) => dhis2Id ?? []);
  const taken = new Map((await membersWithDhis2Ids(db, dhis2Ids)).map((one) => [one.dhis2Id, one.userId]));
  const reached = await reachedOf([...members.values()], db, planning.held.scope);
  return rows.map((row) => {
    const wanted = resolveRow(row, planning.words, units);
    if (isProblem(wanted as RowProblem)) return wanted as RowProblem;
    const member = members.get(row.email.key);
    return (
      repeated(row, planning.seen) ??
      takenDhis2User(row, member, taken) ??
      planned(row, wanted as Wanted, { member, reached, isInvited: invited.has(row.email.key) }, planning)
    );
  });
}

/** Of the units that members are limited to, those that `held` reaches. What rows name was looked up within it. */
async function reachedOf(
  members: readonly MemberFound[],
  db: AccountDatabase,
  held: Scope,
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(members.flatMap(({ unitIds }) => unitIds ?? []))];
  return seesEveryUnit(held) ? new Set(ids) : reachedUnits(db, held, ids);
}

function repeated(row: UserRow, seen: Map<string, number>): RowProblem | undefined {
  const before = seen.get(row.email.key);
  if (before !== undefined) {
    return {
      line: row.line,
      column: 'email',
      code: 'BAD_USER_INPUT',
      message: `This address stands in line ${before} too.`,
    };
  }
  const dhis2 = row.dhis2Id ? seen.get(row.dhis2Id) : undefined;
  if (dhis2 !== undefined) {
    return {
      line: row.line,
      column: 'dhis2_id',
      code: 'BAD_USER_INPUT',
      message: `This DHIS2 user stands in line ${dhis2} too.`,
    };
  }
  seen.set(row.email.key, row.line);
  if (row.dhis2Id) seen.set(row.dhis2Id, row.line);
  return undefined;
}

function takenDhis2User(
  { line, dhis2Id }: UserRow,
  member: MemberFound | undefined,
  taken: ReadonlyMap<string, string>,
): RowProblem | undefined {
  const owner = dhis2Id ? taken.get(dhis2Id) : undefined;
  if (owner === undefined || owner === member?.userId) return undefined;
  return {
    line,
    column: 'dhis2_id',
    code: 'CONFLICT',
    message: `Another member of the account is the DHIS2 user ${dhis2Id}.`,
  };
}

/** What is known of the person of a row. */
interface Known {
  member: MemberFound | undefined;
  /** Units of members that whoever asks reaches. */
  reached: ReadonlySet<string>;
  isInvited: boolean;
}

function planned(
  row: UserRow,
  wanted: Wanted,
  { member, reached, isInvited }: Known,
  planning: Planning,
): RowPlan | RowProblem {
  const base = { line: row.line, email: row.email.address, passwordGiven: row.passwordGiven };
  try {
    if (member) {
      refuseBeyondReached(planning.held.scope, reached, member);
      const after = wantedOf(row, wanted, member);
      if (same(member, after)) return { ...base, kind: 'UNCHANGED' };
      refuseChange(member, after, planning);
      refuseNoLimits(planning.held.scope, after);
      takeRoom(member, after, planning.words);
      return { ...base, kind: 'UPDATE', before: member, after };
    }
    if (isInvited) return { ...base, kind: 'UNCHANGED' };
    const after = wantedOf(row, wanted, NEW_MEMBER);
    refuseGiving(after.permissions, after.roleIds, planning);
    refuseTeams(after.teamIds, planning);
    refuseNoLimits(planning.held.scope, after);
    return { ...base, kind: 'INVITE', invitation: invitationOf(row, after) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { line: row.line, column: columnOf(error), code: error.code, message: error.message };
  }
}

const NEW_MEMBER: Omit<MemberFound, 'userId' | 'emailKey'> = {
  permissions: [],
  roleIds: [],
  teamIds: [],
  unitIds: null,
  projectIds: null,
  writableTypeIds: null,
  dhis2Id: null,
};

function wantedOf(
  row: UserRow,
  wanted: Wanted,
  now: Omit<MemberFound, 'userId' | 'emailKey'> & { userId?: string },
): BulkMembership {
  const or = <Value>(said: Value | undefined, there: Value) => (said === undefined ? there : said);
  return {
    userId: now.userId ?? '',
    permissions: or(wanted.permissions, now.permissions),
    roleIds: or(wanted.roleIds, now.roleIds),
    teamIds: or(wanted.teamIds, now.teamIds),
    unitIds: or(wanted.unitIds, now.unitIds),
    projectIds: or(wanted.projectIds, now.projectIds),
    writableTypeIds: or(wanted.writableTypeIds, now.writableTypeIds),
    dhis2Id: or(row.dhis2Id, now.dhis2Id),
  };
}

const COMPARED = [
  'permissions',
  'roleIds',
  'teamIds',
  'unitIds',
  'projectIds',
  'writableTypeIds',
  'dhis2Id',
] as const;

const sorted = (value: readonly string[] | string | null) =>
  JSON.stringify(Array.isArray(value) ? [...value].sort() : value);

/** The fields that differ, with their values. */
export function differences(before: MemberFound, after: BulkMembership) {
  const names = COMPARED.filter((name) => sorted(before[name]) !== sorted(after[name]));
  const of = (source: MemberFound | BulkMembership) =>
    Object.fromEntries(names.map((name) => [name, source[name]]));
  return { names, before: of(before), after: of(after) };
}

const same = (before: MemberFound, after: BulkMembership) => differences(before, after).names.length === 0;

/** Whoever changes a member's reach, or who they are at DHIS2, holds everything that the member holds. */
function refuseChange(before: MemberFound, after: BulkMembership, planning: Planning): void {
  if (before.userId === planning.userId) {
    throw new ApiError('FORBIDDEN', 'Nobody changes their own permissions, scope, roles or membership.');
  }
  const roles = changedPermissions(before.roleIds, after.roleIds);
  refuseGiving(changedPermissions(before.permissions, after.permissions), roles, planning);
  refuseGiving(before.permissions, before.roleIds, planning, false);
  refuseTeams(changedPermissions(before.teamIds, after.teamIds), planning);
}

function refuseGiving(
  permissions: readonly string[],
  roleIds: readonly string[],
  { held, words }: Planning,
  giving = true,
): void {
  if (giving && roleIds.length > 0)
    refuseUnheld(held, { permissions: ['roles.manage'], everyPermission: false });
  refuseUnheld(held, { permissions, everyPermission: false });
  for (const id of roleIds) {
    const role = words.roleById.get(id);
    if (role) refuseUnheld(held, role);
  }
}

/** Teams give no rights, so whoever may fill them may name any. */
function refuseTeams(teamIds: readonly string[], { held }: Planning): void {
  if (teamIds.length > 0) refuseUnheld(held, { permissions: ['teams.edit'], everyPermission: false });
}

/** What is named lies within the scope of whoever asks, since nothing else is found; what is not named may not. */
function refuseNoLimits(held: Scope, { unitIds, projectIds, writableTypeIds }: BulkMembership): void {
  const missing: [boolean, UserColumn][] = [
    [held.units.length > 0 && unitIds === null, 'orgunit'],
    [held.projects !== null && projectIds === null, 'projects'],
    [held.writableTypes !== null && writableTypeIds === null, 'editable_org_unit_types'],
  ];
  const column = missing.find(([isMissing]) => isMissing)?.[1];
  if (column === undefined) return;
  throw new ApiError(
    'FORBIDDEN',
    'You reach a part of the account, so you cannot give a reach without that limit: fill the cell.',
    { column },
  );
}

const columnOf = ({ details }: ApiError): UserColumn | null =>
  USER_COLUMNS.find((column) => column === details?.column) ?? null;

function takeRoom(before: MemberFound, after: BulkMembership, { roomIn, teamById }: Vocabulary): void {
  const added = after.teamIds.filter((id) => !before.teamIds.includes(id));
  const full = added.find((id) => (roomIn.get(id) ?? 0) <= 0);
  if (full !== undefined) {
    throw limitExceeded(
      `A team has at most ${USERS_MAX} people, and ${JSON.stringify(teamById.get(full)?.name)} has them.`,
      'teams',
      USERS_MAX,
      USERS_MAX + 1,
    );
  }
  for (const id of added) roomIn.set(id, (roomIn.get(id) ?? 0) - 1);
}

function invitationOf(row: UserRow, wanted: BulkMembership): BulkInvitation {
  const { userId: _, ...given } = wanted;
  const { email, language, firstName, lastName, organization, phone } = row;
  return {
    ...given,
    id: newId(),
    email: email.address,
    emailKey: email.key,
    language,
    firstName,
    lastName,
    organization,
    phone,
  };
}
