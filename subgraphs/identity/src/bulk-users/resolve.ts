/**
 * From what a row calls things to what they are: names of roles, projects, types and places. Names compare as text
 * does everywhere (case and accents folded), ids are taken too; what is unknown or ambiguous is said by column.
 */
import { type AccountDatabase, isId } from '@iroko/database';
import { textKey } from '@iroko/text';
import { isPermission, reachedUnits, type Scope, seesEveryUnit } from '@iroko/viewer';
import { USERS_MAX } from '../teams/teams';
import {
  type NamedRow,
  projectNames,
  roleNames,
  type TeamName,
  teamNames,
  typeNames,
  type UnitFound,
  unitsNamed,
} from './bulk-users.sql';
import type { UserColumn } from './columns';
import type { RowProblem, UserRow } from './parse-row';

/** What a row wants of the account; undefined where the file does not say. */
export interface Wanted {
  permissions: string[] | undefined;
  roleIds: string[] | undefined;
  teamIds: string[] | undefined;
  unitIds: string[] | null | undefined;
  projectIds: string[] | null | undefined;
  writableTypeIds: string[] | null | undefined;
}

/** The database keeps as many. */
const SCOPE_MAX = 200;
const GIVEN_MAX = 50;

type Names = ReadonlyMap<string, readonly string[]>;

export interface Vocabulary {
  roles: Names;
  projects: Names;
  types: Names;
  teams: Names;
  teamById: ReadonlyMap<string, TeamName>;
  /** How many people each team can still take. */
  roomIn: Map<string, number>;
  roleById: ReadonlyMap<string, { permissions: string[]; everyPermission: boolean }>;
}

/** Roles, teams, projects and types of the account, as far as `held` reaches: few, against thousands of rows. */
export async function vocabulary(db: AccountDatabase, held: Scope): Promise<Vocabulary> {
  const [roles, teams] = [await roleNames(db), await teamNames(db)];
  const projects = (await projectNames(db)).filter(({ id }) => held.projects?.includes(id) ?? true);
  const types = (await typeNames(db)).filter(({ id }) => held.writableTypes?.includes(id) ?? true);
  return {
    roles: named(roles),
    projects: named([
      ...projects,
      ...projects.flatMap(({ id, appId }) => (appId ? [{ id, name: appId }] : [])),
    ]),
    types: named(types),
    teams: named(teams),
    teamById: new Map(teams.map((team) => [team.id, team])),
    roomIn: new Map(teams.map(({ id, people }) => [id, USERS_MAX - people])),
    roleById: new Map(roles.map((role) => [role.id, role])),
  };
}

function named(rows: readonly NamedRow[]): Names {
  const names = new Map<string, string[]>();
  const add = (key: string, id: string) => {
    const known = names.get(key) ?? [];
    if (!known.includes(id)) names.set(key, [...known, id]);
  };
  for (const { id, name } of rows) {
    add(id, id);
    add(textKey(name), id);
  }
  return names;
}

export interface Units {
  byName: Names;
  byReference: Names;
}

/** The places that all these rows name, as far as `held` reaches: what lies beyond is what never was. */
export async function unitsOf(db: AccountDatabase, rows: readonly UserRow[], held: Scope): Promise<Units> {
  const names = rows.flatMap(({ units }) => units ?? []);
  const references = [...new Set(rows.flatMap(({ unitRefs }) => unitRefs ?? []))];
  if (names.length === 0 && references.length === 0) return { byName: new Map(), byReference: new Map() };
  const everywhere = await unitsNamed(db, {
    ids: [...new Set(names.filter(isId).map((id) => id.toLowerCase()))],
    nameKeys: [...new Set(names.map(textKey))],
    references,
  });
  const found = seesEveryUnit(held) ? everywhere : await withinReach(db, everywhere, held);
  return {
    byName: grouped(found, (unit) => [unit.unitId, unit.nameKey]),
    byReference: grouped(found, (unit) => (unit.reference === null ? [] : [unit.reference])),
  };
}

async function withinReach(
  db: AccountDatabase,
  units: readonly UnitFound[],
  held: Scope,
): Promise<UnitFound[]> {
  const reached = await reachedUnits(db, held, [...new Set(units.map(({ unitId }) => unitId))]);
  return units.filter(({ unitId }) => reached.has(unitId));
}

function grouped(units: readonly UnitFound[], keysOf: (unit: UnitFound) => string[]): Names {
  const map = new Map<string, string[]>();
  for (const unit of units) {
    for (const key of keysOf(unit)) map.set(key, [...new Set([...(map.get(key) ?? []), unit.unitId])]);
  }
  return map;
}

class Unresolved extends Error {
  constructor(
    readonly column: UserColumn,
    message: string,
  ) {
    super(message);
  }
}

export function resolveRow(row: UserRow, words: Vocabulary, units: Units): Wanted | RowProblem {
  try {
    const unknown = row.permissions?.find((name) => !isPermission(name));
    if (unknown !== undefined) {
      throw new Unresolved('permissions', `There is no permission ${JSON.stringify(unknown.slice(0, 100))}.`);
    }
    return {
      permissions: row.permissions && [...row.permissions].sort(),
      roleIds: row.roles && few('user_roles', ids('user_roles', 'role', row.roles, words.roles)),
      teamIds: row.teams && teamsOf(row.teams, words),
      unitIds: placesOf(row, units),
      projectIds: limit(row.projects && ids('projects', 'project', row.projects, words.projects)),
      writableTypeIds: limit(
        row.types && ids('editable_org_unit_types', 'type of org units', row.types, words.types),
      ),
    };
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return { line: row.line, column: error.column, code: 'BAD_USER_INPUT', message: error.message };
  }
}

function few(column: UserColumn, found: string[]): string[] {
  if (found.length <= GIVEN_MAX) return found;
  throw new Unresolved(column, `These are ${found.length}; ${GIVEN_MAX} are allowed.`);
}

function teamsOf(names: readonly string[], words: Vocabulary): string[] {
  const found = few('teams', ids('teams', 'team', names, words.teams));
  const ofTeams = found.map((id) => words.teamById.get(id)).find((team) => team?.kind !== 'USERS');
  if (!ofTeams) return found;
  throw new Unresolved('teams', `${JSON.stringify(ofTeams.name)} is a team of teams: it holds no users.`);
}

function placesOf(row: UserRow, { byName, byReference }: Units): string[] | null | undefined {
  if (row.units === undefined && row.unitRefs === undefined) return undefined;
  const named = ids('orgunit', 'org unit', row.units ?? [], byName);
  const referred = ids('orgunit__source_ref', 'org unit', row.unitRefs ?? [], byReference, (text) => text);
  const all = [...new Set([...named, ...referred])].sort();
  if (all.length > SCOPE_MAX) {
    throw new Unresolved('orgunit', `These are ${all.length} org units; ${SCOPE_MAX} are allowed.`);
  }
  return limit(all);
}

/** An empty cell sets no limit. */
function limit<Ids extends string[] | undefined>(found: Ids): Ids | null {
  return found?.length === 0 ? null : found;
}

function ids(
  column: UserColumn,
  what: string,
  entries: readonly string[],
  names: Names,
  keyOf: (text: string) => string = (text) => (isId(text) ? text.toLowerCase() : textKey(text)),
): string[] {
  const found = entries.map((entry) => {
    const known = names.get(keyOf(entry)) ?? [];
    if (known.length === 1) return known[0] as string;
    const shown = JSON.stringify(entry.slice(0, 100));
    throw new Unresolved(
      column,
      known.length === 0
        ? `There is no ${what} ${shown}.`
        : `${known.length} of the account are called ${shown}: give the id of the ${what}.`,
    );
  });
  return [...new Set(found)].sort();
}
