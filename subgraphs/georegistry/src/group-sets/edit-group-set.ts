/** Defining sets of groups, deleting and restoring them. Whether units keep to a SINGLE set, the database decides. */
import { asRevert, editToRevert, type RevertWords, recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, newId } from '@iroko/database';
import { badInput, notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { checkRestorable } from '../deletion';
import { groupsById } from '../groups/group.sql';
import { checkedName } from '../name-rules';
import { translatingRefusals } from '../refusals';
import { checkRevision, differingFields, picked } from '../revisions';
import { lockWritableSource } from '../versions/drafts';
import {
  addGroups,
  type GroupSetRow,
  groupSetsById,
  insertGroupSet,
  type Membership,
  removeOtherGroups,
  saveGroupSet,
  setGroupSetDeleted,
} from './group-set.sql';

export interface GroupSetEdit {
  name?: string | undefined;
  reference?: string | undefined;
  membership?: Membership | undefined;
  groupIds?: readonly string[] | undefined;
}

const FIELDS = ['name', 'reference', 'membership', 'groupIds'] as const;
const GROUPS_MAX = 1000;

/** Throws NOT_FOUND for the source, BAD_USER_INPUT, and CONFLICT for a taken reference or a read-only source. */
export function createGroupSet(
  db: AccountDatabase,
  dataSourceId: string,
  fields: GroupSetEdit & { name: string },
): Promise<GroupSetRow> {
  const id = newId();
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      await lockWritableSource(tx, dataSourceId);
      const reference = fields.reference === undefined ? id : checkedName(fields.reference, ['reference']);
      const name = checkedName(fields.name, ['name']);
      const membership = fields.membership ?? 'MULTIPLE';
      const groupIds = await groupsOf(tx, dataSourceId, fields.groupIds ?? []);
      const set = { id, dataSourceId, name, nameKey: textKey(name), reference, membership };
      await insertGroupSet(tx, set, fields.reference === undefined);
      await addGroups(tx, id, groupIds);
      await record(tx, id, 'CREATE', null, { name, reference, membership, groupIds, dataSourceId });
      return existing(tx, id);
    }),
  );
}

/**
 * Throws NOT_FOUND, BAD_USER_INPUT, and CONFLICT for another revision, a taken reference, a read-only source, and for
 * SINGLE while units are in several of the groups.
 */
export function updateGroupSet(
  db: AccountDatabase,
  id: string,
  expectedRevision: number,
  edit: GroupSetEdit,
  revert?: RevertWords,
): Promise<GroupSetRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const before = await lockSet(tx, id);
      const after = {
        name: edit.name === undefined ? before.name : checkedName(edit.name, ['name']),
        reference:
          edit.reference === undefined ? before.reference : checkedName(edit.reference, ['reference']),
        membership: edit.membership ?? before.membership,
        groupIds: edit.groupIds ? await groupsOf(tx, before.dataSourceId, edit.groupIds) : before.groupIds,
      };
      const changed = differingFields(picked(before, FIELDS), after);
      checkRevision(expectedRevision, before.revision, changed);
      if (changed.length === 0) return before;
      await removeOtherGroups(tx, before.id, after.groupIds);
      await saveGroupSet(tx, { ...before, ...after, nameKey: textKey(after.name) });
      await addGroups(tx, before.id, after.groupIds);
      await record(tx, before.id, 'UPDATE', picked(before, changed), picked(after, changed), revert);
      return existing(tx, before.id);
    }),
  );
}

/**
 * Takes an edit back. Throws NOT_FOUND for an event of something else, BAD_USER_INPUT for what is no edit, CONFLICT with
 * the fields that were changed since, and what updateGroupSet throws.
 */
export async function revertGroupSetChange(
  db: AccountDatabase,
  eventId: string,
  reason: string | null,
): Promise<GroupSetRow> {
  const edit = await editToRevert(db, eventId, 'GroupSet', FIELDS, reason);
  const now = await existing(db, edit.subjectId);
  edit.requireUnchanged(picked(now, FIELDS));
  return updateGroupSet(db, now.id, now.revision, edit.fields as GroupSetEdit, edit.words);
}

/** Its groups stay. Throws NOT_FOUND, and CONFLICT for another revision or a read-only source. */
export function deleteGroupSet(
  db: AccountDatabase,
  id: string,
  expectedRevision: number,
): Promise<GroupSetRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const set = await lockSet(tx, id);
      checkRevision(expectedRevision, set.revision, []);
      await setGroupSetDeleted(tx, set.id, new Date());
      await record(tx, set.id, 'DELETE', picked(set, FIELDS), null);
      return existing(tx, set.id);
    }),
  );
}

/** Throws NOT_FOUND for what is not deleted, CONFLICT when it is too late or units do not keep to it any more. */
export function restoreGroupSet(db: AccountDatabase, id: string): Promise<GroupSetRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const [seen] = isId(id) ? await groupSetsById(tx, [id]) : [];
      if (!seen?.deletedAt) throw notFound('GroupSet', id);
      checkRestorable('set of groups', seen.deletedAt);
      await lockWritableSource(tx, seen.dataSourceId);
      await setGroupSetDeleted(tx, seen.id, null);
      await record(tx, seen.id, 'RESTORE', null, picked(seen, FIELDS));
      return existing(tx, seen.id);
    }),
  );
}

/** The set, its source locked: whoever changes units or sets of one source stands in line. */
async function lockSet(tx: AccountTransaction, id: string): Promise<GroupSetRow> {
  const [seen] = isId(id) ? await groupSetsById(tx, [id]) : [];
  if (!seen) throw notFound('GroupSet', id);
  await lockWritableSource(tx, seen.dataSourceId);
  const [set] = await groupSetsById(tx, [seen.id]);
  if (!set || set.deletedAt) throw notFound('GroupSet', id);
  return set;
}

async function existing(tx: AccountDatabase, id: string): Promise<GroupSetRow> {
  const [set] = await groupSetsById(tx, [id]);
  if (!set) throw notFound('GroupSet', id);
  return set;
}

/** The ids, each once and sorted. Throws BAD_USER_INPUT for a group that the source has not. */
async function groupsOf(
  tx: AccountTransaction,
  dataSourceId: string,
  given: readonly string[],
): Promise<string[]> {
  if (given.length > GROUPS_MAX) {
    throw badInput(`groupIds has ${given.length} ids; at most ${GROUPS_MAX} are taken.`, {
      path: ['groupIds'],
    });
  }
  const ids = [...new Set(given.map((id) => id.toLowerCase()))].sort();
  const groups = await groupsById(tx, ids.filter(isId));
  const found = new Set(
    groups
      .filter((group) => group.dataSourceId === dataSourceId && group.deletedAt === null)
      .map(({ id }) => id),
  );
  const missing = ids.find((id) => !found.has(id));
  if (missing === undefined) return ids;
  throw badInput(`There is no group with the id ${JSON.stringify(missing.slice(0, 100))} in this source.`, {
    path: ['groupIds'],
  });
}

function record(
  tx: AccountTransaction,
  id: string,
  action: string,
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  revert?: RevertWords,
): Promise<string> {
  const change = { subjectType: 'GroupSet', subjectId: id, action, before, after };
  return recordChange(tx, asRevert(change, revert));
}
