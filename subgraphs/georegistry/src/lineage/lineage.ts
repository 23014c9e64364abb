/**
 * An operation that says which units took the place of which, as plain data: what was asked for, and what was recorded
 * of it.
 */
import type { UnitFields } from '../org-units/edit-unit';

export const LINEAGE_KINDS = ['SPLIT', 'MERGE', 'REPLACE', 'CLOSE'] as const;
export type LineageKind = (typeof LINEAGE_KINDS)[number];

export const LINEAGE_ENDINGS = ['CLOSED', 'REMOVED', 'KEPT'] as const;
export type LineageEnding = (typeof LINEAGE_ENDINGS)[number];

export const LINEAGE_ROLES = ['PREDECESSOR', 'SUCCESSOR', 'CLOSED_ALONG', 'MOVED'] as const;
export type LineageRole = (typeof LINEAGE_ROLES)[number];

/** What becomes of the units right below one that is closed. */
export const CLOSED_CHILDREN = ['REFUSE', 'CLOSE', 'MOVE'] as const;
export type ClosedChildren = (typeof CLOSED_CHILDREN)[number];

/** A unit that stands in the draft, as whoever asks has seen it. */
export interface NamedUnit {
  id: string;
  expectedRevision: number;
}

/** A unit that is made by the operation; what is undefined follows from the predecessors. The shape is stored already. */
export type NewSuccessor = Omit<UnitFields, 'shape'> & { name: string; reference?: string | undefined };

/** One of the two is there; which is checked once the unit is known to be one. */
export interface Successor {
  unit: NamedUnit | null;
  create: NewSuccessor | null;
}

/** Where the units right below the predecessors go. */
export interface ChildRule {
  /** Children that the caller placed: the index of a successor. */
  assigned: { unitId: string; to: number }[];
  /** Where those go that nothing else places; null: nowhere. */
  otherTo: number | null;
  /** Of a closing. */
  onClose: ClosedChildren;
  /** The unit below which the children of a closed one come. */
  moveTo: string | null;
}

/** One operation as asked for. */
export interface LineageOrder {
  kind: LineageKind;
  ending: LineageEnding;
  /** The day from which the successors stand. */
  effectiveOn: string;
  reason: string;
  predecessors: NamedUnit[];
  successors: Successor[];
  children: ChildRule;
  /** How much of the smaller of two parts may lie in the other, 0 to 1. */
  overlapTolerance: number;
}

export interface LineageRow {
  id: string;
  dataSourceId: string;
  versionNumber: number;
  number: number;
  kind: LineageKind;
  ending: LineageEnding;
  effectiveOn: string;
  reason: string;
  madeBy: string | null;
  madeAt: Date;
  jobId: string | null;
  moved: number;
  closedAlong: number;
}

/** A predecessor or a successor of an operation. */
export interface LineageUnitRow {
  lineageId: string;
  unitId: string;
  reference: string;
  role: LineageRole;
  ended: boolean;
  isNew: boolean;
  name: string;
  code: string;
}
