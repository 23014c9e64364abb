/**
 * One row of a file becomes a row of the dataset, or waits whole with everything that is wrong with it.
 */
import type { CellHabits } from '../cells/field-type';
import { isDefect, readCell } from '../cells/read-cell';
import type { FieldRecord } from '../datasets/dataset.sql';
import { lookupKey, type Resolution, type UnitMark } from '../units/resolve-units';
import type { RowDefect, WaitingRow, WrittenRow } from './load-rows.sql';

export interface RowRules {
  /** By slot. */
  fields: readonly FieldRecord[];
  habits: CellHabits;
  unitBy: UnitMark | null;
  /** By lookup key. */
  resolutions: ReadonlyMap<string, Resolution>;
}

export type BuiltRow = { landed: WrittenRow } | { waiting: WaitingRow };

/** `cells` stand in the order of the slots; what follows them stood beyond the headings. */
export function buildRow(number: number, cells: readonly string[], rules: RowRules): BuiltRow {
  const values: string[] = [];
  const keys: (string | null)[] = [];
  const written: Record<number, string> = {};
  const defects: RowDefect[] = [];
  let unitId: string | null = null;
  for (const field of rules.fields) {
    const cell = cells[field.slot] ?? '';
    const read = readCell(cell, field.type, rules.habits);
    if (isDefect(read)) {
      defects.push({ slot: field.slot, value: shortened(cell), reason: read.reason, message: read.message });
      continue;
    }
    values.push(read.json);
    keys.push(read.key);
    if (cell !== (read.text ?? '')) written[field.slot] = cell;
    if (!field.isUnit || rules.unitBy === null || read.text === null) continue;
    const resolution = rules.resolutions.get(lookupKey(read.text, rules.unitBy));
    if (resolution && 'unitId' in resolution) unitId = resolution.unitId;
    else defects.push({ slot: field.slot, value: shortened(cell.trim()), ...unresolved(resolution) });
  }
  const extra = cells.slice(rules.fields.length).find((cell) => cell.trim() !== '');
  if (extra !== undefined) defects.push(surplusDefect(rules.fields.length, extra));
  if (defects.length > 0) return { waiting: { number, cells: cells.map(withoutNul), defects } };
  return {
    landed: {
      number,
      values: `[${values.join(',')}]`,
      keys: JSON.stringify(keys),
      written: Object.keys(written).length === 0 ? null : JSON.stringify(written),
      unitId,
    },
  };
}

function unresolved(resolution: Resolution | undefined): { reason: string; message: string } {
  if (resolution && 'reason' in resolution) return resolution;
  return { reason: 'UNIT_NOT_FOUND', message: 'No org unit was found for this value.' };
}

function surplusDefect(slot: number, cell: string): RowDefect {
  return {
    slot,
    value: shortened(cell),
    reason: 'TOO_MANY_CELLS',
    message:
      'The row has more cells than there are headings; a separator inside a value needs quotes around it.',
  };
}

const SHOWN_LENGTH = 500;

function shortened(cell: string): string {
  return withoutNul(cell.slice(0, SHOWN_LENGTH));
}

/** PostgreSQL keeps no NUL, neither in text nor in JSON; the file has it still. */
function withoutNul(cell: string): string {
  return cell.replaceAll('\0', '\u2400');
}
