/**
 * Editing units by hand: each edit opens the draft when there is none, writes one statement and its ChangeEvent in
 * one transaction, and answers the state as it is afterwards.
 */
import { asRevert, type RevertWords, recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, newId } from '@iroko/database';
import { requireWritableTypes } from '@iroko/viewer';
import { checkedName } from '../name-rules';
import { translatingRefusals } from '../refusals';
import { checkRevision, differingFields, picked } from '../revisions';
import { storeShape } from '../shapes/store-shape';
import { takeUnitNumbers } from '../sources/source.sql';
import { checkPlacement } from '../types/placement';
import { lockDraft, openedDraft } from '../versions/drafts';
import { contentOf, type StateRow } from './state';
import {
  CONTENT_FIELDS,
  type ContentField,
  EMPTY_CONTENT,
  edited,
  type UnitEdit,
  unitKeys,
} from './unit-content';
import { checkPlace, lockUnit, parentState, pathMove, stateInDraft } from './unit-in-draft';
import { insertUnit, replaceState } from './write-state.sql';

/** What a person edits: the content, with the shape as GeoJSON, or as the hash of one that is stored. */
export type UnitFields = UnitEdit & { shape?: object | null | undefined };

export interface EditWords {
  reason?: string | undefined;
}

/** Throws NOT_FOUND for the source, BAD_USER_INPUT, and CONFLICT for a taken reference or a held draft. */
export function createUnit(
  db: AccountDatabase,
  dataSourceId: string,
  fields: UnitFields & { name: string; reference?: string | undefined },
  words: EditWords = {},
): Promise<StateRow> {
  const { reference: given, shape, shapeHash, ...rest } = fields;
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const { draft } = await lockDraft(tx, dataSourceId);
      const unitId = newId();
      const content = edited(EMPTY_CONTENT, { ...rest, shapeHash: await shapeEdit(tx, shape, shapeHash) });
      const reference = given === undefined ? unitId : checkedName(given, ['reference']);
      requireWritableTypes(tx.actor, [content.typeId]);
      const parent = await parentState(tx, content.parentId, draft);
      const { typeId } = content;
      await checkPlacement(
        tx,
        { unitId, typeId, parentTypeId: parent?.typeId ?? null },
        { creates: true, moves: false, retypes: false },
      );
      const unitNumber = await takeUnitNumbers(tx, dataSourceId, 1);
      const unit = { unitNumber, reference, referenceGenerated: given === undefined };
      const keys = unitKeys(content, reference);
      await insertUnit(tx, unit, {
        unitId,
        dataSourceId,
        number: draft.number,
        revision: 1,
        content,
        ...keys,
      });
      const after = { ...content, reference, dataSourceId, versionId: draft.id };
      await recordUnit(tx, unitId, 'CREATE', null, after, words);
      return stateInDraft(tx, unitId, draft);
    }),
  );
}

/**
 * Changes what is given and nothing else; a new parent moves the unit with everything below it.
 * Throws NOT_FOUND, BAD_USER_INPUT, and CONFLICT for another revision or a held draft.
 */
export function updateUnit(
  db: AccountDatabase,
  unitId: string,
  expectedRevision: number,
  fields: UnitFields,
  words: EditWords & { action?: 'REJECT'; revert?: RevertWords } = {},
): Promise<StateRow> {
  const { shape, shapeHash, ...rest } = fields;
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const { state, locked } = await lockUnit(tx, unitId);
      const before = contentOf(state);
      const after = edited(before, { ...rest, shapeHash: await shapeEdit(tx, shape, shapeHash) });
      const changed = differingFields(picked(before, CONTENT_FIELDS), picked(after, CONTENT_FIELDS));
      checkRevision(expectedRevision, state.revision, changed);
      if (changed.length === 0) return state;
      requireWritableTypes(tx.actor, [before.typeId, after.typeId]);
      const draft = await openedDraft(tx, locked);
      await checkPlace(tx, unitId, after, changed, draft);
      const move = changed.includes('parentId')
        ? await pathMove(tx, unitId, after.parentId, draft)
        : undefined;
      const written = { unitId, dataSourceId: draft.dataSourceId, number: draft.number, content: after };
      const keys = unitKeys(after, state.reference);
      await replaceState(
        tx,
        { ...written, ...keys, revision: state.revision + 1 },
        state.fromVersion === draft.number,
        move,
      );
      const event = { ...picked(after, changed), versionId: draft.id };
      await recordUnit(tx, unitId, words.action ?? actionOf(changed), picked(before, changed), event, words);
      return stateInDraft(tx, unitId, draft);
    }),
  );
}

function actionOf(changed: readonly ContentField[]): string {
  return changed.length === 1 && changed[0] === 'parentId' ? 'MOVE' : 'UPDATE';
}

async function shapeEdit(
  tx: AccountTransaction,
  shape: object | null | undefined,
  stored: string | null | undefined,
): Promise<string | null | undefined> {
  if (shape) return storeShape(tx, shape, ['shape']);
  return shape === null ? null : stored;
}

export function recordUnit(
  tx: AccountTransaction,
  unitId: string,
  action: string,
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  words: EditWords & { revert?: RevertWords },
): Promise<string> {
  const reason = words.reason ?? null;
  const change = { subjectType: 'OrgUnit', subjectId: unitId, unitId, action, before, after, reason };
  return recordChange(tx, asRevert(change, words.revert));
}
