/**
 * A bulk edit within its transaction: units are selected, each gets its content afterwards or the reason why it stays,
 * and what differs is written. The preview is the same without the writing, so it says what the edit will do.
 */
import type { AccountTransaction } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { centreOf, readWkb } from '@iroko/geometry';
import { requireEveryUnit } from '@iroko/viewer';
import { groupsById } from '../groups/group.sql';
import { resolveList } from '../org-units/resolve-list';
import { pathsInVersion, statesInVersion } from '../org-units/state.sql';
import { checkPlacement } from '../types/placement';
import type { BulkChanges, BulkEditInput } from './bulk-changes';
import {
  type BulkScope,
  createChanges,
  createPlaces,
  placesFromShapes,
  placesFromSubmissions,
  selectedShapes,
  selectUnits,
} from './selection.sql';
import { markSkipped } from './skips.sql';
import {
  type ChangedRow,
  countMoves,
  firstChanges,
  firstSkipped,
  keepDiffering,
  skipCounts,
  writePiece,
} from './write.sql';

/** Units per statement: some tenths of a second, after which the progress is told. */
const PIECE = 10_000;
const REPORTED_CHANGES = 20;
const REPORTED_SKIPPED = 1000;

export interface BulkEditReport {
  /** How many units the selection holds. */
  selected: number;
  changed: number;
  /** Of those changed: how many came below another parent. */
  moved: number;
  /** They were already as they would be. */
  unchanged: number;
  skipped: { reason: string; count: number }[];
  /** The first of them, in the order of the tree. */
  units: ChangedRow[];
  skippedUnits: { unitId: string; name: string; reason: string }[];
}

/** Prepares the tables of the transaction and says what would change; `number` is that of the newest version. */
export async function planBulkEdit(
  tx: AccountTransaction,
  input: BulkEditInput,
  number: number,
): Promise<BulkEditReport & { scope: BulkScope }> {
  const { dataSourceId, changes } = input;
  const scope = await scopeOf(tx, input, number);
  const { branches } = await resolveList(tx, [{ dataSourceId, number }], input);
  const selected = await selectUnits(tx, branches);
  if (changes.locationFrom) await findPlaces(tx, dataSourceId, changes.locationFrom);
  await createChanges(tx, scope, changes);
  await markSkipped(tx, scope, changes);
  const counts = await keepDiffering(tx);
  return {
    scope,
    selected,
    ...counts,
    moved: changes.parentId === undefined ? 0 : await countMoves(tx),
    skipped: await skipCounts(tx),
    units: await firstChanges(tx, REPORTED_CHANGES),
    skippedUnits: await firstSkipped(tx, REPORTED_SKIPPED),
  };
}

/** Writes what the plan holds; `onProgress` is told after each piece and may throw to stop. */
export async function writeBulkEdit(
  tx: AccountTransaction,
  draft: { dataSourceId: string; number: number },
  { changed, scope }: { changed: number; scope: BulkScope },
  onProgress: (done: number) => Promise<void>,
): Promise<void> {
  // A move is one statement: between two of them the tree would be none.
  const piece = scope.parentPath ? Math.max(changed, 1) : PIECE;
  for (let from = 0; from < changed; from += piece) {
    await writePiece(tx, draft, from, from + piece, scope.parentPath);
    await onProgress(Math.min(from + piece, changed));
  }
}

/** What the changes name, looked up once. Throws BAD_USER_INPUT for what is not there, FORBIDDEN beyond the scope. */
async function scopeOf(
  tx: AccountTransaction,
  { dataSourceId, changes }: BulkEditInput,
  number: number,
): Promise<BulkScope> {
  if (changes.typeId != null) {
    const placed = { unitId: changes.typeId, typeId: changes.typeId, parentTypeId: null };
    await checkPlacement(tx, placed, { creates: true, moves: false, retypes: false });
  }
  await checkGroups(tx, dataSourceId, changes);
  const writableTypes = tx.actor.scope?.writableTypes ?? null;
  return { dataSourceId, writableTypes, parentPath: await parentPath(tx, dataSourceId, changes, number) };
}

async function checkGroups(
  tx: AccountTransaction,
  dataSourceId: string,
  changes: BulkChanges,
): Promise<void> {
  const wanted = [...(changes.groupIds ?? []), ...(changes.addGroupIds ?? [])].map((id) => id.toLowerCase());
  if (wanted.length === 0) return;
  const groups = await groupsById(tx, wanted);
  const there = new Set(groups.filter((group) => group.dataSourceId === dataSourceId).map(({ id }) => id));
  const missing = wanted.find((id) => !there.has(id));
  if (missing === undefined) return;
  throw badInput(`There is no group ${missing} in this source.`, { path: ['changes', 'groupIds'] });
}

async function parentPath(
  tx: AccountTransaction,
  dataSourceId: string,
  { parentId }: BulkChanges,
  number: number,
): Promise<Buffer | undefined> {
  if (parentId === undefined) return undefined;
  if (parentId === null) {
    requireEveryUnit(tx.actor, 'A root of a tree');
    return Buffer.alloc(0);
  }
  const [parent] = await statesInVersion(tx, [parentId], dataSourceId, number);
  const [place] = parent ? await pathsInVersion(tx, [parentId], number) : [];
  if (place) return place.path;
  throw badInput(`The newest version of this source holds no unit ${parentId} that could be the parent.`, {
    path: ['changes', 'parentId'],
  });
}

async function findPlaces(
  tx: AccountTransaction,
  dataSourceId: string,
  from: 'SHAPE' | 'SUBMISSIONS',
): Promise<void> {
  await createPlaces(tx);
  if (from === 'SUBMISSIONS') {
    await placesFromSubmissions(tx);
    return;
  }
  for await (const shapes of selectedShapes(tx, dataSourceId)) {
    const centres = shapes.map(({ hash, wkb }) => ({
      hash,
      ...centreOf(readWkb(wkb) as Parameters<typeof centreOf>[0]),
    }));
    await placesFromShapes(tx, centres);
  }
}
