/** What every edit of a unit asks first: where it stands, whether it may stand where it shall, and who may move it. */
import { type AccountTransaction, isId } from '@iroko/database';
import { badInput, limitExceeded, notFound } from '@iroko/errors';
import { requireEveryUnit } from '@iroko/viewer';
import { checkPlacement } from '../types/placement';
import { type DraftWriter, type LockedForEdit, lockForEdit } from '../versions/drafts';
import type { VersionRow } from '../versions/version';
import type { StateRow } from './state';
import { pathsInVersion, statesInVersion, subtreeSize } from './state.sql';
import { unitSource } from './unit.sql';
import type { ContentField } from './unit-content';
import type { PathMove } from './write-state.sql';

/** What a request does at once; more is a job's: moving or removing so many takes some tenths of a second. */
export const UNITS_PER_REQUEST_MAX = 1000;

/** The unit as the next edit finds it (the draft, or the newest version when none is open), its source locked. */
export async function lockUnit(
  tx: AccountTransaction,
  unitId: string,
  writer: DraftWriter = {},
): Promise<{ state: StateRow; locked: LockedForEdit }> {
  const unit = isId(unitId) ? await unitSource(tx, unitId) : undefined;
  if (!unit) throw notFound('OrgUnit', unitId);
  const locked = await lockForEdit(tx, unit.dataSourceId, writer);
  const number = locked.draft?.number ?? locked.source.releasedVersionNumber ?? 0;
  const [state] = await statesInVersion(tx, [unitId], unit.dataSourceId, number);
  if (!state) throw notFound('OrgUnit', unitId);
  return { state, locked };
}

export async function stateInDraft(
  tx: AccountTransaction,
  unitId: string,
  draft: VersionRow,
): Promise<StateRow> {
  const [state] = await statesInVersion(tx, [unitId], draft.dataSourceId, draft.number);
  if (!state) throw notFound('OrgUnit', unitId);
  return state;
}

export async function openPath(tx: AccountTransaction, unitId: string, draft: VersionRow): Promise<Buffer> {
  const [row] = await pathsInVersion(tx, [unitId], draft.number);
  if (!row) throw notFound('OrgUnit', unitId);
  return row.path;
}

/** Whether the types allow what an edit makes of parent and type. */
export async function checkPlace(
  tx: AccountTransaction,
  unitId: string,
  { typeId, parentId }: { typeId: string | null; parentId: string | null },
  changed: readonly ContentField[],
  draft: VersionRow,
): Promise<void> {
  const retypes = changed.includes('typeId');
  if (!retypes && !changed.includes('parentId')) return;
  const parent = await parentState(tx, parentId, draft);
  const placed = { unitId, typeId, parentTypeId: parent?.typeId ?? null };
  await checkPlacement(tx, placed, { creates: false, moves: true, retypes });
}

/** The parent in the draft; undefined for a root. Throws BAD_USER_INPUT unless the draft holds it. */
export async function parentState(
  tx: AccountTransaction,
  parentId: string | null,
  draft: VersionRow,
): Promise<StateRow | undefined> {
  if (parentId === null) {
    requireEveryUnit(tx.actor, 'A root of a tree');
    return undefined;
  }
  const [parent] = isId(parentId)
    ? await statesInVersion(tx, [parentId], draft.dataSourceId, draft.number)
    : [];
  if (!parent) {
    throw badInput(`The draft of this source holds no unit ${parentId} that could be the parent.`, {
      path: ['parentId'],
    });
  }
  return parent;
}

export async function pathMove(
  tx: AccountTransaction,
  unitId: string,
  parentId: string | null,
  draft: VersionRow,
): Promise<PathMove> {
  const from = await openPath(tx, unitId, draft);
  const above = parentId === null ? Buffer.alloc(0) : await openPath(tx, parentId, draft);
  await refuseLargeMove(tx, unitId, draft, from);
  if (above.subarray(0, from.length).equals(from)) {
    throw badInput('A unit cannot be moved below itself or below one of its descendants.', {
      path: ['parentId'],
    });
  }
  return { from, to: Buffer.concat([above, from.subarray(from.length - 4)]) };
}

/** Throws LIMIT_EXCEEDED for a move that would keep a request waiting. */
async function refuseLargeMove(
  tx: AccountTransaction,
  unitId: string,
  draft: VersionRow,
  path: Buffer,
): Promise<void> {
  const size = await subtreeSize(tx, draft.dataSourceId, [path], UNITS_PER_REQUEST_MAX + 1);
  if (size <= UNITS_PER_REQUEST_MAX) return;
  throw limitExceeded(
    `More than ${UNITS_PER_REQUEST_MAX} units would move along. Move it as a job: bulkEditOrgUnits with the filter { ids: ["${unitId}"] } and the changes { parentId }.`,
    'units moved in a request',
    UNITS_PER_REQUEST_MAX,
  );
}
