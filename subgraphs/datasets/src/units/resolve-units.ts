/**
 * Which org units a file means. A value is looked up by one mark (reference, code, name or id) in one data source;
 * what a person decided about a value goes first. A value that fits two units fits none.
 */
import { type AccountDatabase, isId } from '@iroko/database';
import { textKey } from '@iroko/text';
import { type FoundUnit, unitsByCode, unitsById, unitsByName, unitsByReference } from './units.sql';

export const UNIT_MARKS = ['REFERENCE', 'NAME', 'CODE', 'ID'] as const;
export type UnitMark = (typeof UNIT_MARKS)[number];

export interface UnitColumn {
  by: UnitMark;
  /** Null only where ids are given. */
  dataSourceId: string | null;
}

export type Resolution =
  | { unitId: string }
  | { reason: 'UNIT_NOT_FOUND' | 'UNIT_AMBIGUOUS'; message: string };

const CHUNK = 10_000;

/** What makes two values the same for looking up: names are compared without accents and case. */
export function lookupKey(value: string, by: UnitMark): string {
  const text = value.trim();
  if (by === 'NAME') return textKey(text);
  return by === 'ID' ? text.toLowerCase() : text;
}

/** The resolution of every value, by `lookupKey`. `decided` maps lookup keys to units and goes first. */
export async function resolveUnits(
  db: AccountDatabase,
  column: UnitColumn,
  values: Iterable<string>,
  decided: ReadonlyMap<string, string>,
): Promise<Map<string, Resolution>> {
  const keys = [...new Set([...values].map((value) => lookupKey(value, column.by)))];
  const resolved = new Map<string, Resolution>();
  const open: string[] = [];
  for (const key of keys) {
    const unitId = decided.get(key);
    if (unitId) resolved.set(key, { unitId });
    else open.push(key);
  }
  for (let start = 0; start < open.length; start += CHUNK) {
    const chunk = open.slice(start, start + CHUNK);
    const found = grouped(await lookUp(db, column, chunk));
    for (const key of chunk) resolved.set(key, resolutionOf(key, column.by, found.get(key) ?? []));
  }
  return resolved;
}

function lookUp(db: AccountDatabase, { by, dataSourceId }: UnitColumn, keys: string[]): Promise<FoundUnit[]> {
  if (by === 'ID') return unitsById(db, keys.filter(isId));
  if (dataSourceId === null) throw new Error(`Looking up units by ${by} needs a data source.`);
  if (by === 'REFERENCE') return unitsByReference(db, dataSourceId, keys);
  return by === 'CODE' ? unitsByCode(db, dataSourceId, keys) : unitsByName(db, dataSourceId, keys);
}

function grouped(found: readonly FoundUnit[]): Map<string, string[]> {
  const byValue = new Map<string, string[]>();
  for (const { value, unitId } of found) {
    const ids = byValue.get(value);
    if (ids) ids.push(unitId);
    else byValue.set(value, [unitId]);
  }
  return byValue;
}

function resolutionOf(key: string, by: UnitMark, ids: readonly string[]): Resolution {
  const [unitId] = ids;
  const shown = JSON.stringify(key.slice(0, 100));
  if (unitId === undefined) {
    return {
      reason: 'UNIT_NOT_FOUND',
      message: `No org unit of the current version has the ${by.toLowerCase()} ${shown}.`,
    };
  }
  if (ids.length > 1) {
    return {
      reason: 'UNIT_AMBIGUOUS',
      message: `${ids.length} org units have the ${by.toLowerCase()} ${shown}; say which one is meant.`,
    };
  }
  return { unitId };
}
