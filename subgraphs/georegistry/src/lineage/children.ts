/** Where the units right below the predecessors go, or that they are closed along; told before anything is written. */
import type { AccountTransaction } from '@iroko/database';
import { badInput, conflict } from '@iroko/errors';
import { prepareShape } from '@iroko/geometry';
import { requireWritableTypes } from '@iroko/viewer';
import { pathsInVersion, statesInVersion, typesBelow } from '../org-units/state.sql';
import { checkPlacement } from '../types/placement';
import { type ChildRow, openBelow, openChildren, openedAfter } from './along.sql';
import { placeChildren } from './follow';
import type { LineageOrder } from './lineage';
import type { PlacedUnit, Scene } from './scene';
import { shapesOf, type WrittenSuccessor } from './successors';

const NAMED = 20;

/** A child with the unit below which it comes. */
export interface ChildMove {
  child: ChildRow;
  parentId: string;
}

/** The children as they are found. Throws BAD_USER_INPUT for children that cannot be placed, CONFLICT for those in the way. */
export async function planChildren(
  tx: AccountTransaction,
  order: LineageOrder,
  scene: Scene,
): Promise<{ children: ChildRow[]; closesBelow: boolean }> {
  const parents = scene.predecessors.map(({ state }) => state.unitId);
  const children = await openChildren(tx, scene.dataSourceId, parents);
  if (order.kind === 'SPLIT') checkAssigned(order, children);
  if (order.kind !== 'CLOSE' || order.children.onClose === 'MOVE') return { children, closesBelow: false };
  if (order.children.onClose === 'CLOSE') {
    await checkClosable(tx, order, scene.predecessors[0] as PlacedUnit);
    return { children: [], closesBelow: true };
  }
  const [unit] = scene.predecessors as [PlacedUnit];
  if ((await openBelow(tx, scene.dataSourceId, unit.path)) > 0) {
    throw conflict(
      'Units stand below it that are not closed. Close them along (children: CLOSE), move them (MOVE), or close them first.',
      { unitIds: children.slice(0, NAMED).map(({ unitId }) => unitId) },
    );
  }
  return { children: [], closesBelow: false };
}

function checkAssigned({ children: rule, successors }: LineageOrder, children: readonly ChildRow[]): void {
  const there = new Set(children.map(({ unitId }) => unitId));
  const seen = new Set<string>();
  for (const [index, { unitId, to }] of rule.assigned.entries()) {
    const path = ['input', 'children', String(index)];
    const id = unitId.toLowerCase();
    if (!there.has(id))
      throw badInput(`${unitId} does not stand right below the unit that is split.`, { path });
    if (seen.has(id)) throw badInput(`${unitId} is placed twice.`, { path });
    if (successors[to] === undefined)
      throw badInput(`There is no part ${to}; the first one is 0.`, { path: [...path, 'to'] });
    seen.add(id);
  }
  if (rule.otherTo !== null && successors[rule.otherTo] === undefined) {
    throw badInput(`There is no part ${rule.otherTo}; the first one is 0.`, {
      path: ['input', 'otherChildrenTo'],
    });
  }
}

async function checkClosable(tx: AccountTransaction, order: LineageOrder, { state, path }: PlacedUnit) {
  const late = await openedAfter(tx, state.dataSourceId, path, order.effectiveOn, NAMED);
  const [first] = late;
  if (first) {
    throw badInput(
      `${JSON.stringify(first.name)} below it opens on ${first.openingDate}; it cannot close on ${order.effectiveOn}, which is not after that.`,
      { path: ['input', 'effectiveOn'], unitIds: late.map(({ unitId }) => unitId) },
    );
  }
  if (!tx.actor.scope?.writableTypes) return;
  const types = await typesBelow(tx, state.dataSourceId, path);
  requireWritableTypes(
    tx.actor,
    types.map(({ typeId }) => typeId),
  );
}

/** Below which successor each child comes; those that stay are left out. Throws BAD_USER_INPUT where nothing decides. */
export async function movesOfChildren(
  tx: AccountTransaction,
  order: LineageOrder,
  children: readonly ChildRow[],
  successors: readonly WrittenSuccessor[],
): Promise<ChildMove[]> {
  if (children.length === 0) return [];
  if (order.kind === 'CLOSE')
    return children.map((child) => ({ child, parentId: order.children.moveTo as string }));
  if (order.kind !== 'SPLIT')
    return children.map((child) => ({ child, parentId: successors[0]?.unitId as string }));
  const places = await splitPlaces(tx, order, children, successors);
  return children.flatMap((child) => {
    const to = places.get(child.unitId) ?? null;
    return to === null ? [] : [{ child, parentId: successors[to]?.unitId as string }];
  });
}

async function splitPlaces(
  tx: AccountTransaction,
  { children: rule, ending }: LineageOrder,
  children: readonly ChildRow[],
  successors: readonly WrittenSuccessor[],
): Promise<Map<string, number | null>> {
  const shapes = await shapesOf(tx, successors);
  const assigned = new Map(rule.assigned.map(({ unitId, to }) => [unitId.toLowerCase(), to]));
  const { placed, undecided } = placeChildren(
    children.map(({ unitId, longitude, latitude }) => ({
      unitId,
      location: longitude === null || latitude === null ? null : [longitude, latitude],
    })),
    { assigned, otherTo: rule.otherTo, mayStay: ending === 'KEPT' },
    shapes.map((shape) => shape && prepareShape(shape)),
  );
  if (undecided.length === 0) return placed;
  const names = children
    .filter(({ unitId }) => undecided.includes(unitId))
    .slice(0, NAMED)
    .map(({ name }) => JSON.stringify(name));
  throw badInput(
    `Nothing says to which part these go: ${names.join(', ')}${undecided.length > NAMED ? ` and ${undecided.length - NAMED} more` : ''}. Place them (children), or name the part that takes the others (otherChildrenTo).`,
    { path: ['input', 'children'], unitIds: undecided.slice(0, NAMED), count: undecided.length },
  );
}

/** Whether the types allow each child where it comes, and the actor may edit it. */
export async function checkMoves(tx: AccountTransaction, moves: readonly ChildMove[], draft: VersionKey) {
  requireWritableTypes(
    tx.actor,
    moves.map(({ child }) => child.typeId),
  );
  const parentIds = [...new Set(moves.map(({ parentId }) => parentId))];
  const parents = await statesInVersion(tx, parentIds, draft.dataSourceId, draft.number);
  const types = new Map(parents.map((parent) => [parent.unitId, parent.typeId]));
  const checked = new Set<string>();
  for (const { child, parentId } of moves) {
    const key = `${child.typeId} ${parentId}`;
    if (checked.has(key)) continue;
    checked.add(key);
    const placed = {
      unitId: child.unitId,
      typeId: child.typeId,
      parentTypeId: types.get(parentId) ?? null,
    };
    await checkPlacement(tx, placed, { creates: false, moves: true, retypes: false });
  }
}

interface VersionKey {
  dataSourceId: string;
  number: number;
}

/** The unit below which the children of a closed one come. Throws BAD_USER_INPUT for one that is not there, closed, or below it. */
export async function newParent(
  tx: AccountTransaction,
  unitId: string,
  closed: PlacedUnit,
  version: VersionKey,
): Promise<void> {
  const path = ['input', 'moveChildrenTo'];
  const [parent] = await statesInVersion(tx, [unitId], version.dataSourceId, version.number);
  if (!parent) throw badInput(`The draft of this source holds no unit ${unitId}.`, { path });
  if (parent.closedDate !== null)
    throw badInput(`${JSON.stringify(parent.name)} is closed itself since ${parent.closedDate}.`, { path });
  const [place] = await pathsInVersion(tx, [unitId], version.number);
  if (place?.path.subarray(0, closed.path.length).equals(closed.path))
    throw badInput('The children cannot move below the unit that closes.', { path });
}
