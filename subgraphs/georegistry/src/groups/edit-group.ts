/** Defining groups. Which units are in one is part of a unit's state, so it is edited with the unit. */
import { asRevert, editToRevert, type RevertWords, recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, newId } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { checkRestorable } from '../deletion';
import { checkedName } from '../name-rules';
import { translatingRefusals } from '../refusals';
import { checkRevision, differingFields, picked } from '../revisions';
import { lockWritableSource } from '../versions/drafts';
import {
  type GroupRow,
  groupForWriting,
  groupInUse,
  groupsById,
  insertGroup,
  saveGroup,
  setGroupDeleted,
} from './group.sql';

export interface NewGroup {
  dataSourceId: string;
  name: string;
  /** Generated when left out. */
  reference?: string | undefined;
}

export interface GroupEdit {
  name?: string | undefined;
  reference?: string | undefined;
}

const FIELDS = ['name', 'reference'] as const;

/** Throws NOT_FOUND for the source, BAD_USER_INPUT, and CONFLICT when the reference is taken or the source read-only. */
export function createGroup(db: AccountDatabase, fields: NewGroup): Promise<GroupRow> {
  const name = checkedName(fields.name, ['name']);
  const id = newId();
  const given = fields.reference === undefined ? undefined : checkedName(fields.reference, ['reference']);
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      await lockWritableSource(tx, fields.dataSourceId);
      const group = await insertGroup(tx, {
        id,
        dataSourceId: fields.dataSourceId,
        name,
        nameKey: textKey(name),
        reference: given ?? id,
        referenceGenerated: given === undefined,
      });
      const after = { name, reference: group.reference, dataSourceId: group.dataSourceId };
      await record(tx, id, 'CREATE', null, after);
      return group;
    }),
  );
}

/** Throws NOT_FOUND, BAD_USER_INPUT, and CONFLICT for another revision, a taken reference or a read-only source. */
export function updateGroup(
  db: AccountDatabase,
  id: string,
  expectedRevision: number,
  edit: GroupEdit,
  revert?: RevertWords,
): Promise<GroupRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const before = await lockGroup(tx, id);
      const after = {
        name: edit.name === undefined ? before.name : checkedName(edit.name, ['name']),
        reference:
          edit.reference === undefined ? before.reference : checkedName(edit.reference, ['reference']),
      };
      const changed = differingFields(picked(before, FIELDS), after);
      checkRevision(expectedRevision, before.revision, changed);
      if (changed.length === 0) return before;
      await saveGroup(tx, { ...after, id: before.id, nameKey: textKey(after.name) });
      await record(tx, before.id, 'UPDATE', picked(before, changed), picked(after, changed), revert);
      return existing(tx, before.id);
    }),
  );
}

/**
 * Takes an edit back. Throws NOT_FOUND for an event of something else, BAD_USER_INPUT for what is no edit, CONFLICT with
 * the fields that were changed since, and what updateGroup throws.
 */
export async function revertGroupChange(
  db: AccountDatabase,
  eventId: string,
  reason: string | null,
): Promise<GroupRow> {
  const edit = await editToRevert(db, eventId, 'Group', FIELDS, reason);
  const now = await existing(db, edit.subjectId);
  edit.requireUnchanged(picked(now, FIELDS));
  return updateGroup(db, now.id, now.revision, edit.fields as GroupEdit, edit.words);
}

/** Throws NOT_FOUND, and CONFLICT for another revision, a read-only source or while current versions hold members. */
export function deleteGroup(db: AccountDatabase, id: string, expectedRevision: number): Promise<GroupRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const group = await lockGroup(tx, id);
      checkRevision(expectedRevision, group.revision, []);
      if (await groupInUse(tx, group.id)) {
        throw conflict(
          'The draft or the current version of the source has units in this group. Take them out first.',
        );
      }
      await setGroupDeleted(tx, group.id, new Date());
      await record(tx, group.id, 'DELETE', picked(group, FIELDS), null);
      return existing(tx, group.id);
    }),
  );
}

/** Throws NOT_FOUND for what is not deleted, and CONFLICT when it is too late or the source is read-only. */
export function restoreGroup(db: AccountDatabase, id: string): Promise<GroupRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const [seen] = isId(id) ? await groupsById(tx, [id]) : [];
      if (!seen?.deletedAt) throw notFound('Group', id);
      checkRestorable('group', seen.deletedAt);
      await lockWritableSource(tx, seen.dataSourceId);
      await setGroupDeleted(tx, seen.id, null);
      await record(tx, seen.id, 'RESTORE', null, picked(seen, FIELDS));
      return existing(tx, seen.id);
    }),
  );
}

async function lockGroup(tx: AccountTransaction, id: string): Promise<GroupRow> {
  const [seen] = isId(id) ? await groupsById(tx, [id]) : [];
  if (!seen) throw notFound('Group', id);
  await lockWritableSource(tx, seen.dataSourceId);
  const group = await groupForWriting(tx, seen.id);
  if (!group || group.deletedAt) throw notFound('Group', id);
  return group;
}

async function existing(tx: AccountDatabase, id: string): Promise<GroupRow> {
  const [group] = await groupsById(tx, [id]);
  if (!group) throw notFound('Group', id);
  return group;
}

function record(
  tx: AccountTransaction,
  id: string,
  action: string,
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  revert?: RevertWords,
): Promise<string> {
  const change = { subjectType: 'Group', subjectId: id, action, before, after };
  return recordChange(tx, asRevert(change, revert));
}
