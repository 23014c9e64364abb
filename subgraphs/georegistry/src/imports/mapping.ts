/**
 * Which columns of a file mean what. The same shape is kept in a job's input, written by hand in a file, and sent over
 * GraphQL; Iaso's `recipe.json` is read too.
 */
import { DATE_ORDERS, DECIMAL_SIGNS, ENCODINGS } from '@iroko/tabular';
import { z } from 'zod';
import { UNIT_STATUSES } from '../org-units/unit-content';

const column = z.string().min(1).max(1000);
const LEVELS_MAX = 63;

const mappingObject = z.strictObject({
  /** Column of the unit's name. */
  name: column,
  /** Column of the reference by which the source knows the unit. */
  reference: column.optional(),
  /** Column of the type's name. */
  type: column.optional(),
  /** The type of every row, where no column says it. */
  fixedType: z.string().min(1).max(255).optional(),
  /** Columns of the names of the ancestors, the outermost first. */
  parents: z.array(column).max(LEVELS_MAX).default([]),
  /** The types of the ancestors, in the order of `parents`; null for one without. */
  parentTypes: z.array(z.string().max(255).nullable()).max(LEVELS_MAX).default([]),
  /** Column of the parent's reference, instead of `parents`. */
  parentReference: column.optional(),
  longitude: column.optional(),
  latitude: column.optional(),
  altitude: column.optional(),
  code: column.optional(),
  /** Column of other names, apart by `|` or as a JSON list. */
  aliases: column.optional(),
  openingDate: column.optional(),
  closedDate: column.optional(),
  /** Column of NEW, VALID or REJECTED. */
  status: column.optional(),
  /** The status of new units where no column says it. */
  newStatus: z.enum(UNIT_STATUSES).default('NEW'),
  /** Column of the groups' references or names, apart by `|` or as a JSON list. */
  groups: column.optional(),
  /** Column of the shape as WKT or GeoJSON, EPSG:4326. */
  shape: column.optional(),
  /** Columns that are kept as attributes, each under a key. */
  attributes: z
    .array(z.strictObject({ column, key: z.string().min(1).max(255) }))
    .max(500)
    .default([]),
  /** Column of a JSON object whose members are attributes. */
  attributesObject: column.optional(),
  /** Columns that together say which place a row is, where references do not. Default: ancestors and name. */
  identity: z.array(column).min(1).max(50).optional(),
  duplicates: z.enum(['DROP', 'KEEP']).default('DROP'),
  /** Cells with exactly this text (after trimming) are empty, such as `NULL` or `n/a`. */
  emptyTexts: z.array(z.string().max(100)).max(50).default([]),
  separator: z.string().length(1).optional(),
  encoding: z.enum(ENCODINGS).optional(),
  decimalSign: z.enum(DECIMAL_SIGNS).optional(),
  dateOrder: z.enum(DATE_ORDERS).optional(),
  header: z.boolean().optional(),
  /** Name of the sheet of a spreadsheet; the first without it. */
  sheet: z.string().min(1).max(100).optional(),
});

const rules = mappingObject.superRefine((mapping, context) => {
  const say = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (mapping.parents.length > 0 && mapping.parentReference !== undefined) {
    say('parentReference', 'name the parent by columns of names (parents) or by its reference, not both');
  }
  if (mapping.parentReference !== undefined && mapping.reference === undefined) {
    say('parentReference', 'a parent is found by its reference only where rows have one: map reference too');
  }
  if ((mapping.longitude === undefined) !== (mapping.latitude === undefined)) {
    say('longitude', 'longitude and latitude are mapped together');
  }
  if (mapping.altitude !== undefined && mapping.longitude === undefined) {
    say('altitude', 'an altitude needs longitude and latitude');
  }
  if (mapping.type !== undefined && mapping.fixedType !== undefined) {
    say('fixedType', 'the type comes from a column or is the same for all rows, not both');
  }
  if (mapping.parentTypes.length > mapping.parents.length) {
    say('parentTypes', 'there are more types than columns of ancestors');
  }
});

/** Iaso's names for what is called otherwise here. */
const RECIPE_NAMES: Readonly<Record<string, string>> = {
  source_ref: 'reference',
  parent_source_ref: 'parentReference',
  org_unit_type: 'type',
  opening_date: 'openingDate',
  closed_date: 'closedDate',
};

function fromRecipe(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [RECIPE_NAMES[key] ?? key, member]),
  );
}

/** What a mapping may hold, for a message to somebody who wrote another word. */
export const MAPPING_KEYS: readonly string[] = [
  ...Object.keys(mappingObject.shape),
  ...Object.keys(RECIPE_NAMES),
];

/** Reads a mapping or a recipe. */
export const importMapping = z.preprocess(fromRecipe, rules);

export type ImportMapping = z.infer<typeof mappingObject>;
