/** A match run as stored: what it was asked, and what came of it. */
import { z } from 'zod';

export const MATCH_METHODS = ['SIMILARITY', 'REFERENCE', 'CODE'] as const;
export type MatchMethod = (typeof MATCH_METHODS)[number];
export const RUN_METHODS = [...MATCH_METHODS, 'UPLOAD'] as const;
export type RunMethod = (typeof RUN_METHODS)[number];

/** A score is a probability: of pairs right at this threshold, accepted unseen, nine in ten are right. */
export const ACCEPT_FROM = 0.9;
/** What is more likely wrong than right is not worth somebody's look, unless they ask for it. */
export const REVIEW_FROM = 0.5;

/** Which units of a side may be linked; the others still tell where these stand. */
const sideSettings = z.object({
  subtree: z.string().nullish(),
  types: z.array(z.string()).nullish(),
  statuses: z.array(z.enum(['NEW', 'VALID', 'REJECTED'])).nullish(),
});
export type SideSettings = z.infer<typeof sideSettings>;

/** The method is one of a closed list: nothing stored is ever loaded or run by its name. */
export const matchSettings = z.strictObject({
  method: z.enum(MATCH_METHODS),
  acceptFrom: z.number().min(0).max(1),
  reviewFrom: z.number().min(0).max(1),
  left: sideSettings,
  right: sideSettings,
});
export type MatchSettings = z.infer<typeof matchSettings>;

/** What a run came to, counted. */
export interface MatchReport {
  leftUnits: number;
  rightUnits: number;
  /** Pairs that were looked at closely. */
  comparedPairs: number;
  accepted: number;
  proposed: number;
  /** Chosen pairs whose score was below `reviewFrom`; no link is written for them. */
  belowReview: number;
  /** Links that a person had decided on, left as they are. */
  decidedBefore: number;
  /** Undecided links of earlier runs of this method that were not found again, and are gone. */
  withdrawn: number;
  /** Rows of an upload, or units of an exact match, that could not be taken. */
  refused: number;
  /** Those rows, as CSV; null when there are none. */
  outcomesFileId: string | null;
}

export interface MatchRunRow {
  id: string;
  method: RunMethod;
  leftSourceId: string;
  rightSourceId: string;
  leftVersionId: string | null;
  rightVersionId: string | null;
  settings: Partial<MatchSettings>;
  fileId: string | null;
  jobId: string | null;
  createdBy: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  report: MatchReport | null;
}
