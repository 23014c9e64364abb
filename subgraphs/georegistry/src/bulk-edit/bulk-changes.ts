/** What a bulk edit changes, as a job keeps it, and the rules that need no database. */
import { badInput } from '@iroko/errors';
import { z } from 'zod';
import { EMPTY_CONTENT, edited, UNIT_STATUSES } from '../org-units/unit-content';
import { unitFilter } from '../org-units/unit-filter-schema';

export const LOCATION_SOURCES = ['SHAPE', 'SUBMISSIONS'] as const;
export type LocationSource = (typeof LOCATION_SOURCES)[number];

/** What is left out stays as it is; null takes away. */
export const bulkChanges = z.object({
  status: z.enum(UNIT_STATUSES).optional(),
  typeId: z.string().nullable().optional(),
  parentId: z.string().nullable().optional(),
  openingDate: z.string().nullable().optional(),
  closedDate: z.string().nullable().optional(),
  /** All groups that the units are in afterwards. */
  groupIds: z.array(z.string()).optional(),
  addGroupIds: z.array(z.string()).optional(),
  removeGroupIds: z.array(z.string()).optional(),
  setAttributes: z.record(z.string(), z.string().nullable()).optional(),
  removeAttributes: z.array(z.string()).optional(),
  locationFrom: z.enum(LOCATION_SOURCES).optional(),
  overwriteLocations: z.boolean().default(false),
});
export type BulkChanges = z.infer<typeof bulkChanges>;

export const bulkEditInput = z.object({
  dataSourceId: z.string(),
  filter: unitFilter,
  anyOf: z.array(unitFilter).nullable(),
  changes: bulkChanges,
  dryRun: z.boolean(),
});
export type BulkEditInput = z.infer<typeof bulkEditInput>;

/** Why a unit of the selection stays as it was. */
export const SKIP_REASONS = {
  TYPE_NOT_WRITABLE: 'You may edit units of some types only.',
  BELOW_ITSELF: 'The new parent is the unit itself or stands below it.',
  TYPE_NOT_ALLOWED: 'The types do not allow it at that place, or what stands below it.',
  GROUP_SET: 'It would be in two groups of a set of which a unit is in one.',
  DATES_REVERSED: 'It would close before it opens.',
  HAS_LOCATION: 'It has a location, and locations are not overwritten.',
  NO_SHAPE: 'It has no shape whose centre could be its location.',
  NO_SUBMITTED_LOCATION: 'No submission at it says where it was made.',
  TOO_MANY_ATTRIBUTES: 'It would have more than 500 attributes.',
} as const;
export type SkipReason = keyof typeof SKIP_REASONS;

/** Checks what can be checked without looking at units. Throws BAD_USER_INPUT. */
export function checkedChanges(changes: BulkChanges): BulkChanges {
  const { overwriteLocations, ...asked } = changes;
  if (Object.values(asked).every((value) => value === undefined)) {
    throw badInput('changes is empty: say what to change.', { path: ['changes'] });
  }
  if (changes.groupIds && (changes.addGroupIds || changes.removeGroupIds)) {
    throw badInput(
      'groupIds sets all groups: leave addGroupIds and removeGroupIds out, or use those alone.',
      {
        path: ['changes', 'groupIds'],
      },
    );
  }
  const both = changes.addGroupIds?.find((id) => changes.removeGroupIds?.includes(id));
  if (both !== undefined) {
    throw badInput(`The group ${both} is to be added and removed.`, { path: ['changes', 'removeGroupIds'] });
  }
  const content = edited(
    { ...EMPTY_CONTENT, name: 'any' },
    {
      status: changes.status,
      typeId: changes.typeId,
      openingDate: changes.openingDate,
      closedDate: changes.closedDate,
      groupIds: [
        ...(changes.groupIds ?? []),
        ...(changes.addGroupIds ?? []),
        ...(changes.removeGroupIds ?? []),
      ],
      attributes: changes.setAttributes,
    },
  );
  return { ...changes, ...(changes.setAttributes ? { setAttributes: content.attributes } : {}) };
}
