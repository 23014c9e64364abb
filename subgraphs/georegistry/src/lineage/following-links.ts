/**
 * What becomes of links when the units that they join end. A link says that two units are the same place, one to one
 * between two sources; so the only successor of a unit takes over its link, and where there are several, or several
 * links for one, somebody has to look. Plain functions over plain data.
 */

/** An accepted link of a unit that ended. */
export interface EndingLink {
  id: string;
  unitId: string;
  otherUnitId: string;
  otherSourceId: string;
  /** The units that stand in its place. */
  successorIds: readonly string[];
}

export interface FollowingLink {
  fromId: string;
  unitId: string;
  otherUnitId: string;
  status: 'ACCEPTED' | 'PROPOSED';
}

/**
 * The links of successors. A link of a unit without successors ends nothing: the closed unit is still the same place.
 * `taken` holds `unit source` for units that have an accepted link to a source already.
 */
export function followingLinks(
  links: readonly EndingLink[],
  taken: ReadonlySet<string>,
): { ended: string[]; following: FollowingLink[] } {
  const ending = links.filter(({ successorIds }) => successorIds.length > 0);
  const wanted = new Map<string, number>();
  const key = (unitId: string, { otherSourceId }: EndingLink) => `${unitId} ${otherSourceId}`;
  for (const link of ending)
    for (const unitId of link.successorIds)
      wanted.set(key(unitId, link), (wanted.get(key(unitId, link)) ?? 0) + 1);
  const following = ending.flatMap((link) =>
    link.successorIds.map((unitId) => {
      const isOnly =
        link.successorIds.length === 1 &&
        wanted.get(key(unitId, link)) === 1 &&
        !taken.has(key(unitId, link));
      const status = isOnly ? ('ACCEPTED' as const) : ('PROPOSED' as const);
      return { fromId: link.id, unitId, otherUnitId: link.otherUnitId, status };
    }),
  );
  return { ended: ending.map(({ id }) => id), following };
}
