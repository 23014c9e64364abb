/** A link as stored: two units of different sources that are, or may be, the same place. */

export const LINK_STATUSES = ['PROPOSED', 'ACCEPTED', 'REJECTED', 'ENDED'] as const;
export type LinkStatus = (typeof LINK_STATUSES)[number];

export const LINK_ORIGINS = ['SIMILARITY', 'REFERENCE', 'CODE', 'UPLOAD', 'MANUAL', 'LINEAGE'] as const;
export type LinkOrigin = (typeof LINK_ORIGINS)[number];

/** What one feature said of a pair, in log-odds: above 0 it speaks for the same place. */
export interface FeatureShare {
  feature: string;
  /** What was compared, in the feature's own measure; null where it has none. */
  value: number | null;
  contribution: number;
}

export interface LinkRow {
  id: string;
  firstSourceId: string;
  secondSourceId: string;
  firstUnitId: string;
  secondUnitId: string;
  status: LinkStatus;
  score: number;
  features: FeatureShare[] | null;
  origin: LinkOrigin;
  matchRunId: string | null;
  /** The operation by which it ended, or came to a successor. */
  lineageId: string | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  reason: string | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

/** The ends in the order in which every link between two sources has them. */
export function inSourceOrder<End extends { dataSourceId: string }>(one: End, other: End): [End, End] {
  return one.dataSourceId < other.dataSourceId ? [one, other] : [other, one];
}
