/**
 * What follows from one unit to the next when one takes the place of others: where children go, which groups and names
 * a successor has. Plain functions over plain data; docs/guides/lineage.md tells the same to people.
 */
import type { UnitContent } from '../org-units/unit-content';
import type { NewSuccessor } from './lineage';

/** A group that stands in sets with single membership, with those sets. */
export type ExclusiveSets = ReadonlyMap<string, readonly string[]>;

/**
 * The groups of several units together, in the order in which they are given: of a set with single membership the first
 * one counts, so a unit that stays goes before those that end.
 */
export function unitedGroups(lists: readonly (readonly string[])[], exclusive: ExclusiveSets): string[] {
  const groups = new Set<string>();
  const taken = new Set<string>();
  for (const list of lists) {
    for (const group of list) {
      const sets = exclusive.get(group) ?? [];
      if (groups.has(group) || sets.some((set) => taken.has(set))) continue;
      groups.add(group);
      for (const set of sets) taken.add(set);
    }
  }
  return [...groups].sort();
}

const ALIASES_MAX = 100;

/** Other names of a successor, and what the units before it were called, so that whoever looks for those finds it. */
export function unitedAliases(
  name: string,
  aliases: readonly string[],
  predecessors: readonly Pick<UnitContent, 'name' | 'aliases'>[],
): string[] {
  const inherited = predecessors.flatMap((unit) => [unit.name, ...unit.aliases]);
  const all = [...new Set([...aliases, ...inherited])].filter((alias) => alias !== name);
  return all.slice(0, ALIASES_MAX);
}

export interface PlacedChild {
  unitId: string;
  /** Its own location, else the middle of its shape. */
  location: readonly [longitude: number, latitude: number] | null;
}

export interface ChildPlaces {
  /** By unit: the index of the successor below which it comes; null: it stays. */
  placed: Map<string, number | null>;
  /** Units that nothing places. */
  undecided: string[];
}

/**
 * Where each child goes: where it was assigned; else to the one part whose shape holds it; else to the part that takes
 * the others; else it stays, where the unit above is kept.
 */
export function placeChildren(
  children: readonly PlacedChild[],
  rule: { assigned: ReadonlyMap<string, number>; otherTo: number | null; mayStay: boolean },
  holds: readonly (((point: [number, number]) => boolean) | null)[],
): ChildPlaces {
  const placed = new Map<string, number | null>();
  const undecided: string[] = [];
  for (const { unitId, location } of children) {
    const to = rule.assigned.get(unitId) ?? onlyHolder(location, holds) ?? rule.otherTo;
    if (to === null && !rule.mayStay) undecided.push(unitId);
    else placed.set(unitId, to);
  }
  return { placed, undecided };
}

function onlyHolder(
  location: readonly [number, number] | null,
  holds: readonly (((point: [number, number]) => boolean) | null)[],
): number | null {
  if (location === null) return null;
  const holders = holds.flatMap((holdsPoint, index) =>
    holdsPoint?.([location[0], location[1]]) ? [index] : [],
  );
  return holders.length === 1 ? (holders[0] as number) : null;
}

/** What a new unit is, where the caller did not say: as the units before it, from the day of effect. */
export function inheritedContent(
  given: NewSuccessor,
  predecessors: readonly UnitContent[],
  rule: { effectiveOn: string; takesPlaceOfOne: boolean; exclusive: ExclusiveSets },
): Omit<NewSuccessor, 'reference'> {
  const [first] = predecessors as readonly [UnitContent, ...UnitContent[]];
  const { reference: _, ...fields } = given;
  const defaults: Partial<NewSuccessor> = {
    typeId: first.typeId,
    parentId: first.parentId,
    status: first.status,
    openingDate: rule.effectiveOn,
    groupIds: unitedGroups(
      predecessors.map(({ groupIds }) => groupIds),
      rule.exclusive,
    ),
  };
  if (rule.takesPlaceOfOne) {
    defaults.code = first.code;
    defaults.location = first.location;
    defaults.shapeHash = first.shapeHash;
    defaults.attributes = first.attributes;
  }
  const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { ...defaults, ...said, name: given.name };
}
