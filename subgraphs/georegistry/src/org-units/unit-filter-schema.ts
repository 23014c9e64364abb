/** The filter of a list of units as a job keeps it: what `OrgUnitFilter` takes, as JSON. */
import { z } from 'zod';
import { LINK_STATUSES } from '../links/link';
import { TypeCategory } from '../types/type-category';
import type { OrgUnitFilter } from './unit-filter';
import { SubmissionPresence } from './unit-filter-parts';

const list = <Item extends z.ZodType>(item: Item) => z.array(item).nullish();
const text = z.string().nullish();
const flag = z.boolean().nullish();
const degrees = z.number();
const days = z.object({ from: text, until: text }).nullish();
const moment = z.coerce.date().nullish();

const fields = {
  ids: list(z.string()),
  excludedIds: list(z.string()),
  sources: list(z.string()),
  subtree: text,
  subtrees: list(z.string()),
  excludedSubtrees: list(z.string()),
  parent: text,
  isRoot: flag,
  depths: list(z.number()),
  types: list(z.string()),
  categories: list(z.enum(TypeCategory)),
  statuses: list(z.enum(['NEW', 'VALID', 'REJECTED'])),
  projects: list(z.string()),
  groups: list(z.string()),
  references: list(z.string()),
  codes: list(z.string()),
  attributes: list(
    z.object({
      key: z.string(),
      has: z.boolean().default(true),
      values: list(z.string()),
      contains: text,
      atLeast: z.number().nullish(),
      atMost: z.number().nullish(),
    }),
  ),
  hasLocation: flag,
  hasShape: flag,
  hasGeometry: flag,
  boundingBox: z.object({ west: degrees, south: degrees, east: degrees, north: degrees }).nullish(),
  openOn: text,
  opened: days,
  closed: days,
  text,
  search: text,
  submissions: z
    .object({
      presence: z.enum(SubmissionPresence).default(SubmissionPresence.SOME),
      forms: list(z.string()),
      receivedFrom: moment,
      receivedBefore: moment,
    })
    .nullish(),
  links: z
    .object({
      has: z.boolean().default(true),
      statuses: z.array(z.enum(LINK_STATUSES)).default(['ACCEPTED']),
      unit: text,
      source: text,
      version: text,
    })
    .nullish(),
} satisfies Record<keyof OrgUnitFilter, z.ZodType>;

export const unitFilter = z.object(fields) as unknown as z.ZodType<OrgUnitFilter>;
