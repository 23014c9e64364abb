/**
 * What an operation finds: its source locked, the units that it names as the draft (or the newest version) has them, and
 * whether they may take part. Everything that can be refused of them is refused here.
 */
import { type AccountTransaction, isId } from '@iroko/database';
import { badInput, conflict, notFound } from '@iroko/errors';
import { sourcesOfUnits } from '../links/link.sql';
import type { StateRow } from '../org-units/state';
import { pathsInVersion, statesInVersion } from '../org-units/state.sql';
import { type DraftWriter, type LockedForEdit, lockForEdit } from '../versions/drafts';
import type { LineageOrder, NamedUnit } from './lineage';
import { lineagesById, namedUnits } from './lineage.sql';
import { refuseMalformed } from './malformed';
import { endedWithin } from './succession.sql';

export interface PlacedUnit {
  state: StateRow;
  path: Buffer;
}

export interface Scene {
  locked: LockedForEdit;
  dataSourceId: string;
  predecessors: PlacedUnit[];
  /** By the index of the successor: those that are there already. */
  existing: Map<number, PlacedUnit>;
}

interface Asked extends NamedUnit {
  path: string[];
}

/**
 * Locks and reads. Throws NOT_FOUND for a unit, BAD_USER_INPUT for units that cannot take part together, and CONFLICT
 * for one that changed, closed or ended meanwhile, a read-only source, and a held draft.
 */
export async function readScene(
  tx: AccountTransaction,
  order: LineageOrder,
  writer: DraftWriter,
): Promise<Scene> {
  const predecessors = order.predecessors.map((unit, index) => asked(unit, ['units', String(index)]));
  const successors = order.successors.map((successor, index) =>
    successor.unit ? asked(successor.unit, ['into', String(index), 'unit']) : undefined,
  );
  const named = [...predecessors, ...successors.filter((unit) => unit !== undefined)];
  refuseTwice(named);
  const dataSourceId = await oneSource(tx, named);
  const locked = await lockForEdit(tx, dataSourceId, writer);
  const number = locked.draft?.number ?? locked.source.releasedVersionNumber ?? 0;
  const found = await placedUnits(tx, named, dataSourceId, number);
  refuseMalformed(order);
  const unitAt = (unit: Asked) => found.get(unit.id) as PlacedUnit;
  const scene: Scene = {
    locked,
    dataSourceId,
    predecessors: predecessors.map(unitAt),
    existing: new Map(
      successors.flatMap((unit, index) => (unit === undefined ? [] : [[index, unitAt(unit)] as const])),
    ),
  };
  refuseOneAboveOther([...scene.predecessors, ...scene.existing.values()]);
  refuseDates(scene, order.effectiveOn);
  return scene;
}

const asked = (unit: NamedUnit, path: string[]): Asked => ({
  id: unit.id.toLowerCase(),
  expectedRevision: unit.expectedRevision,
  path: ['input', ...path],
});

function refuseTwice(named: readonly Asked[]): void {
  const seen = new Set<string>();
  for (const { id, path } of named) {
    if (seen.has(id)) {
      throw badInput(
        `The unit ${id} is named twice. A unit takes part once: it ends, or it takes the place.`,
        {
          path,
        },
      );
    }
    seen.add(id);
  }
}

/** The source of all of them. What is out of scope, or no id, is a unit that never was. */
async function oneSource(tx: AccountTransaction, named: readonly Asked[]): Promise<string> {
  if (named.length === 0) throw badInput('No unit is named.', { path: ['input'] });
  const ids = named.map(({ id }) => id).filter(isId);
  const sources = new Map((await sourcesOfUnits(tx, ids)).map((unit) => [unit.id, unit.dataSourceId]));
  const missing = named.find(({ id }) => !sources.has(id));
  if (missing) throw notFound('OrgUnit', missing.id);
  const first = sources.get(named[0]?.id ?? '') as string;
  const foreign = named.find(({ id }) => sources.get(id) !== first);
  if (foreign) {
    throw badInput(
      `The unit ${foreign.id} belongs to another source than ${named[0]?.id}. An operation stays within one source; a link joins units of two.`,
      { path: foreign.path },
    );
  }
  return first;
}

async function placedUnits(
  tx: AccountTransaction,
  named: readonly Asked[],
  source: string,
  number: number,
): Promise<Map<string, PlacedUnit>> {
  const ids = named.map(({ id }) => id);
  const states = new Map((await statesInVersion(tx, ids, source, number)).map((row) => [row.unitId, row]));
  const paths = new Map((await pathsInVersion(tx, ids, number)).map((row) => [row.unitId, row.path]));
  const placed = new Map<string, PlacedUnit>();
  for (const unit of named) {
    const state = states.get(unit.id);
    if (!state) throw await goneError(tx, unit, number);
    refuseOtherRevision(unit, state);
    if (state.closedDate !== null) {
      throw conflict(
        `${JSON.stringify(state.name)} is closed since ${state.closedDate}, so it can neither end nor take a place. Take its closing date away first if that was wrong.`,
        { unitId: unit.id, closedDate: state.closedDate, path: unit.path },
      );
    }
    placed.set(unit.id, { state, path: paths.get(unit.id) as Buffer });
  }
  return placed;
}

/** CONFLICT that tells what took its place; NOT_FOUND for a unit that no operation ended. */
async function goneError(tx: AccountTransaction, unit: Asked, number: number): Promise<Error> {
  const [end] = await endedWithin(tx, [unit.id], number);
  const [lineage] = end ? await lineagesById(tx, [end.lineageId]) : [];
  if (!lineage) return notFound('OrgUnit', unit.id);
  const successors = (await namedUnits(tx, [lineage.id])).filter(({ role }) => role === 'SUCCESSOR');
  const names = successors.map(({ name }) => JSON.stringify(name)).join(', ');
  return conflict(
    `The unit ${unit.id} left the tree by a ${lineage.kind} on ${lineage.effectiveOn}${names ? `; in its place are ${names}` : ''}.`,
    { unitId: unit.id, lineageId: lineage.id, successorIds: successors.map(({ unitId }) => unitId) },
  );
}

function refuseOtherRevision({ id, expectedRevision, path }: Asked, state: StateRow): void {
  if (expectedRevision === state.revision) return;
  throw conflict(
    `${JSON.stringify(state.name)} was changed meanwhile: you named revision ${expectedRevision}, it is at ${state.revision}. Read it again and decide anew.`,
    { unitId: id, expectedRevision, actualRevision: state.revision, fields: [], path },
  );
}

function refuseOneAboveOther(units: readonly PlacedUnit[]): void {
  const byPath = [...units].sort((a, b) => Buffer.compare(a.path, b.path));
  for (const [index, { path, state }] of byPath.entries()) {
    const next = byPath[index + 1];
    if (!next?.path.subarray(0, path.length).equals(path)) continue;
    throw badInput(
      `${JSON.stringify(next.state.name)} stands below ${JSON.stringify(state.name)}. A unit cannot merge with, or take the place of, one above or below it.`,
      { path: ['input'], unitIds: [state.unitId, next.state.unitId] },
    );
  }
}

function refuseDates({ predecessors, existing }: Scene, effectiveOn: string): void {
  for (const { state } of predecessors) {
    if (state.openingDate === null || state.openingDate < effectiveOn) continue;
    throw badInput(
      `${JSON.stringify(state.name)} opens on ${state.openingDate}; it cannot end on ${effectiveOn}, which is not after that.`,
      { path: ['input', 'effectiveOn'], unitId: state.unitId },
    );
  }
  for (const { state } of existing.values()) {
    if (state.openingDate === null || state.openingDate <= effectiveOn) continue;
    throw badInput(
      `${JSON.stringify(state.name)} opens on ${state.openingDate}; on ${effectiveOn} it cannot take a place yet.`,
      { path: ['input', 'effectiveOn'], unitId: state.unitId },
    );
  }
}
