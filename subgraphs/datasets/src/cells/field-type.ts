/** The types a column can have, and how the files of a dataset write their values. */
import type { DateOrder, DecimalSign } from '@iroko/tabular';

export const FIELD_TYPES = ['TEXT', 'INTEGER', 'DECIMAL', 'BOOLEAN', 'DATE', 'DATE_TIME'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** What a cell means depends on these habits of its file. */
export interface CellHabits {
  decimalSign: DecimalSign;
  dateOrder: DateOrder;
  /** IANA name: where a time that states no zone was on the clock. */
  timeZone: string;
}
