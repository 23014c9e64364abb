/** What a merge plan is: its options, its rows, and what is still open in one. Plain data. */
import { z } from 'zod';
import { comparisonLimits, MATCHINGS } from '../comparisons/comparison';
import { UNIT_FIELDS, type UnitField } from '../differences/difference';

export const mergeOptions = z.object({
  matchBy: z.enum(MATCHINGS),
  fields: z.array(z.enum(UNIT_FIELDS)),
  /** Without an ancestor: whether units that the source does not hold go. */
  absentUnits: z.enum(['KEEP', 'REMOVE']),
  /** Which units are looked at and how closely, where that is limited. */
  limits: comparisonLimits.optional(),
});
export type MergeOptions = z.infer<typeof mergeOptions>;

export const PLAN_STATUSES = ['PLANNING', 'READY', 'APPLIED', 'PROPOSED'] as const;
export type PlanStatus = (typeof PLAN_STATUSES)[number];

export const MERGE_ACTIONS = ['CREATE', 'UPDATE', 'REMOVE'] as const;
export type MergeAction = (typeof MERGE_ACTIONS)[number];

export interface MergePlanRecord {
  id: string;
  fromVersionId: string;
  targetVersionId: string;
  baseVersionId: string | null;
  /** The merge or copy that the ancestor is known by. */
  originId: string | null;
  fromDraft: boolean;
  targetDraft: boolean;
  options: MergeOptions;
  status: PlanStatus;
  jobId: string | null;
  createdAt: Date;
}

export interface MergeRow {
  position: number;
  action: MergeAction;
  sourceUnitId: string | null;
  targetUnitId: string | null;
  fields: UnitField[];
  conflicts: UnitField[];
  taken: UnitField[];
  removalConflict: boolean;
  decided: boolean;
  chosen: boolean;
  parentUnitId: string | null;
  parentPosition: number | null;
  parentOpen: boolean;
  /** The version, or null for none, that is the ancestor of a field, where it is not that of the plan. */
  olderBases: Partial<Record<UnitField, string | null>> | null;
}

/** The question of the parent counts only where the parent is taken. */
export const asksForParent = (row: MergeRow): boolean =>
  row.parentOpen && row.chosen && (row.action === 'CREATE' || row.taken.includes('PARENT'));

const hasOpenConflict = (row: MergeRow): boolean =>
  (row.conflicts.length > 0 || row.removalConflict) && !row.decided;

/** Whether the plan waits for somebody's word on this row. */
export const isOpen = (row: MergeRow): boolean => hasOpenConflict(row) || asksForParent(row);
