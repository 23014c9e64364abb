/** What an export is asked for: which version, which of its units, in which format. */
import { z } from 'zod';
import { unitFilter } from '../org-units/unit-filter-schema';

export const EXPORT_FORMATS = ['CSV', 'GEOJSON'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const exportInput = z.object({
  versionId: z.string(),
  filter: unitFilter.default({}),
  anyOf: z.array(unitFilter).nullable().default(null),
  format: z.enum(EXPORT_FORMATS),
});

export type ExportInput = z.infer<typeof exportInput>;
