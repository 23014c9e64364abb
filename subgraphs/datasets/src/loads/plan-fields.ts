/**
 * Which fields a dataset has after a file is loaded, and in which column of the file each stands.
 *
 * The first file makes the fields. A later file must have a column for each of them, found by its heading in any
 * order; what it has besides becomes new fields. A field keeps its place in the rows for ever.
 */
import { newId } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { fieldKey } from '../cells/field-keys';
import type { FieldType } from '../cells/field-type';
import type { FieldRecord } from '../datasets/dataset.sql';
import type { ScannedColumn } from '../source-files/scan-table';

export interface FieldChoice {
  heading: string;
  type: FieldType;
}

export interface FieldPlan {
  /** By slot. */
  fields: FieldRecord[];
  /** By slot: the index of the column in the file. */
  columns: number[];
}

export interface PlanInput {
  datasetId: string;
  existing: readonly FieldRecord[];
  columns: readonly ScannedColumn[];
  choices: readonly FieldChoice[];
  /** The heading of the column that names org units. */
  unitHeading: string | null;
}

/** Throws BAD_USER_INPUT for a heading that the file does not have. */
export function planFields(input: PlanInput): FieldPlan {
  const used = input.columns.filter(({ isEmpty }) => !isEmpty);
  const indexOf = new Map(used.map((column) => [column.heading, input.columns.indexOf(column)]));
  demandHeadings(input, indexOf);
  const chosen = new Map(input.choices.map(({ heading, type }) => [heading, type]));
  const known = [...input.existing].sort((a, b) => a.slot - b.slot);
  const taken = new Set(known.map(({ key }) => key));
  const knownHeadings = new Set(known.map(({ heading }) => heading));
  const added = used
    .filter(({ heading }) => !knownHeadings.has(heading))
    .map((column, index) => ({
      id: newId(),
      datasetId: input.datasetId,
      slot: known.length + index,
      key: fieldKey(column.heading, taken),
      heading: column.heading,
      type: column.type,
      isUnit: false,
    }));
  const fields = [...known, ...added].map((field) => {
    const isUnit = field.heading === input.unitHeading;
    // What names a place is a mark, never a number.
    return { ...field, isUnit, type: isUnit ? ('TEXT' as const) : (chosen.get(field.heading) ?? field.type) };
  });
  return { fields, columns: fields.map(({ heading }) => indexOf.get(heading) as number) };
}

function demandHeadings(
  { existing, choices, unitHeading }: PlanInput,
  indexOf: ReadonlyMap<string, number>,
): void {
  const there = [...indexOf.keys()].map((heading) => JSON.stringify(heading)).slice(0, 50);
  const demand = (heading: string, path: string[], why: string) => {
    if (indexOf.has(heading)) return;
    throw badInput(`The file has no column ${JSON.stringify(heading)}, ${why}. It has ${there.join(', ')}.`, {
      path,
      heading,
    });
  };
  for (const { heading } of existing) demand(heading, ['fileId'], 'which the dataset has as a field');
  for (const { heading } of choices) demand(heading, ['fields'], 'for which a type was given');
  if (unitHeading !== null) demand(unitHeading, ['unit', 'heading'], 'which was to name the org units');
}
