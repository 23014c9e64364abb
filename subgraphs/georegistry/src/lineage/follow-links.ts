/**
 * Links follow the operations of a version when it is released: only then they hold, and a draft that is discarded has
 * touched no link.
 */
import { recordChanges } from '@iroko/changes';
import { type AccountTransaction, newId } from '@iroko/database';
import type { VersionRow } from '../versions/version';
import { acceptedOf, endLinks, linksOfEnded, writeFollowing } from './follow-links.sql';
import { followingLinks } from './following-links';
import { standingUnits } from './succession.sql';

export interface FollowedLinks {
  ended: number;
  accepted: number;
  proposed: number;
}

export async function followLinks(tx: AccountTransaction, version: VersionRow): Promise<FollowedLinks> {
  const found = await linksOfEnded(tx, version.dataSourceId, version.number);
  if (found.length === 0) return { ended: 0, accepted: 0, proposed: 0 };
  const units = [...new Set(found.map(({ unitId }) => unitId))];
  const standing = new Map<string, string[]>(units.map((id) => [id, []]));
  for (const row of await standingUnits(tx, units, version.dataSourceId, version.number))
    standing.get(row.askedId)?.push(row.unitId);
  // One that somebody opened again keeps its links.
  const ending = found
    .filter(({ unitId }) => !standing.get(unitId)?.includes(unitId))
    .map((link) => ({ ...link, successorIds: standing.get(link.unitId) ?? [] }));
  const successors = [...new Set(ending.flatMap(({ successorIds }) => successorIds))];
  const taken = await acceptedOf(tx, successors);
  const { ended, following } = followingLinks(
    ending,
    new Set(taken.map(({ unitId, otherSourceId }) => `${unitId} ${otherSourceId}`)),
  );
  return write(tx, version, ending, ended, following);
}

async function write(
  tx: AccountTransaction,
  version: VersionRow,
  links: readonly { id: string; lineageId: string }[],
  ended: readonly string[],
  following: ReturnType<typeof followingLinks>['following'],
): Promise<FollowedLinks> {
  const lineages = new Map(links.map(({ id, lineageId }) => [id, lineageId]));
  const lineageOf = (id: string) => lineages.get(id) as string;
  const gone = await endLinks(
    tx,
    ended.map((id) => ({ id, lineageId: lineageOf(id) })),
  );
  const made = await writeFollowing(
    tx,
    following.map((link) => ({ ...link, id: newId(), lineageId: lineageOf(link.fromId) })),
  );
  await recordChanges(tx, [
    ...gone.map(({ id, firstUnitId }) => ({
      subjectType: 'Link',
      subjectId: id,
      unitId: firstUnitId,
      action: 'END',
      before: { status: 'ACCEPTED' },
      after: { status: 'ENDED', lineageId: lineageOf(id), versionId: version.id },
    })),
    ...made.map(({ id, firstUnitId, status }) => ({
      subjectType: 'Link',
      subjectId: id,
      unitId: firstUnitId,
      action: 'FOLLOW',
      before: null,
      after: { status, origin: 'LINEAGE', versionId: version.id },
    })),
  ]);
  const count = (status: string) => made.filter((link) => link.status === status).length;
  return { ended: gone.length, accepted: count('ACCEPTED'), proposed: count('PROPOSED') };
}
