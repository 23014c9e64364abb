/**
 * Going back: what a version of old says of a unit becomes an edit of the draft. A unit that was removed comes back
 * with its id. What the draft does not hold any more (the parent, the type, a group) refuses it by name.
 */
import { type AccountDatabase, type AccountTransaction, isId } from '@iroko/database';
import { badInput, notFound } from '@iroko/errors';
import { requireWritableTypes } from '@iroko/viewer';
import { translatingRefusals } from '../refusals';
import { checkRevision, differingFields, picked } from '../revisions';
import { checkPlacement } from '../types/placement';
import { type LockedForEdit, lockForEdit, openedDraft } from '../versions/drafts';
import type { VersionRow } from '../versions/version';
import { type EditWords, recordUnit } from './edit-unit';
import { contentOf, type StateRow } from './state';
import { lastRevision, statesInVersion, unitNumber } from './state.sql';
import { CONTENT_FIELDS, unitKeys } from './unit-content';
import { checkPlace, openPath, parentState, pathMove, stateInDraft } from './unit-in-draft';
import { replaceState, returnUnit } from './write-state.sql';

/**
 * Throws NOT_FOUND where the version does not hold the unit, BAD_USER_INPUT for a parent, type or group that is no
 * more, and CONFLICT for another revision, a read-only source or a held draft.
 */
export function restoreUnit(
  db: AccountDatabase,
  unitId: string,
  version: VersionRow,
  expectedRevision: number,
  words: EditWords = {},
): Promise<StateRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      if (!isId(unitId)) throw notFound('OrgUnit', unitId);
      const locked = await lockForEdit(tx, version.dataSourceId);
      const [then] = await statesInVersion(tx, [unitId], version.dataSourceId, version.number);
      if (!then) throw notFound('OrgUnit', unitId);
      const number = locked.draft?.number ?? locked.source.releasedVersionNumber ?? 0;
      const [now] = await statesInVersion(tx, [unitId], version.dataSourceId, number);
      return now
        ? goBack(tx, { then, now, locked, expectedRevision, words })
        : comeBack(tx, { then, locked, expectedRevision, words });
    }),
  );
}

interface Restoration {
  then: StateRow;
  locked: LockedForEdit;
  expectedRevision: number;
  words: EditWords;
}

async function goBack(
  tx: AccountTransaction,
  { then, now, locked, expectedRevision, words }: Restoration & { now: StateRow },
): Promise<StateRow> {
  const [before, after] = [contentOf(now), contentOf(then)];
  const changed = differingFields(picked(before, CONTENT_FIELDS), picked(after, CONTENT_FIELDS));
  checkRevision(expectedRevision, now.revision, changed);
  if (changed.length === 0) return now;
  requireWritableTypes(tx.actor, [before.typeId, after.typeId]);
  const draft = await openedDraft(tx, locked);
  const { unitId, dataSourceId } = now;
  await checkPlace(tx, unitId, after, changed, draft);
  const move = changed.includes('parentId') ? await pathMove(tx, unitId, after.parentId, draft) : undefined;
  const written = { unitId, dataSourceId, number: draft.number, content: after, revision: now.revision + 1 };
  await replaceState(
    tx,
    { ...written, ...unitKeys(after, now.reference) },
    now.fromVersion === draft.number,
    move,
  );
  const event = { ...picked(after, changed), versionId: draft.id, restoredVersion: then.versionNumber };
  await recordUnit(tx, unitId, 'RESTORE', picked(before, changed), event, words);
  return stateInDraft(tx, unitId, draft);
}

async function comeBack(
  tx: AccountTransaction,
  { then, locked, expectedRevision, words }: Restoration,
): Promise<StateRow> {
  const { unitId, dataSourceId } = then;
  const revision = await lastRevision(tx, unitId);
  checkRevision(expectedRevision, revision, []);
  const content = contentOf(then);
  requireWritableTypes(tx.actor, [content.typeId]);
  const draft = await openedDraft(tx, locked);
  const parent = await parentState(tx, content.parentId, draft);
  const placed = { unitId, typeId: content.typeId, parentTypeId: parent?.typeId ?? null };
  await checkPlacement(tx, placed, { creates: true, moves: false, retypes: false });
  const above = content.parentId === null ? Buffer.alloc(0) : await openPath(tx, content.parentId, draft);
  const label = Buffer.alloc(4);
  const known = await unitNumber(tx, unitId);
  if (known === undefined) throw badInput('The unit is of another source.', { path: ['id'] });
  label.writeUInt32BE(known);
  const state = { unitId, dataSourceId, number: draft.number, content, revision: revision + 1 };
  await returnUnit(tx, { ...state, ...unitKeys(content, then.reference) }, Buffer.concat([above, label]));
  const event = { ...content, versionId: draft.id, restoredVersion: then.versionNumber };
  await recordUnit(tx, unitId, 'RESTORE', null, event, words);
  return stateInDraft(tx, unitId, draft);
}
