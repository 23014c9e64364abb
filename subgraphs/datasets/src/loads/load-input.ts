/** What a load is told; checked when it is asked for and again when it runs. */
import { z } from 'zod';
import { FIELD_TYPES } from '../cells/field-type';
import { readingChoices } from '../source-files/reading';
import { UNIT_MARKS } from '../units/resolve-units';

export const loadInput = z.object({
  datasetId: z.string(),
  /** Null: the dataset is there already. */
  create: z.object({ name: z.string(), description: z.string().nullable() }).nullable(),
  /** Null: the file of the current version again, read in another way. */
  fileId: z.string().nullable(),
  reading: readingChoices,
  fields: z.array(z.object({ heading: z.string(), type: z.enum(FIELD_TYPES) })),
  /** Null: as before. */
  unit: z
    .object({ heading: z.string(), by: z.enum(UNIT_MARKS), dataSourceId: z.string().nullable() })
    .nullable(),
});

export type LoadInput = z.infer<typeof loadInput>;
