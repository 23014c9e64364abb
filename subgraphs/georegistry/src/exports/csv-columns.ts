/**
 * The columns of an exported CSV, and the mapping that reads them: importing an export changes nothing.
 */
import { writeWkt } from '@iroko/geometry';
import { writeCellList } from '../imports/staging/cell-list';
import type { ExportedUnit } from './exported-unit';

export const CSV_HEADER = [
  'reference',
  'name',
  'type',
  'parent_reference',
  'code',
  'status',
  'aliases',
  'longitude',
  'latitude',
  'altitude',
  'opening_date',
  'closed_date',
  'groups',
  'attributes',
  'shape',
] as const;

/** The import mapping of these columns. */
export const CSV_MAPPING = {
  reference: 'reference',
  name: 'name',
  type: 'type',
  parentReference: 'parent_reference',
  code: 'code',
  status: 'status',
  aliases: 'aliases',
  longitude: 'longitude',
  latitude: 'latitude',
  altitude: 'altitude',
  openingDate: 'opening_date',
  closedDate: 'closed_date',
  groups: 'groups',
  attributesObject: 'attributes',
  shape: 'shape',
  // Given, not detected: a file of two rows says too little.
  separator: ',',
  encoding: 'UTF_8',
  decimalSign: 'POINT',
  dateOrder: 'YMD',
  duplicates: 'KEEP',
} as const;

/** Numbers in the shortest form that reads back as the same number. */
const number = (value: number | null): string => (value === null ? '' : String(value));

export function csvCells(unit: ExportedUnit): string[] {
  return [
    unit.reference,
    unit.name,
    unit.type ?? '',
    unit.parentReference ?? '',
    unit.code,
    unit.status,
    writeCellList(unit.aliases),
    number(unit.longitude),
    number(unit.latitude),
    number(unit.altitude),
    unit.openingDate ?? '',
    unit.closedDate ?? '',
    writeCellList(unit.groups),
    Object.keys(unit.attributes).length === 0 ? '' : JSON.stringify(unit.attributes),
    unit.shape === null ? '' : writeWkt(unit.shape),
  ];
}
