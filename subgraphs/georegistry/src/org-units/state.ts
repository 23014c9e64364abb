/** A place in one version, as read from the database. */
import type { Location, UnitContent, UnitStatus } from './unit-content';

export interface StateRow {
  unitId: string;
  dataSourceId: string;
  reference: string;
  /** The version that was asked for, not the one in which the row began. */
  versionNumber: number;
  fromVersion: number;
  revision: number;
  name: string;
  nameKey: string;
  aliases: string[];
  code: string;
  typeId: string | null;
  parentId: string | null;
  status: UnitStatus;
  longitude: number | null;
  latitude: number | null;
  altitude: number | null;
  shapeHash: Buffer | null;
  openingDate: string | null;
  closedDate: string | null;
  groupIds: string[] | null;
  attributes: Record<string, string | null> | null;
  writtenAt: Date;
  /** Of the unit, not of the state. */
  createdAt: Date;
}

export function locationOf(row: Pick<StateRow, 'longitude' | 'latitude' | 'altitude'>): Location | null {
  if (row.longitude === null || row.latitude === null) return null;
  return { longitude: row.longitude, latitude: row.latitude, altitude: row.altitude };
}

export function contentOf(row: StateRow): UnitContent {
  return {
    name: row.name,
    aliases: row.aliases,
    code: row.code,
    typeId: row.typeId,
    parentId: row.parentId,
    status: row.status,
    location: locationOf(row),
    shapeHash: row.shapeHash?.toString('hex') ?? null,
    openingDate: row.openingDate,
    closedDate: row.closedDate,
    groupIds: row.groupIds ?? [],
    attributes: sortedByKey(row.attributes ?? {}),
  };
}

/** jsonb has an order of its own; two equal objects shall have one text. */
function sortedByKey(attributes: Record<string, string | null>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}
