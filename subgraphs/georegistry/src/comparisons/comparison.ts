/** What a comparison of two versions is asked for: how units are matched, what is compared, what is ignored. */
import { badInput } from '@iroko/errors';
import { z } from 'zod';
import { UNIT_FIELDS, type UnitField } from '../differences/difference';
import { UNIT_STATUSES } from '../org-units/unit-content';

export const COMPARED_STATUSES = ['NEW', 'REMOVED', 'CHANGED', 'SAME'] as const;
export type ComparedStatus = (typeof COMPARED_STATUSES)[number];

export const MATCHINGS = ['REFERENCE', 'CODE', 'LINKS', 'ORIGIN'] as const;
export type Matching = (typeof MATCHINGS)[number];

/** Farther than this nobody calls two places one by tolerance, and the short formula of the distance holds. */
export const TOLERANCE_MAX_METRES = 10_000;

/** Which units are looked at, and how much may differ before it counts. A merge plan made of a comparison keeps them. */
export const comparisonLimits = z.object({
  /** Units at or below one of these, in either version; undefined for all. */
  subtrees: z.array(z.string()).optional(),
  /** Units that have one of these types in either version. */
  typeIds: z.array(z.string()).optional(),
  statuses: z.array(z.enum(UNIT_STATUSES)).optional(),
  /** Names that differ in capitals, accents and spaces alone are the same. */
  ignoreNameStyle: z.boolean(),
  /** Locations no farther apart than this are the same; 0 compares exactly. */
  locationToleranceMetres: z.number(),
  /** Shapes are the same when what one covers and the other does not is no more than this part; null compares exactly. */
  areaTolerance: z.number().nullable(),
});
export type ComparisonLimits = z.infer<typeof comparisonLimits>;

/** Every unit, compared exactly. */
export const NO_LIMITS: ComparisonLimits = {
  ignoreNameStyle: false,
  locationToleranceMetres: 0,
  areaTolerance: null,
};

export const isUnlimited = (limits: ComparisonLimits): boolean =>
  !limits.subtrees &&
  !limits.typeIds &&
  !limits.statuses &&
  !limits.ignoreNameStyle &&
  limits.locationToleranceMetres === 0 &&
  limits.areaTolerance === null;

export const comparisonOptions = comparisonLimits.extend({
  matchBy: z.enum(MATCHINGS),
  /** The fields that are looked at. */
  fields: z.array(z.enum(UNIT_FIELDS)),
  /** Whether units that are the same have rows too. */
  keepSame: z.boolean(),
});
export type ComparisonOptions = z.infer<typeof comparisonOptions>;

export interface ComparisonCounts {
  new: number;
  removed: number;
  changed: number;
  same: number;
}

/** The fields that are compared: those named, or all, without those that are ignored. Throws BAD_USER_INPUT for none. */
export function comparedFields(
  compare: readonly UnitField[] | null | undefined,
  ignore: readonly UnitField[] | null | undefined,
): UnitField[] {
  const fields = UNIT_FIELDS.filter((field) => (compare ?? UNIT_FIELDS).includes(field)).filter(
    (field) => !(ignore ?? []).includes(field),
  );
  if (fields.length > 0) return fields;
  throw badInput('All fields are ignored. Compare at least one.', { path: ['input', 'compare'] });
}

/** Throws BAD_USER_INPUT unless it lies between the bounds. */
export function checkedTolerance(value: number, most: number, path: string[]): number {
  if (value >= 0 && value <= most) return value;
  throw badInput(`${path.at(-1)} is ${value}; it goes from 0 to ${most}.`, { path });
}
