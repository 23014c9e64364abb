/** A compared unit as a row of a table: for each compared field whether it differs, its value before and after. */
import type { DescribedUnit, FieldDifference, UnitField } from '../differences/difference';
import { fieldValue } from '../differences/difference';
import { writeCellList } from '../imports/staging/cell-list';
import type { ComparedStatus } from './comparison';

/** With what the outlines say. */
export type MeasuredDifference = FieldDifference & { areaDifferingM2: number | null };

export interface DescribedRow {
  status: ComparedStatus;
  before: DescribedUnit | null;
  after: DescribedUnit | null;
  referenceBefore: string | null;
  referenceAfter: string | null;
  differences: MeasuredDifference[];
}

export function headerOf(fields: readonly UnitField[]): string[] {
  const columns = fields.flatMap((field) => {
    const name = field.toLowerCase();
    const measures =
      field === 'LOCATION'
        ? ['distance_m']
        : field === 'SHAPE'
          ? ['area_change_m2', 'area_differing_m2']
          : [];
    return [`${name} before`, `${name} after`, ...measures];
  });
  return ['status', 'reference before', 'reference after', 'changed', ...columns];
}

export function cellsOf(row: DescribedRow, fields: readonly UnitField[]): string[] {
  const differences = new Map(row.differences.map((difference) => [difference.field, difference]));
  const columns = fields.flatMap((field) => {
    const values = [row.before, row.after].map((unit) =>
      unit ? cellOf(field, fieldValue(field, unit)) : '',
    );
    const difference = differences.get(field);
    if (field === 'LOCATION') return [...values, numberCell(difference?.distanceMetres)];
    if (field === 'SHAPE') {
      return [...values, numberCell(difference?.areaChangeM2), numberCell(difference?.areaDifferingM2)];
    }
    return values;
  });
  const changed = writeCellList(row.differences.map(({ field }) => field.toLowerCase()));
  return [row.status, row.referenceBefore ?? '', row.referenceAfter ?? '', changed, ...columns];
}

const numberCell = (value: number | null | undefined): string => (value == null ? '' : String(value));

interface Named {
  name: string;
  reference?: string;
}

/** What a person reads in a cell; shapes by their area, since an outline fills a page. */
export function cellOf(field: UnitField, value: unknown): string {
  if (value === null || value === undefined) return '';
  switch (field) {
    case 'TYPE':
      return (value as Named).name;
    case 'PARENT':
      return `${(value as Named).name} (${(value as Named).reference})`;
    case 'GROUPS':
      return writeCellList((value as Named[]).map(({ name }) => name));
    case 'ALIASES':
      return writeCellList(value as string[]);
    case 'LOCATION': {
      const { longitude, latitude, altitude } = value as {
        longitude: number;
        latitude: number;
        altitude: number | null;
      };
      return [longitude, latitude, ...(altitude === null ? [] : [altitude])].join(' ');
    }
    case 'SHAPE':
      return `${(value as { areaM2: number }).areaM2} m2`;
    case 'ATTRIBUTES':
      return Object.keys(value).length === 0 ? '' : JSON.stringify(value);
    default:
      return String(value);
  }
}
