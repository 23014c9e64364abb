/**
 * The job that decides on all links of a filter, the surest first, so that of two that exclude each other the surer one
 * is accepted. Each has its outcome; a batch commits while the lease is held.
 */
import type { CursorKey } from '@iroko/graph';
import { defineJob } from '@iroko/jobs';
import { z } from 'zod';
import { seesDrafts } from '../versions/version';
import { LINK_STATUSES } from './link';
import { LinkSort, linkFilter } from './link-list';
import { countLinks, linkKeys, linksToReview } from './link-list.sql';
import { decideEach } from './review-links';

const reviewManyInput = z.object({
  filter: linkFilter,
  status: z.enum(LINK_STATUSES),
  reason: z.string().nullish(),
  /** Links that came later are not decided on. */
  until: z.string(),
});
export type ReviewManyInput = z.infer<typeof reviewManyInput>;

export interface SkippedLinks {
  code: string;
  count: number;
  /** The first of them. */
  examples: { id: string; message: string }[];
}

export interface ReviewManyReport {
  selected: number;
  decided: number;
  skipped: SkippedLinks[];
}

const BATCH = 200;
const EXAMPLES = 20;

export const reviewManyJob = defineJob<ReviewManyInput, ReviewManyReport>({
  name: 'georegistry.review-links',
  input: reviewManyInput as z.ZodType<ReviewManyInput>,
  permission: 'links.review',
  handler: async (job, { filter, status, reason, until }) => {
    const list = { filter, withDrafts: seesDrafts(job.viewer) };
    const { count } = await countLinks(job.db, list);
    const skipped = new Map<string, SkippedLinks>();
    let done = 0;
    let refused = 0;
    for (let after: CursorKey[] | undefined; ; ) {
      job.throwIfStopped();
      const links = await linksToReview(job.db, list, after, until, BATCH);
      const last = links.at(-1);
      if (!last) break;
      const asked = links.map(({ id, revision }) => ({ id, expectedRevision: revision }));
      const reviews = await job.commit((tx) => decideEach(tx, asked, { status, reason }));
      for (const { id, outcome } of reviews) {
        if (outcome.ok) continue;
        refused += 1;
        const code = outcome.code ?? 'INTERNAL';
        const found = skipped.get(code) ?? { code, count: 0, examples: [] };
        found.count += 1;
        if (found.examples.length < EXAMPLES) found.examples.push({ id, message: outcome.message ?? '' });
        skipped.set(code, found);
      }
      after = linkKeys(last, LinkSort.SCORE_DESC);
      done += links.length;
      await job.progress(done, count, 'links');
    }
    return { selected: done, decided: done - refused, skipped: [...skipped.values()] };
  },
});
