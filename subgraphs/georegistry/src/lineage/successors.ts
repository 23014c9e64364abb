/**
 * The units that take the place of others: those that are made with the operation, and those that are there already and
 * take over groups and names.
 */
import { type AccountTransaction, newId } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { commonArea, geodesicArea, type MultiPolygon, readWkb } from '@iroko/geometry';
import { requireWritableTypes } from '@iroko/viewer';
import { exclusiveGroups } from '../groups/exclusive.sql';
import { checkedName } from '../name-rules';
import { contentOf } from '../org-units/state';
import { pathsInVersion } from '../org-units/state.sql';
import { EMPTY_CONTENT, edited, type UnitContent, unitKeys } from '../org-units/unit-content';
import { parentState } from '../org-units/unit-in-draft';
import { insertUnit, replaceState } from '../org-units/write-state.sql';
import { differingFields } from '../revisions';
import { geometriesByHash } from '../shapes/shape.sql';
import { takeUnitNumbers } from '../sources/source.sql';
import { checkPlacement } from '../types/placement';
import type { VersionRow } from '../versions/version';
import { type ExclusiveSets, inheritedContent, unitedAliases, unitedGroups } from './follow';
import type { LineageOrder, NewSuccessor } from './lineage';
import type { PlacedUnit, Scene } from './scene';

export interface WrittenSuccessor {
  unitId: string;
  isNew: boolean;
  content: UnitContent;
  /** Null for a unit that is new. */
  before: UnitContent | null;
  reference: string;
  revision: number;
}

/** Writes them in their order. Throws BAD_USER_INPUT for a place, type or group that cannot be, and for parts that overlap. */
export async function writeSuccessors(
  tx: AccountTransaction,
  order: LineageOrder,
  scene: Scene,
  draft: VersionRow,
): Promise<WrittenSuccessor[]> {
  const exclusive = await exclusiveSets(tx, scene.dataSourceId);
  const written: WrittenSuccessor[] = [];
  for (const [index, successor] of order.successors.entries()) {
    const there = scene.existing.get(index);
    written.push(
      successor.create
        ? await makeSuccessor(tx, successor.create, { order, scene, draft, exclusive, index })
        : await takeOver(tx, there as PlacedUnit, { order, scene, draft, exclusive }),
    );
  }
  if (order.kind === 'SPLIT') await refuseOverlaps(tx, written, order.overlapTolerance);
  return written;
}

interface Surroundings {
  order: LineageOrder;
  scene: Scene;
  draft: VersionRow;
  exclusive: ExclusiveSets;
}

async function makeSuccessor(
  tx: AccountTransaction,
  given: NewSuccessor,
  { order, scene, draft, exclusive, index }: Surroundings & { index: number },
): Promise<WrittenSuccessor> {
  const path = ['input', 'into', String(index), 'create'];
  const unitId = newId();
  const predecessors = scene.predecessors.map(({ state }) => contentOf(state));
  const rule = {
    effectiveOn: order.effectiveOn,
    takesPlaceOfOne: order.kind === 'REPLACE',
    exclusive,
  };
  const inherited = inheritedContent(given, predecessors, rule);
  if (order.kind !== 'SPLIT' && given.aliases === undefined)
    inherited.aliases = unitedAliases(inherited.name, [], predecessors);
  const content = edited(EMPTY_CONTENT, inherited);
  if (content.closedDate !== null)
    throw badInput('What takes the place of a unit stands: it has no closing date.', { path });
  requireWritableTypes(tx.actor, [content.typeId]);
  const parent = await parentState(tx, content.parentId, draft);
  refusePlaceBelow(scene, content.parentId, [...path, 'parentId'], await pathOf(tx, parent?.unitId, draft));
  const placed = { unitId, typeId: content.typeId, parentTypeId: parent?.typeId ?? null };
  await checkPlacement(tx, placed, { creates: true, moves: false, retypes: false });
  const reference =
    given.reference === undefined ? unitId : checkedName(given.reference, [...path, 'reference']);
  const unitNumber = await takeUnitNumbers(tx, scene.dataSourceId, 1);
  await insertUnit(
    tx,
    { unitNumber, reference, referenceGenerated: given.reference === undefined },
    {
      unitId,
      dataSourceId: scene.dataSourceId,
      number: draft.number,
      revision: 1,
      content,
      ...unitKeys(content, reference),
    },
  );
  return { unitId, isNew: true, content, before: null, reference, revision: 1 };
}

/** A unit that is there takes over groups and names of those that merge into it; a part of a split stays as it is. */
async function takeOver(
  tx: AccountTransaction,
  { state }: PlacedUnit,
  { order, scene, draft, exclusive }: Surroundings,
): Promise<WrittenSuccessor> {
  const before = contentOf(state);
  requireWritableTypes(tx.actor, [before.typeId]);
  const answer = { unitId: state.unitId, isNew: false, before, reference: state.reference };
  if (order.kind === 'SPLIT') return { ...answer, content: before, revision: state.revision };
  const predecessors = scene.predecessors.map((unit) => contentOf(unit.state));
  const content = edited(before, {
    groupIds: unitedGroups([before.groupIds, ...predecessors.map(({ groupIds }) => groupIds)], exclusive),
    aliases: unitedAliases(before.name, before.aliases, predecessors),
  });
  if (differingFields(before, content).length === 0) return { ...answer, content, revision: state.revision };
  const revision = state.revision + 1;
  await replaceState(
    tx,
    {
      unitId: state.unitId,
      dataSourceId: scene.dataSourceId,
      number: draft.number,
      revision,
      content,
      ...unitKeys(content, state.reference),
    },
    state.fromVersion === draft.number,
    undefined,
  );
  return { ...answer, content, revision };
}

async function pathOf(tx: AccountTransaction, unitId: string | undefined, draft: VersionRow) {
  const [place] = unitId === undefined ? [] : await pathsInVersion(tx, [unitId], draft.number);
  return place?.path;
}

function refusePlaceBelow(
  { predecessors }: Scene,
  parentId: string | null,
  path: string[],
  parentPath: Buffer | undefined,
): void {
  const above = predecessors.find((unit) => parentPath?.subarray(0, unit.path.length).equals(unit.path));
  if (!above) return;
  throw badInput(
    `${parentId} is, or stands below, ${JSON.stringify(above.state.name)}, whose place is to be taken. Name another parent.`,
    { path },
  );
}

async function exclusiveSets(tx: AccountTransaction, dataSourceId: string): Promise<ExclusiveSets> {
  const sets = new Map<string, string[]>();
  for (const { groupId, groupSetId } of await exclusiveGroups(tx, dataSourceId))
    sets.set(groupId, [...(sets.get(groupId) ?? []), groupSetId]);
  return sets;
}

/** Level 0 of a shape is its full form. */
const FULL = 0;

/** The shapes by the index of their unit. */
export async function shapesOf(
  tx: AccountTransaction,
  units: readonly Pick<WrittenSuccessor, 'content'>[],
): Promise<(MultiPolygon | null)[]> {
  const hashes = units.map(({ content }) => content.shapeHash);
  const wanted = hashes.filter((hash) => hash !== null).map((hash) => Buffer.from(hash, 'hex'));
  const rows = wanted.length === 0 ? [] : await geometriesByHash(tx, wanted, FULL);
  const shapes = new Map(rows.map(({ hash, wkb }) => [hash.toString('hex'), readWkb(wkb) as MultiPolygon]));
  return hashes.map((hash) => (hash === null ? null : (shapes.get(hash) ?? null)));
}

async function refuseOverlaps(
  tx: AccountTransaction,
  parts: readonly WrittenSuccessor[],
  tolerance: number,
): Promise<void> {
  const shapes = await shapesOf(tx, parts);
  for (const [index, shape] of shapes.entries()) {
    for (let other = index + 1; other < shapes.length; other++) {
      const otherShape = shapes[other];
      if (!shape || !otherShape) continue;
      const { area, share } = overlapOf(shape, otherShape);
      if (share <= tolerance) continue;
      throw badInput(
        `The shapes of ${JSON.stringify(parts[index]?.content.name)} and ${JSON.stringify(parts[other]?.content.name)} overlap by about ${Math.round(area / 1e4)} ha, ${(share * 100).toFixed(1)} % of the smaller one. The parts of a split lie beside each other.`,
        { path: ['input', 'into', String(other)], overlapM2: area, overlapShare: share },
      );
    }
  }
}

function overlapOf(one: MultiPolygon, other: MultiPolygon): { area: number; share: number } {
  const area = commonArea(one, other);
  if (area === 0) return { area, share: 0 };
  return { area, share: area / Math.min(geodesicArea(one), geodesicArea(other)) };
}
