/** What an export is asked for: which version, which of its units, in which format. */
import { z } from 'zod';

export const EXPORT_FORMATS = ['CSV', 'GEOJSON'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const list = <Item extends z.ZodType>(item: Item) => z.array(item).nullish();
const degrees = z.number();

/** The filter of a list of units, as a job keeps it. */
const filter = z.object({
  subtree: z.string().nullish(),
  parent: z.string().nullish(),
  isRoot: z.boolean().nullish(),
  types: list(z.string()),
  statuses: list(z.enum(['NEW', 'VALID', 'REJECTED'])),
  groups: list(z.string()),
  references: list(z.string()),
  hasLocation: z.boolean().nullish(),
  hasShape: z.boolean().nullish(),
  boundingBox: z.object({ west: degrees, south: degrees, east: degrees, north: degrees }).nullish(),
  text: z.string().nullish(),
});

export const exportInput = z.object({
  versionId: z.string(),
  filter: filter.default({}),
  format: z.enum(EXPORT_FORMATS),
});

export type ExportInput = z.infer<typeof exportInput>;
