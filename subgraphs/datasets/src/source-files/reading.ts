/** How a file is read: found from the file, shown, and corrected by whoever knows better. */
import type { DateOrder, DecimalSign, Encoding } from '@iroko/tabular';
import { z } from 'zod';
import { isTimeZone } from '../cells/instant';

export interface Reading {
  format: 'CSV' | 'XLSX';
  /** The sheet of a spreadsheet; null for the first one, and for CSV. */
  sheet: string | null;
  /** Null for a spreadsheet. */
  separator: string | null;
  /** Null for a spreadsheet. */
  encoding: Encoding | null;
  decimalSign: DecimalSign;
  dateOrder: DateOrder;
  /** IANA name of the zone that times without one are in. */
  timeZone: string;
  /** The dates of the file could be read in two orders, and nobody said which. */
  dateOrderAmbiguous: boolean;
}

/** What a person says about a file; the rest is found. */
export const readingChoices = z.object({
  sheet: z.string().max(255).nullish(),
  separator: z.string().length(1).nullish(),
  encoding: z.enum(['UTF_8', 'UTF_16LE', 'UTF_16BE', 'LATIN_1', 'WINDOWS_1252']).nullish(),
  decimalSign: z.enum(['POINT', 'COMMA']).nullish(),
  dateOrder: z.enum(['YMD', 'DMY', 'MDY']).nullish(),
  timeZone: z.string().refine(isTimeZone, 'is no IANA time zone').nullish(),
});

export type ReadingChoices = z.infer<typeof readingChoices>;
