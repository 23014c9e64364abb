/**
 * The job that changes many memberships: everything that is written is written at once, and a dry run writes nothing.
 */
import { defineJob, type RunningJob } from '@iroko/jobs';
import { z } from 'zod';
import { changeMembers, type MemberOutcome, membershipChange, userSelection } from './bulk-change';

const bulkInput = z.object({ selection: userSelection, change: membershipChange, dryRun: z.boolean() });
export type UpdateMembershipsJobInput = z.infer<typeof bulkInput>;

export interface UpdateMembershipsResult {
  selected: number;
  changed: number;
  unchanged: number;
  refused: number;
  /** Whether anything was written: not by a dry run. */
  written: boolean;
  outcomes: MemberOutcome[];
}

export const updateMemberships = defineJob<UpdateMembershipsJobInput, UpdateMembershipsResult>({
  name: 'identity.updateMemberships',
  input: bulkInput,
  permission: 'users.manage',
  oneAtATimeBy: () => 'users',
  handler: async (job, input) => {
    const outcomes = input.dryRun ? await tryOut(job, input) : await write(job, input);
    const count = (outcome: MemberOutcome['outcome']) =>
      outcomes.filter((member) => member.outcome === outcome).length;
    return {
      selected: outcomes.length,
      changed: count('CHANGED'),
      unchanged: count('UNCHANGED'),
      refused: count('REFUSED'),
      written: !input.dryRun && count('CHANGED') > 0,
      outcomes,
    };
  },
});

const write = (job: RunningJob, { selection, change }: UpdateMembershipsJobInput) =>
  job.commit((tx) => changeMembers(tx, job.viewer, selection, change, progressOf(job)));

/** Carries the outcomes of a dry run out of the transaction that is rolled back. */
class DryRunDone extends Error {
  constructor(readonly outcomes: MemberOutcome[]) {
    super('The dry run is done.');
  }
}

async function tryOut(
  job: RunningJob,
  { selection, change }: UpdateMembershipsJobInput,
): Promise<MemberOutcome[]> {
  try {
    return await job.db.transaction(async (tx) => {
      throw new DryRunDone(await changeMembers(tx, job.viewer, selection, change, progressOf(job)));
    });
  } catch (error) {
    if (error instanceof DryRunDone) return error.outcomes;
    throw error;
  }
}

const progressOf = (job: RunningJob) => async (done: number, total: number) => {
  job.throwIfStopped();
  await job.progress(done, total, 'people');
};
