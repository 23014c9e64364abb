/**
 * One unit as read from a file, before anything is known of the tree it goes into; and a defect, which is why a row
 * could not become one.
 */
import type { UnitStatus } from '../../org-units/unit-content';

/** Why a row is in quarantine. Stable: the report counts by it, the CSV carries it. */
export const DEFECT_REASONS = [
  'NAME_MISSING',
  'REFERENCE_MISSING',
  'TEXT_TOO_LONG',
  'TEXT_UNREADABLE',
  'NOT_A_NUMBER',
  'COORDINATES_INCOMPLETE',
  'COORDINATES_OUT_OF_RANGE',
  'ALTITUDE_OUT_OF_RANGE',
  'NOT_A_DATE',
  'DATES_REVERSED',
  'UNKNOWN_STATUS',
  'SHAPE_UNREADABLE',
  'SHAPE_INVALID',
  'ATTRIBUTES_UNREADABLE',
  'TOO_MANY_VALUES',
  'TOO_MANY_CELLS',
  'UNKNOWN_GROUP',
  'REFERENCE_TWICE',
  'PARENT_MISSING',
  'PARENT_IS_SELF',
  'PARENT_AMBIGUOUS',
  'CYCLE',
  'TREE_TOO_DEEP',
  'PARENT_IN_QUARANTINE',
  'TYPE_NOT_ALLOWED',
  'TYPE_NOT_YOURS',
  'GROUPS_EXCLUSIVE',
] as const;
export type DefectReason = (typeof DEFECT_REASONS)[number];

export interface Defect {
  /** The column at fault as the file names it; null when it is the whole row. */
  column: string | null;
  value: string | null;
  reason: DefectReason;
  /** For a person: what is wrong and what would be right. */
  message: string;
}

/** What a row says of a unit. A field whose column is not mapped is absent from the statement that writes. */
export interface StagedUnit {
  /** Where the row begins in the file. */
  line: number;
  /** The layer, for files that have several tables. */
  layer: string | null;
  /** Number of the ancestor (an `AncestorIndex` number) or null. */
  ancestor: number | null;
  reference: string | null;
  parentReference: string | null;
  name: string;
  typeNumber: number | null;
  longitude: number | null;
  latitude: number | null;
  altitude: number | null;
  code: string;
  aliases: string[];
  openingDate: string | null;
  closedDate: string | null;
  status: UnitStatus | null;
  groupNumbers: number[];
  /** SHA-256 of the shape's WKB. */
  shapeHash: Buffer | null;
  attributes: Record<string, string | null> | null;
  /** Values of the identity columns, when the mapping names any; joined. */
  identity: string | null;
  /** Columns of the state that the row says nothing of, where others of its file do; they are left untouched. */
  absent: readonly string[];
}
