/**
 * The invented country as a CSV file with its mapping: the form in which the product's own import takes names,
 * parents, shapes, points, groups, aliases and attributes in one file.
 */
import { writeWkt } from '@iroko/geometry';
import { csvLine } from '@iroko/tabular';
import type { Shape } from './borders';
import { shapesOf } from './country';
import type { DemoCountry, DemoUnit } from './units';

/** Which columns of the file mean what; see docs/guides/first-import.md. */
export const COUNTRY_MAPPING = {
  name: 'name',
  reference: 'reference',
  parentReference: 'parent',
  type: 'type',
  code: 'code',
  aliases: 'aliases',
  openingDate: 'opened',
  closedDate: 'closed',
  groups: 'groups',
  longitude: 'longitude',
  latitude: 'latitude',
  altitude: 'altitude',
  shape: 'shape',
  attributesObject: 'attributes',
  newStatus: 'VALID',
} as const;

const COLUMNS: Record<string, (unit: DemoUnit, shape: Shape | undefined) => string> = {
  reference: (unit) => unit.reference,
  parent: (unit) => unit.parent ?? '',
  type: (unit) => unit.type,
  name: (unit) => unit.name,
  code: (unit) => unit.code ?? '',
  aliases: (unit) => unit.aliases.join('|'),
  opened: (unit) => unit.openedOn ?? '',
  closed: (unit) => unit.closedOn ?? '',
  groups: (unit) => unit.groups.join('|'),
  longitude: (unit) => (unit.location ? String(unit.location.longitude) : ''),
  latitude: (unit) => (unit.location ? String(unit.location.latitude) : ''),
  altitude: (unit) => (unit.location ? String(unit.location.altitude) : ''),
  attributes: (unit) => (Object.keys(unit.attributes).length > 0 ? JSON.stringify(unit.attributes) : ''),
  // Last: it is the longest, and a person who opens the file sees the others first.
  shape: (_, shape) => (shape ? writeWkt(shape) : ''),
};

/** The whole file, UTF-8, a unit per row, about 2 MB for the country as it is. */
export function countryFile(country: DemoCountry): string {
  const shapes = new Map(shapesOf(country));
  const columns = Object.values(COLUMNS);
  const lines = country.units.map((unit) =>
    csvLine(columns.map((cell) => cell(unit, shapes.get(unit.reference)))),
  );
  return csvLine(Object.keys(COLUMNS)) + lines.join('');
}
