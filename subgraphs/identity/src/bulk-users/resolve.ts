/**
 * From what a row calls things to what they are: names of roles, projects, types and places. Names compare as text
 * does everywhere (case and accents folded), ids are taken too; what is unknown or ambiguous is said by column.
 */
import { type AccountDatabase, isId } from '@iroko/database';
import { textKey } from '@iroko/text';
import { isPermission } from '@iroko/viewer';
import {
  type NamedRow,
  projectNames,
  roleNames,
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
  unitIds: string[] | null | undefined;
  projectIds: string[] | null | undefined;
  writableTypeIds: string[] | null | undefined;
}

type Names = ReadonlyMap<string, readonly string[]>;

export interface Vocabulary {
  roles: Names;
  projects: Names;
  types: Names;
  roleById: ReadonlyMap<string, { permissions: string[]; everyPermission: boolean }>;
}

/** All roles, projects and types of the account: a few, against thousands of rows that name them. */
export async function vocabulary(db: AccountDatabase): Promise<Vocabulary> {
  const [roles, projects, types] = [await roleNames(db), await projectNames(db), await typeNames(db)];
  return {
    roles: named(roles),
    projects: named([
      ...projects,
      ...projects.flatMap(({ id, appId }) => (appId ? [{ id, name: appId }] : [])),
    ]),
    types: named(types),
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

/** One statement for the places that all these rows name. */
export async function unitsOf(db: AccountDatabase, rows: readonly UserRow[]): Promise<Units> {
  const names = rows.flatMap(({ units }) => units ?? []);
  const references = [...new Set(rows.flatMap(({ unitRefs }) => unitRefs ?? []))];
  if (names.length === 0 && references.length === 0) return { byName: new Map(), byReference: new Map() };
  const found = await unitsNamed(db, {
    ids: [...new Set(names.filter(isId).map((id) => id.toLowerCase()))],
    nameKeys: [...new Set(names.map(textKey))],
    references,
  });
  return {
    byName: grouped(found, (unit) => [unit.unitId, unit.nameKey]),
    byReference: grouped(found, (unit) => (unit.reference === null ? [] : [unit.reference])),
  };
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
    if (row.teams && row.teams.length > 0) {
      throw new Unresolved('teams', 'Teams are not taken from a file: leave the cell empty.');
    }
    const unknown = row.permissions?.find((name) => !isPermission(name));
    if (unknown !== undefined) {
      throw new Unresolved('permissions', `There is no permission ${JSON.stringify(unknown.slice(0, 100))}.`);
    }
    return {
      permissions: row.permissions && [...row.permissions].sort(),
      roleIds: row.roles && ids('user_roles', 'role', row.roles, words.roles),
      unitIds: placesOf(row, units),
      projectIds: limit(row.projects && ids('projects', 'project', row.projects, words.projects)),
      writableTypeIds: limit(
        row.types && ids('editable_org_unit_types', 'type of org units', row.types, words.types),
      ),
    };
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return { line: row.line, column: error.column, message: error.message };
  }
}

function placesOf(row: UserRow, { byName, byReference }: Units): string[] | null | undefined {
  if (row.units === undefined && row.unitRefs === undefined) return undefined;
  const named = ids('orgunit', 'org unit', row.units ?? [], byName);
  const referred = ids('orgunit__source_ref', 'org unit', row.unitRefs ?? [], byReference, (text) => text);
  return limit([...new Set([...named, ...referred])].sort());
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
