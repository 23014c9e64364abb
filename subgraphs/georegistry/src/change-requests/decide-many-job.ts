/**
 * The job that decides on all requests of a filter. Each is decided on its own, so that what is refused leaves the
 * others as they are; a batch commits while the lease is held, so that a job that runs again goes on where it stopped.
 */
import { type AccountTransaction, newId } from '@iroko/database';
import type { Outcome } from '@iroko/errors';
import { defineJob } from '@iroko/jobs';
import { z } from 'zod';
import { UNIT_FIELDS } from '../differences/difference';
import { seesDrafts } from '../versions/version';
import { countDecidedBy, lockRequests } from './change-request.sql';
import { approveRequest, type DecidedRequest, decideEach, rejectRequest } from './decide-change';
import { requestFilter, requestListOf } from './request-filter';
import { countRequests, requestIdsAfter } from './request-list.sql';

export const DECISIONS = ['APPROVE', 'REJECT'] as const;
export type Decision = (typeof DECISIONS)[number];

const decideManyInput = z.object({
  filter: requestFilter,
  decision: z.enum(DECISIONS),
  /** Only these of the fields that are proposed. */
  fields: z.array(z.enum(UNIT_FIELDS)).nullish(),
  reason: z.string().nullish(),
  /** Requests that came later are not decided on. */
  until: z.string(),
});
export type DecideManyInput = z.infer<typeof decideManyInput>;

/** Why requests were not decided on. */
export interface Skipped {
  code: string;
  count: number;
  /** The first of them. */
  examples: { id: string; message: string }[];
}

export interface DecideManyReport {
  selected: number;
  approved: number;
  rejected: number;
  skipped: Skipped[];
}

/** Approvals hold the draft for the length of a batch: some tenths of a second. */
const BATCH = 50;
const EXAMPLES = 20;

export const decideManyJob = defineJob<DecideManyInput, DecideManyReport>({
  name: 'georegistry.decide-change-requests',
  input: decideManyInput as z.ZodType<DecideManyInput>,
  permission: 'change_requests.review',
  handler: async (job, input) => {
    const list = {
      ...requestListOf(input.filter, seesDrafts(job.viewer)),
      statuses: ['PROPOSED'] as const,
      untilId: input.until,
    };
    const { count: earlier } = await countDecidedBy(job.db, job.id);
    const { count } = await countRequests(job.db, list);
    const skipped = new Map<string, Skipped>();
    let done = 0;
    for (let after: string | undefined; ; ) {
      job.throwIfStopped();
      const ids = (await requestIdsAfter(job.db, list, after, BATCH)).map(({ id }) => id);
      if (ids.length === 0) break;
      const decided = await job.commit((tx) => decideBatch(tx, ids, input));
      for (const { id, outcome } of decided) if (!outcome.ok) skip(skipped, id, outcome);
      after = ids.at(-1);
      done += ids.length;
      await job.progress(done, count, 'requests');
    }
    const { count: all } = await countDecidedBy(job.db, job.id);
    const isApproval = input.decision === 'APPROVE';
    return {
      selected: earlier + count,
      approved: isApproval ? all : 0,
      rejected: isApproval ? 0 : all,
      skipped: [...skipped.values()],
    };
  },
});

/** Whoever decides on one of them meanwhile waits, or was first: a request is decided once. */
export async function decideBatch(
  tx: AccountTransaction,
  ids: readonly string[],
  { decision, fields, reason }: Pick<DecideManyInput, 'decision' | 'fields' | 'reason'>,
): Promise<DecidedRequest[]> {
  // All at once and before any draft: of two batches neither waits for the other in a circle.
  await lockRequests(tx, ids);
  const decide = (id: string) =>
    decision === 'APPROVE'
      ? approveRequest(tx, id, { among: fields, reason })
      : rejectRequest(tx, id, reason ?? '');
  return decideEach(ids, decide);
}

function skip(skipped: Map<string, Skipped>, id: string, { code, message }: Outcome): void {
  const reason = code ?? 'INTERNAL';
  const found = skipped.get(reason) ?? { code: reason, count: 0, examples: [] };
  found.count += 1;
  if (found.examples.length < EXAMPLES) found.examples.push({ id, message: message ?? '' });
  skipped.set(reason, found);
}

/** What `until` of the input is when it is asked for now. */
export const untilNow = (): string => newId();
