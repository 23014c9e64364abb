/**
 * The job that turns a merge plan into change requests, for others to decide on one by one. It commits whole or not at
 * all, and goes through the plan in batches, so that memory does not grow with it.
 */
import { type Change, recordChange, recordChanges } from '@iroko/changes';
import { type AccountTransaction, newId } from '@iroko/database';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { requireWholeTrees } from '@iroko/viewer';
import { changedFields, contentOfFields } from '../change-requests/change-request';
import { insertRequests, type NewChangeRequest } from '../change-requests/change-request.sql';
import { proposalEvent } from '../change-requests/propose-change';
import { contentOf, type StateRow } from '../org-units/state';
import { statesInVersion } from '../org-units/state.sql';
import { EMPTY_CONTENT } from '../org-units/unit-content';
import type { VersionRow } from '../versions/version';
import { draftOfSource } from '../versions/version.sql';
import { finishInput } from './apply-job';
import { setPlan } from './merge-plan.sql';
import { prepareMerge } from './prepare-merge';
import { createProposed, type ProposedRow, proposedRows, setRequests } from './proposed.sql';
import { recordMerge } from './record-merge';

const BATCH = 500;

export interface ProposeReport {
  requests: number;
  groups: { added: number };
}

export const proposeMergeJob = defineJob<{ planId: string; dataSourceId: string }, ProposeReport>({
  name: 'georegistry.propose-merge',
  input: finishInput,
  permission: 'change_requests.propose',
  retries: 1,
  handler: (job, { planId, dataSourceId }) => {
    requireWholeTrees(job.db.actor, 'A merge');
    return job.complete(async (tx) => {
      const { plan, sides, into, groups } = await prepareMerge(
        tx,
        planId,
        await draftOfSource(tx, dataSourceId),
      );
      const requests = await proposeAll(tx, job, planId, into);
      await recordMerge(tx, { plan, from: sides.after, into, isProposed: true });
      await setPlan(tx, planId, 'PROPOSED', job.id);
      await recordChange(tx, {
        subjectType: 'MergePlan',
        subjectId: planId,
        action: 'PROPOSE',
        before: null,
        after: { status: 'PROPOSED', requests },
      });
      return { requests, groups: { added: groups } };
    });
  },
});

async function proposeAll(
  tx: AccountTransaction,
  job: RunningJob,
  planId: string,
  into: VersionRow,
): Promise<number> {
  const total = await createProposed(tx, planId);
  let written = 0;
  for (let after = 0; ; ) {
    job.throwIfStopped();
    const rows = await proposedRows(tx, into.number, after, BATCH);
    const last = rows.at(-1);
    if (!last) return written;
    const states = await statesInVersion(
      tx,
      rows.filter(({ action }) => action !== 'CREATE').map(({ unitId }) => unitId),
      into.dataSourceId,
      into.number,
    );
    const requests = requestsOf(rows, new Map(states.map((state) => [state.unitId, state])), into, planId);
    await insertRequests(
      tx,
      requests.map(({ request }) => request),
    );
    await setRequests(
      tx,
      requests.map(({ ordinal, request }) => ({ ordinal, requestId: request.id })),
    );
    await recordChanges(
      tx,
      requests.map(({ request }): Change => proposalEvent(request)),
    );
    written += requests.length;
    after = last.ordinal;
    await job.progress(after, total, 'requests');
  }
}

interface RowRequest {
  ordinal: number;
  request: NewChangeRequest;
}

/** Rows that would change nothing make none. */
function requestsOf(
  rows: readonly ProposedRow[],
  states: ReadonlyMap<string, StateRow>,
  { dataSourceId }: VersionRow,
  planId: string,
): RowRequest[] {
  const made = new Map<string, string>();
  return rows.flatMap((row) => {
    const parentRequestId = row.isBelowNew
      ? (row.parentRequestId ?? made.get(row.parentId ?? '') ?? null)
      : null;
    const shared = { id: newId(), dataSourceId, parentRequestId, mergePlanId: planId, comment: COMMENT };
    const request =
      row.action === 'CREATE'
        ? { ...shared, ...creation(row) }
        : { ...shared, ...changeOf(row, states.get(row.unitId)) };
    if (request.kind === 'CREATE') made.set(row.unitId, request.id);
    const isNothing = request.kind === 'CHANGE' && Object.keys(request.proposed).length === 0;
    return isNothing ? [] : [{ ordinal: row.ordinal, request }];
  });
}

const COMMENT = 'From a merge plan';

type Kind = Omit<
  NewChangeRequest,
  | 'id'
  | 'dataSourceId'
  | 'parentRequestId'
  | 'mergePlanId'
  | 'comment'
  | 'withDescendants'
  | 'seenDescendants'
>;
const ALONE = { withDescendants: false, seenDescendants: null } as const;

function creation(row: ProposedRow): Kind & typeof ALONE {
  const content = contentOf({ ...row, ...(row.isBelowNew ? { parentId: null } : {}) } as unknown as StateRow);
  const fields = [...changedFields(EMPTY_CONTENT, content), 'NAME' as const, 'PARENT' as const];
  return {
    ...ALONE,
    kind: 'CREATE',
    unitId: null,
    placeUnitId: row.placeUnitId,
    reference: row.referenceGenerated ? null : row.reference,
    proposed: contentOfFields(content, [...new Set(fields)]),
    seen: {},
  };
}

function changeOf(row: ProposedRow, state: StateRow | undefined): Kind & typeof ALONE {
  if (!state) throw new Error(`The unit ${row.unitId} of a merge plan is gone.`);
  const before = contentOf(state);
  const after = contentOf(row as unknown as StateRow);
  const fields = row.action === 'REMOVE' ? [] : changedFields(before, after);
  const isMove = fields.length === 1 && fields[0] === 'PARENT';
  return {
    ...ALONE,
    kind: row.action === 'REMOVE' ? 'REMOVE' : isMove ? 'MOVE' : 'CHANGE',
    unitId: row.unitId,
    placeUnitId: row.unitId,
    reference: null,
    proposed: contentOfFields(after, fields),
    seen: row.action === 'REMOVE' ? before : contentOfFields(before, fields),
  };
}
