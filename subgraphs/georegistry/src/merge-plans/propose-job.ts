/** The job that turns a merge plan into change requests, for others to decide on one by one. */
import { recordChange } from '@iroko/changes';
import type { AccountTransaction } from '@iroko/database';
import { limitExceeded } from '@iroko/errors';
import { defineJob } from '@iroko/jobs';
import { requireWholeTrees } from '@iroko/viewer';
import { z } from 'zod';
import { changedFields, contentOfFields } from '../change-requests/change-request';
import { insertProposal } from '../change-requests/propose-change';
import { contentOf, type StateRow } from '../org-units/state';
import { statesInVersion } from '../org-units/state.sql';
import { EMPTY_CONTENT } from '../org-units/unit-content';
import type { VersionRow } from '../versions/version';
import { draftOfSource } from '../versions/version.sql';
import { setPlan } from './merge-plan.sql';
import { prepareMerge } from './prepare-merge';
import { type ProposedRow, proposedRows } from './proposed.sql';

/** Somebody reads each of them; larger merges are applied, or planned for less. */
const PROPOSED_MAX = 10_000;

export interface ProposeReport {
  requests: number;
  groups: { added: number };
}

export const proposeMergeJob = defineJob<{ planId: string; dataSourceId: string }, ProposeReport>({
  name: 'georegistry.propose-merge',
  input: z.object({ planId: z.string(), dataSourceId: z.string() }),
  permission: 'change_requests.propose',
  retries: 1,
  handler: (job, { planId, dataSourceId }) => {
    requireWholeTrees(job.db.actor, 'A merge');
    return job.complete(async (tx) => {
      const { sides, groups } = await prepareMerge(tx, planId, await draftOfSource(tx, dataSourceId));
      const rows = await proposedRows(tx, planId, PROPOSED_MAX + 1);
      if (rows.length > PROPOSED_MAX) {
        throw limitExceeded(
          `A plan of more than ${PROPOSED_MAX} changes is applied, not proposed one by one.`,
          'rows',
          PROPOSED_MAX,
        );
      }
      const made = new Map<string, string>();
      let done = 0;
      for (const row of inOrder(rows)) {
        job.throwIfStopped();
        const id = await propose(tx, row, sides.before, made, `Merge plan ${planId}`);
        if (row.action === 'CREATE') made.set(row.unitId, id);
        done += 1;
        await job.progress(done, rows.length, 'requests');
      }
      await setPlan(tx, planId, 'PROPOSED', job.id);
      const after = { status: 'PROPOSED', requests: rows.length };
      await recordChange(tx, {
        subjectType: 'MergePlan',
        subjectId: planId,
        action: 'PROPOSE',
        before: null,
        after,
      });
      return { requests: rows.length, groups: { added: groups } };
    });
  },
});

/** New units after those above them, removals from below upwards: in this order they can be approved. */
export function inOrder(rows: readonly ProposedRow[]): ProposedRow[] {
  const creations = new Map(rows.filter((row) => row.action === 'CREATE').map((row) => [row.unitId, row]));
  const depth = (row: ProposedRow, seen = 0): number => {
    const above = row.parentId === null ? undefined : creations.get(row.parentId);
    return above && seen <= creations.size ? depth(above, seen + 1) : seen;
  };
  const rank = { CREATE: 0, UPDATE: 1, REMOVE: 2 };
  const keyed = rows.map((row) => ({ row, depth: row.action === 'CREATE' ? depth(row) : -row.depth }));
  return keyed
    .sort(
      (a, b) =>
        rank[a.row.action] - rank[b.row.action] || a.depth - b.depth || a.row.position - b.row.position,
    )
    .map(({ row }) => row);
}

async function propose(
  tx: AccountTransaction,
  row: ProposedRow,
  target: VersionRow,
  made: ReadonlyMap<string, string>,
  comment: string,
): Promise<string> {
  const { dataSourceId } = target;
  if (row.action === 'CREATE') {
    const parentRequestId = row.parentId === null ? null : (made.get(row.parentId) ?? null);
    const content = contentOf({
      ...row,
      ...(parentRequestId ? { parentId: null } : {}),
    } as unknown as StateRow);
    const fields = [
      ...new Set([...changedFields(EMPTY_CONTENT, content), 'NAME' as const, 'PARENT' as const]),
    ];
    const request = await insertProposal(tx, {
      kind: 'CREATE',
      dataSourceId,
      unitId: null,
      placeUnitId: parentRequestId ? null : row.parentId,
      parentRequestId,
      reference: row.referenceGenerated ? null : row.reference,
      proposed: contentOfFields(content, fields),
      seen: {},
      comment,
    });
    return request.id;
  }
  const [state] = await statesInVersion(tx, [row.unitId], dataSourceId, row.versionNumber);
  if (!state) throw new Error(`The unit ${row.unitId} of a merge plan is gone.`);
  const before = contentOf(state);
  const after = contentOf(row as unknown as StateRow);
  const fields = row.action === 'REMOVE' ? [] : changedFields(before, after);
  const isMove = fields.length === 1 && fields[0] === 'PARENT';
  const parentRequestId =
    fields.includes('PARENT') && row.parentId !== null ? (made.get(row.parentId) ?? null) : null;
  const request = await insertProposal(tx, {
    kind: row.action === 'REMOVE' ? 'REMOVE' : isMove ? 'MOVE' : 'CHANGE',
    dataSourceId,
    unitId: row.unitId,
    placeUnitId: row.unitId,
    parentRequestId,
    proposed: contentOfFields(after, fields),
    seen: row.action === 'REMOVE' ? before : contentOfFields(before, fields),
    comment,
  });
  return request.id;
}
