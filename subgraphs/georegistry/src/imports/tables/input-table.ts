/** A file as a table of rows that can be read more than once, whatever its format. */
import type { DateOrder, DecimalSign, DetectedDialect, Dialect, TableRow } from '@iroko/tabular';
import type { Defect } from '../staging/staged-unit';

export type TableFormat = 'CSV' | 'XLSX' | 'GEOPACKAGE';

/** A row as imports read it. */
export interface InputRow extends TableRow {
  /** The layer, where a file has several. */
  layer?: string;
  /** Columns of the state that its layer says nothing of. */
  absent?: readonly string[];
  /** Why the row cannot be taken, where that was seen before its cells are read. */
  defect?: Defect;
}

/** The habits of a table that a person may correct. */
export type TableHabits = Partial<Dialect> & { sheet?: string | undefined };

export interface InputTable {
  format: TableFormat;
  columns: string[];
  decimalSign: DecimalSign;
  dateOrder: DateOrder;
  /** What was found of a CSV file; null for a spreadsheet, which says it itself. */
  dialect: DetectedDialect | null;
  /** Bytes of the file. */
  size: number;
  /** References and names of the groups, where the file lists them. */
  groups?: ReadonlyMap<string, string>;
  /** The usual level of types by their name, 0 for roots, where the file says it. */
  typeDepths?: ReadonlyMap<string, number>;
  /** The rows below the header, from the beginning; may be called again. */
  rows(onBytes?: (read: number) => void): AsyncGenerator<InputRow[]>;
  /** Removes what was put on the local disk. */
  dispose(): Promise<void>;
}
