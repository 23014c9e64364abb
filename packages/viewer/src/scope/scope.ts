/**
 * Scope as plain data: how far a viewer reaches, and what two scopes leave together.
 */
import type { Scope } from '@iroko/database';
import { ApiError } from '@iroko/errors';

export type { Scope } from '@iroko/database';

/** No limit at all. */
export const WHOLE_ACCOUNT: Scope = { units: [], projects: null, writableTypes: null };

export function isWholeAccount({ units, projects, writableTypes }: Scope): boolean {
  return units.length === 0 && projects === null && writableTypes === null;
}

/** Whether no org unit is out of reach. */
export function seesEveryUnit(scope: Scope | undefined): boolean {
  return scope === undefined || scope.units.length === 0;
}

/** What is in both. */
export function narrowed(scope: Scope, by: Scope): Scope {
  return {
    units: [...scope.units, ...by.units],
    projects: both(scope.projects, by.projects),
    writableTypes: both(scope.writableTypes, by.writableTypes),
  };
}

function both(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  if (one === null || other === null) return one ?? other;
  return one.filter((id) => other.includes(id));
}

/** Whether a record of this project is in scope; what belongs to no project is. */
export function projectInScope(scope: Scope | undefined, projectId: string | null): boolean {
  const projects = scope?.projects ?? null;
  return projects === null || projectId === null || projects.includes(projectId);
}

/**
 * Throws FORBIDDEN for a viewer whose scope ends at some org units: what `what` does concerns more than those. Give the
 * handle's `actor`: imports, releases and whatever else changes a tree as a whole begin with this.
 */
export function requireEveryUnit({ scope }: { readonly scope?: Scope | undefined }, what: string): void {
  if (seesEveryUnit(scope)) return;
  throw new ApiError(
    'FORBIDDEN',
    `${what} concerns the whole account, and your scope ends at some org units. Ask somebody whose scope has no such limit.`,
    { scope: 'ORG_UNITS' },
  );
}

/** As `requireEveryUnit`, also for a viewer who may edit units of some types only. */
export function requireWholeTrees({ scope }: { readonly scope?: Scope | undefined }, what: string): void {
  requireEveryUnit({ scope }, what);
  if ((scope?.writableTypes ?? null) === null) return;
  throw new ApiError(
    'FORBIDDEN',
    `${what} writes org units of every type, and you may edit those of some types only. Ask somebody without that limit.`,
    { scope: 'ORG_UNIT_TYPES' },
  );
}

/** Throws FORBIDDEN when a unit of one of the types (null: of none) may not be edited. */
export function requireWritableTypes(
  { scope }: { readonly scope?: Scope | undefined },
  typeIds: readonly (string | null)[],
): void {
  const writable = scope?.writableTypes ?? null;
  if (writable === null || typeIds.every((id) => id !== null && writable.includes(id))) return;
  throw new ApiError(
    'FORBIDDEN',
    'You may edit org units of some types only, and this touches one of another type, or of none.',
    { scope: 'ORG_UNIT_TYPES' },
  );
}
