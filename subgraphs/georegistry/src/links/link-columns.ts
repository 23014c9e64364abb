/** A link as a row of a table. */
import type { LinkRow } from './link';

/** An end of a link, as the current version of its source has it; names are null where the viewer may not see them. */
export interface LinkEnd {
  source: string;
  unitId: string;
  reference: string | null;
  name: string | null;
}

export const LINK_HEADER: readonly string[] = [
  'id',
  'status',
  'score',
  'origin',
  'run',
  ...['first', 'second'].flatMap((end) =>
    ['source', 'unit id', 'reference', 'name'].map((part) => `${end} ${part}`),
  ),
  'decided by',
  'decided at',
  'reason',
  'created at',
];

export const linkCells = (row: LinkRow, first: LinkEnd, second: LinkEnd): string[] =>
  [
    row.id,
    row.status,
    String(row.score),
    row.origin,
    row.matchRunId,
    ...[first, second].flatMap((end) => [end.source, end.unitId, end.reference, end.name]),
    row.decidedBy,
    row.decidedAt?.toISOString(),
    row.reason,
    row.createdAt.toISOString(),
  ].map((value) => value ?? '');
