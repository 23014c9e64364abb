/**
 * What the log tells of an operation: one event for each unit that ends or takes a place, which names the units on the
 * other side, and one of the version with the counts of what went along. That one names no unit: it is read by those too
 * whose scope ends elsewhere.
 */
import { type Change, recordChanges } from '@iroko/changes';
import type { AccountTransaction } from '@iroko/database';
import { CONTENT_FIELDS, type UnitContent } from '../org-units/unit-content';
import { differingFields, picked } from '../revisions';
import type { VersionRow } from '../versions/version';
import type { LineageRow } from './lineage';
import type { WrittenSuccessor } from './successors';

export interface EndedUnit {
  unitId: string;
  reference: string;
  before: UnitContent;
  /** Null for one that left the draft. */
  after: UnitContent | null;
  revision: number;
}

export interface Told {
  lineage: LineageRow;
  draft: VersionRow;
  ends: readonly EndedUnit[];
  successors: readonly WrittenSuccessor[];
}

export async function recordEvents(tx: AccountTransaction, told: Told): Promise<void> {
  const { lineage, draft, ends, successors } = told;
  const { kind: action, reason } = lineage;
  const operation = {
    lineageId: lineage.id,
    kind: lineage.kind,
    ending: lineage.ending,
    effectiveOn: lineage.effectiveOn,
    versionId: draft.id,
  };
  const predecessorIds = ends.map(({ unitId }) => unitId);
  const successorIds = successors.map(({ unitId }) => unitId);
  const event = (
    unitId: string,
    kind: string,
    change: ReturnType<typeof changeOf>,
    others: object,
  ): Change => ({
    subjectType: 'OrgUnit',
    subjectId: unitId,
    unitId,
    action: kind,
    before: change.before,
    after: { ...change.after, ...operation, ...others },
    reason,
  });
  const units = { moved: lineage.moved, closedAlong: lineage.closedAlong };
  await recordChanges(tx, [
    ...ends.map(({ unitId, before, after }) =>
      event(unitId, action, changeOf(before, after), { successorIds, units }),
    ),
    ...successors.map(({ unitId, isNew, before, content, reference }) => {
      const more = isNew ? { reference, dataSourceId: draft.dataSourceId } : {};
      return event(unitId, isNew ? 'CREATE' : action, changeOf(before, content), { ...more, predecessorIds });
    }),
    {
      subjectType: 'SourceVersion',
      subjectId: draft.id,
      action,
      before: null,
      after: {
        dataSourceId: draft.dataSourceId,
        number: draft.number,
        ending: lineage.ending,
        effectiveOn: lineage.effectiveOn,
        predecessors: ends.length,
        successors: successors.length,
        units,
      },
      reason,
    },
  ]);
}

/** The fields that differ; all of them of a unit that comes or goes. */
export function changeOf(
  before: UnitContent | null,
  after: UnitContent | null,
): { before: Record<string, unknown> | null; after: Record<string, unknown> | null } {
  const fields = before && after ? differingFields(before, after) : CONTENT_FIELDS;
  return { before: before && picked(before, fields), after: after && picked(after, fields) };
}

/** Of each unit that stands again, goes again or is as before, and of the version. */
export async function recordUndo(
  tx: AccountTransaction,
  {
    lineage,
    draft,
    reason,
    units,
  }: {
    lineage: LineageRow;
    draft: VersionRow;
    reason: string | null;
    units: readonly { unitId: string; isNew: boolean; contentBefore: UnitContent | null }[];
  },
): Promise<void> {
  const { id: lineageId, kind, dataSourceId } = lineage;
  const action = 'UNDO_LINEAGE';
  const told = { lineageId, kind, versionId: draft.id };
  await recordChanges(tx, [
    ...units.map(({ unitId, isNew, contentBefore }) => ({
      subjectType: 'OrgUnit',
      subjectId: unitId,
      unitId,
      action,
      before: told,
      after: isNew ? null : { ...contentBefore, ...told },
      reason,
    })),
    {
      subjectType: 'SourceVersion',
      subjectId: draft.id,
      action,
      before: { kind, units: { moved: lineage.moved, closedAlong: lineage.closedAlong } },
      after: { dataSourceId, number: draft.number },
      reason,
    },
  ]);
}
