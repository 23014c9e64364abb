/**
 * The scope of a membership or a token as it is stored and given. The rule is that of permissions: nobody gives a
 * reach that they do not have, so that a group of members never reaches more than it reached together.
 */
import type { AccountTransaction } from '@iroko/database';
import { isId } from '@iroko/database';
import { ApiError, badInput, limitExceeded, notFound } from '@iroko/errors';
import { isWholeAccount, reachedUnits, type Scope } from '@iroko/viewer';
import { knownProjects, knownTypes, type MemberScope } from './member-scope.sql';

export type { MemberScope } from './member-scope.sql';

export const NO_LIMIT: MemberScope = { unitIds: null, projectIds: null, writableTypeIds: null };

/** As it is given: what is left out or null is no limit. */
export interface ScopeGiven {
  orgUnitIds?: string[] | null;
  projectIds?: string[] | null;
  writableTypeIds?: string[] | null;
}

/** The database keeps as many. */
const IDS_MAX = 200;

export function scopeOf({ unitIds, projectIds, writableTypeIds }: MemberScope): Scope {
  return {
    units: unitIds === null ? [] : [unitIds],
    projects: projectIds,
    writableTypes: writableTypeIds,
  };
}

/**
 * The scope that somebody with `held` may give. Throws NOT_FOUND for a unit, project or type that is not there or that
 * they do not reach, FORBIDDEN for no limit where they have one, LIMIT_EXCEEDED.
 */
export async function givenScope(
  tx: AccountTransaction,
  held: Scope,
  given: ScopeGiven,
  path: string[],
): Promise<MemberScope> {
  const unitIds = checkedIds(given.orgUnitIds, [...path, 'orgUnitIds']);
  const projectIds = checkedIds(given.projectIds, [...path, 'projectIds']);
  const writableTypeIds = checkedIds(given.writableTypeIds, [...path, 'writableTypeIds']);
  if (unitIds === null) refuseNoLimit(held.units.length > 0, 'ORG_UNITS');
  else await refuseUnreached(tx, held, unitIds);
  if (projectIds === null) refuseNoLimit(held.projects !== null, 'PROJECTS');
  else refuseUnknown('Project', projectIds, await knownProjects(tx, projectIds), held.projects);
  if (writableTypeIds === null) refuseNoLimit(held.writableTypes !== null, 'ORG_UNIT_TYPES');
  else
    refuseUnknown('OrgUnitType', writableTypeIds, await knownTypes(tx, writableTypeIds), held.writableTypes);
  return { unitIds, projectIds, writableTypeIds };
}

/**
 * Throws FORBIDDEN unless the other's reach lies within one's own: else a right that is given would be used where its
 * giver does not reach.
 */
export async function refuseBeyond(tx: AccountTransaction, held: Scope, other: MemberScope): Promise<void> {
  if (isWholeAccount(held)) return;
  refuseBeyondReached(held, await reachedUnits(tx, held, other.unitIds ?? []), other);
}

/** The same where the units that `held` reaches were looked up for many at once. */
export function refuseBeyondReached(held: Scope, reached: ReadonlySet<string>, other: MemberScope): void {
  const isWithin =
    (held.units.length === 0 || (other.unitIds?.every((id) => reached.has(id)) ?? false)) &&
    holdsIds(held.projects, other.projectIds) &&
    holdsIds(held.writableTypes, other.writableTypeIds);
  if (isWithin) return;
  throw new ApiError('FORBIDDEN', 'Their scope goes beyond yours, so somebody else has to do this.', {
    scope: 'ORG_UNITS',
  });
}

/** Throws FORBIDDEN for anybody with a limit: what `what` does reaches every member. */
export function requireWholeAccount(held: Scope, what: string): void {
  if (isWholeAccount(held)) return;
  throw new ApiError('FORBIDDEN', `${what} concerns the whole account, and your scope is a part of it.`, {
    scope: 'ORG_UNITS',
  });
}

function holdsIds(held: readonly string[] | null, ids: readonly string[] | null): boolean {
  return held === null || (ids?.every((id) => held.includes(id)) ?? false);
}

function refuseNoLimit(isLimited: boolean, scope: string): void {
  if (!isLimited) return;
  throw new ApiError(
    'FORBIDDEN',
    'You reach a part of the account, so you cannot give a reach without that limit.',
    {
      scope,
    },
  );
}

async function refuseUnreached(tx: AccountTransaction, held: Scope, ids: string[]): Promise<void> {
  const missing = await unreached(tx, held, ids);
  if (missing !== undefined) throw notFound('OrgUnit', missing);
}

async function unreached(tx: AccountTransaction, held: Scope, ids: string[]): Promise<string | undefined> {
  const reached = await reachedUnits(tx, held, ids);
  return ids.find((id) => !reached.has(id));
}

function refuseUnknown(
  type: string,
  ids: readonly string[],
  known: readonly { id: string }[],
  held: readonly string[] | null,
): void {
  const there = new Set(known.map(({ id }) => id));
  const missing = ids.find((id) => !there.has(id) || held?.includes(id) === false);
  if (missing !== undefined) throw notFound(type, missing);
}

function checkedIds(given: readonly string[] | null | undefined, path: string[]): string[] | null {
  if (given == null) return null;
  const ids = [...new Set(given.map((id) => id.toLowerCase()))].sort();
  if (ids.length > IDS_MAX) {
    throw limitExceeded(`A scope names at most ${IDS_MAX} of a kind.`, path.join('.'), IDS_MAX, ids.length);
  }
  const wrong = ids.find((id) => !isId(id));
  if (wrong !== undefined) throw badInput(`${JSON.stringify(wrong.slice(0, 100))} is no id.`, { path });
  return ids;
}
