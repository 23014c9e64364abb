export { columnNames } from './columns';
export { readCsv } from './csv-read';
export { CsvRows, type TableRow } from './csv-rows';
export { csvLine, protectCell, unprotectCell, writeCsv } from './csv-write';
export { type DetectedDialect, type Dialect, detectDialect, type OpenBytes, SEPARATORS } from './dialect';
export { type Bytes, ENCODINGS, type Encoding } from './encoding';
export {
  DATE_ORDERS,
  type DateOrder,
  DECIMAL_SIGNS,
  type DecimalSign,
  detectDateOrder,
  detectDecimalSign,
  parseDate,
  parseNumber,
} from './values';
export { readXlsx } from './xlsx-read';
export { writeXlsx, XLSX_ROWS_MAX } from './xlsx-write';
