/**
 * Deciding on links: one by one or many at once, each with its own outcome. A decision names who made it and when;
 * nothing but another decision changes that.
 */
import { type Change, recordChange, recordChanges } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, newId } from '@iroko/database';
import {
  badInput,
  conflict,
  failedOutcome,
  limitExceeded,
  notFound,
  type Outcome,
  okOutcome,
} from '@iroko/errors';
import { translatingRefusals } from '../refusals';
import { checkRevision } from '../revisions';
import { inSourceOrder, type LinkRow, type LinkStatus } from './link';
import {
  acceptedBeside,
  decideLinks,
  insertLink,
  linkOfPair,
  linksForWriting,
  sourcesOfUnits,
} from './link.sql';

const REASON_LENGTH_MAX = 1000;
export const REVIEWED_MAX = 1000;

export interface Decision {
  status: LinkStatus;
  reason?: string | null | undefined;
}

export interface ReviewedLink {
  id: string;
  expectedRevision: number;
}

export interface LinkReview {
  id: string;
  outcome: Outcome;
  link: LinkRow | null;
}

/**
 * Decides on each of the links; an outcome per link, in their order. NOT_FOUND, and CONFLICT for a link that changed
 * meanwhile or whose unit already has an accepted link to that source. Throws LIMIT_EXCEEDED for more than 1,000.
 */
export async function reviewLinks(
  db: AccountDatabase,
  links: readonly ReviewedLink[],
  decision: Decision,
): Promise<LinkReview[]> {
  if (links.length > REVIEWED_MAX) {
    throw limitExceeded(
      `At most ${REVIEWED_MAX} links are decided at once; reviewLinksByFilter decides on all of a filter, and uploadLinks takes any number as a file.`,
      'links',
      REVIEWED_MAX,
      links.length,
    );
  }
  return decideEach(db, links, decision);
}

/** Like reviewLinks, for callers that keep to batches of their own. */
export async function decideEach(
  db: AccountDatabase,
  links: readonly ReviewedLink[],
  decision: Decision,
): Promise<LinkReview[]> {
  refuseEnded(decision);
  const reason = checkedReason(decision.reason);
  return db.transaction(async (tx) => {
    const found = await linksForWriting(tx, links.map(({ id }) => id).filter(isId));
    const rows = new Map(found.map((row) => [row.id, row]));
    const reviews: LinkReview[] = [];
    const changes: Change[] = [];
    for (const { id, expectedRevision } of links) {
      const before = rows.get(id.toLowerCase());
      try {
        if (!before) throw notFound('Link', id);
        checkRevision(expectedRevision, before.revision, ['status']);
        const link = await decide(tx, before, { status: decision.status, reason });
        rows.set(link.id, link);
        reviews.push({ id, outcome: okOutcome, link });
        if (link !== before) changes.push(changeOf(before, link));
      } catch (error) {
        reviews.push({ id, outcome: failedOutcome(error), link: before ?? null });
      }
    }
    await recordChanges(tx, changes);
    return reviews;
  });
}

/** Makes a link by hand. Throws NOT_FOUND, BAD_USER_INPUT, and CONFLICT when the pair or an accepted link is there. */
export function createLink(
  db: AccountDatabase,
  units: { unitId: string; otherUnitId: string },
  decision: Decision,
): Promise<LinkRow> {
  refuseEnded(decision);
  const reason = checkedReason(decision.reason);
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const [first, second] = await endsOf(tx, units);
      const there = await linkOfPair(tx, first.id, second.id);
      if (there) {
        throw conflict(`These two units are linked already, ${there.status}. Decide on that link.`, {
          linkId: there.id,
          revision: there.revision,
        });
      }
      const ends = {
        firstSourceId: first.dataSourceId,
        secondSourceId: second.dataSourceId,
        firstUnitId: first.id,
        secondUnitId: second.id,
      };
      if (decision.status === 'ACCEPTED') await refuseSecondAccepted(tx, ends);
      const link = await insertLink(tx, {
        id: newId(),
        ...ends,
        status: decision.status,
        score: 1,
        origin: 'MANUAL',
        decidedBy: tx.actor.userId ?? null,
        reason,
      });
      await recordChange(tx, {
        subjectType: 'Link',
        subjectId: link.id,
        unitId: link.firstUnitId,
        action: 'CREATE',
        before: null,
        after: { ...ends, status: link.status, score: link.score, origin: link.origin },
        reason,
      });
      return link;
    }),
  );
}

/** The link as it is after the decision; the very row when it says nothing new. */
export async function decide(
  tx: AccountTransaction,
  link: LinkRow,
  decision: { status: LinkStatus; reason: string | null },
): Promise<LinkRow> {
  const isSame = link.status === decision.status && link.reason === decision.reason;
  // A person who says what a run's threshold said has decided now.
  if (isSame && (link.decidedBy !== null || link.status === 'PROPOSED')) return link;
  if (decision.status === 'ACCEPTED') await refuseSecondAccepted(tx, link);
  const [after] = await translatingRefusals(() =>
    tx.transaction((savepoint) =>
      decideLinks(savepoint, [link.id], { ...decision, decidedBy: tx.actor.userId ?? null }),
    ),
  );
  return after as LinkRow;
}

export function changeOf(before: LinkRow, after: LinkRow): Change {
  return {
    subjectType: 'Link',
    subjectId: after.id,
    unitId: after.firstUnitId,
    action: 'REVIEW',
    before: { status: before.status, decidedBy: before.decidedBy },
    after: { status: after.status, decidedBy: after.decidedBy },
    reason: after.reason,
  };
}

function refuseEnded({ status }: Decision): void {
  if (status !== 'ENDED') return;
  throw badInput('ENDED is what lineage makes of a link. A person proposes, accepts or rejects.', {
    path: ['status'],
  });
}

export function checkedReason(reason: string | null | undefined): string | null {
  const text = reason?.trim() ?? '';
  if (text.length > REASON_LENGTH_MAX || text.includes('\0')) {
    throw badInput(
      `reason has ${text.length} characters; at most ${REASON_LENGTH_MAX} are kept, no zero bytes.`,
      {
        path: ['reason'],
      },
    );
  }
  return text === '' ? null : text;
}

async function refuseSecondAccepted(
  tx: AccountTransaction,
  ends: Pick<LinkRow, 'firstUnitId' | 'secondUnitId' | 'firstSourceId' | 'secondSourceId'>,
): Promise<void> {
  const [other] = await acceptedBeside(tx, ends);
  if (!other) return;
  throw conflict(
    'A unit of this pair has another accepted link to that source; a place is at most one place there. Reject that link first.',
    { linkId: other.id },
  );
}

interface End {
  id: string;
  dataSourceId: string;
}

async function endsOf(
  tx: AccountTransaction,
  { unitId, otherUnitId }: { unitId: string; otherUnitId: string },
): Promise<[End, End]> {
  const found = await sourcesOfUnits(tx, [unitId, otherUnitId].filter(isId));
  const endAt = (id: string): End => {
    const end = found.find((unit) => unit.id === id.toLowerCase());
    if (!end) throw notFound('OrgUnit', id);
    return end;
  };
  const [one, other] = [endAt(unitId), endAt(otherUnitId)];
  if (one.dataSourceId === other.dataSourceId) {
    throw badInput(
      'Both units belong to one source. A link joins units of two different sources; a unit that is twice in one source is a defect of that source.',
      { path: ['input', 'otherUnitId'] },
    );
  }
  return inSourceOrder(one, other);
}
