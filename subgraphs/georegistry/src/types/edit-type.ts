/** Defining types of org units, deleting and restoring them. */
import { asRevert, editToRevert, type RevertWords, recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, newId } from '@iroko/database';
import { ApiError, badInput, conflict, notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { checkRestorable, freedKey } from '../deletion';
import { checkedName, checkedText } from '../name-rules';
import { translatingRefusals } from '../refusals';
import { checkRevision, differingFields, picked } from '../revisions';
import {
  insertType,
  knownForms,
  knownProjects,
  knownRoles,
  replaceSubTypes,
  saveType,
  setTypeDeleted,
  type TypeFields,
  type TypeRow,
  typeForWriting,
  typeInUse,
  typesById,
} from './type.sql';

/** What is undefined stays as it is, or takes its default in a new type. */
export type TypeEdit = { [Field in keyof TypeFields]?: TypeFields[Field] | undefined };

const FIELDS = [
  'name',
  'shortName',
  'depth',
  'category',
  'subTypeIds',
  'creatorRoleIds',
  'referenceFormIds',
  'projectIds',
] as const satisfies readonly (keyof TypeFields)[];

const DEPTH_MAX = 63;
const LISTED_MAX = 500;

const EMPTY: TypeFields = {
  name: '',
  shortName: '',
  depth: null,
  category: null,
  subTypeIds: null,
  creatorRoleIds: null,
  referenceFormIds: [],
  projectIds: null,
};

/** Throws BAD_USER_INPUT, and CONFLICT when the name is taken. */
export function createType(db: AccountDatabase, fields: TypeEdit & { name: string }): Promise<TypeRow> {
  const id = newId();
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const type = await merged(tx, id, EMPTY, fields);
      await insertType(tx, { ...type, id, nameKey: textKey(type.name) });
      await replaceSubTypes(tx, id, type.subTypeIds ?? []);
      await record(tx, id, 'CREATE', null, { ...type });
      return existing(tx, id);
    }),
  );
}

/** Changes what is given. Throws NOT_FOUND, BAD_USER_INPUT, and CONFLICT for another revision or a taken name. */
export function updateType(
  db: AccountDatabase,
  id: string,
  expectedRevision: number,
  fields: TypeEdit,
  revert?: RevertWords,
): Promise<TypeRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const before = await lockType(tx, id);
      const after = await merged(tx, before.id, before, fields);
      const changed = differingFields(picked(before, FIELDS), picked(after, FIELDS));
      checkRevision(expectedRevision, before.revision, changed);
      if (changed.length === 0) return before;
      await saveType(tx, { ...after, id: before.id, nameKey: textKey(after.name) });
      await replaceSubTypes(tx, before.id, after.subTypeIds ?? []);
      await record(tx, before.id, 'UPDATE', picked(before, changed), picked(after, changed), revert);
      return existing(tx, before.id);
    }),
  );
}

/**
 * Takes an edit back. Throws NOT_FOUND for an event of something else, BAD_USER_INPUT for what is no edit, CONFLICT with
 * the fields that were changed since, and what updateType throws.
 */
export async function revertTypeChange(
  db: AccountDatabase,
  eventId: string,
  reason: string | null,
): Promise<TypeRow> {
  const edit = await editToRevert(db, eventId, 'OrgUnitType', FIELDS, reason);
  const now = await existing(db, edit.subjectId);
  edit.requireUnchanged(picked(now, FIELDS));
  return updateType(db, now.id, now.revision, edit.fields as TypeEdit, edit.words);
}

/** Throws NOT_FOUND, and CONFLICT for another revision or while current versions hold units of the type. */
export function deleteType(db: AccountDatabase, id: string, expectedRevision: number): Promise<TypeRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const type = await lockType(tx, id, true);
      checkRevision(expectedRevision, type.revision, []);
      const use = await typeInUse(tx, type.id);
      if (use) {
        throw conflict(
          `The source ${JSON.stringify(use.name)} holds units of this type. Give them another type first.`,
        );
      }
      await setTypeDeleted(tx, type.id, freedKey(type.nameKey, type.id), new Date());
      await record(tx, type.id, 'DELETE', picked(type, FIELDS), null);
      return existing(tx, type.id);
    }),
  );
}

/** Throws NOT_FOUND for what is not deleted, and CONFLICT when it is too late or the name is taken by now. */
export function restoreType(db: AccountDatabase, id: string): Promise<TypeRow> {
  return translatingRefusals(() =>
    db.transaction(async (tx) => {
      const type = isId(id) ? await typeForWriting(tx, id) : undefined;
      if (!type?.deletedAt) throw notFound('OrgUnitType', id);
      checkRestorable('type', type.deletedAt);
      await setTypeDeleted(tx, type.id, textKey(type.name), null);
      await record(tx, type.id, 'RESTORE', null, picked(type, FIELDS));
      return existing(tx, type.id);
    }),
  );
}

async function lockType(tx: AccountTransaction, id: string, toDelete = false): Promise<TypeRow> {
  const type = isId(id) ? await typeForWriting(tx, id, toDelete) : undefined;
  if (!type || type.deletedAt) throw notFound('OrgUnitType', id);
  return type;
}

async function existing(tx: AccountDatabase, id: string): Promise<TypeRow> {
  const [type] = await typesById(tx, [id]);
  if (!type) throw notFound('OrgUnitType', id);
  return type;
}

async function merged(
  tx: AccountTransaction,
  id: string,
  before: TypeFields,
  edit: TypeEdit,
): Promise<TypeFields> {
  const given = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
  const after = { ...picked(before, FIELDS), ...given } as TypeFields;
  if (after.depth !== null && (after.depth < 0 || after.depth > DEPTH_MAX)) {
    throw badInput(`depth is ${after.depth}; levels go from 0 for roots to ${DEPTH_MAX}.`, {
      path: ['depth'],
    });
  }
  const { subTypeIds, creatorRoleIds, referenceFormIds, projectIds } = edit;
  if (projectIds !== undefined) requireEveryProject(tx);
  return {
    ...after,
    name: checkedName(after.name, ['name']),
    shortName: checkedText(after.shortName, ['shortName']),
    subTypeIds: subTypeIds
      ? await known('type', 'subTypeIds', subTypeIds, async (ids) => [
          ...(await typesById(tx, ids)).filter((type) => type.deletedAt === null),
          ...(ids.includes(id) ? [{ id }] : []),
        ])
      : after.subTypeIds,
    creatorRoleIds: creatorRoleIds
      ? await known('role', 'creatorRoleIds', creatorRoleIds, (ids) => knownRoles(tx, ids))
      : after.creatorRoleIds,
    referenceFormIds: referenceFormIds
      ? await known('form', 'referenceFormIds', referenceFormIds, (ids) => knownForms(tx, ids))
      : after.referenceFormIds,
    projectIds: projectIds
      ? await known('project', 'projectIds', projectIds, (ids) => knownProjects(tx, ids))
      : after.projectIds,
  };
}

/** Throws FORBIDDEN for a scope of some projects: others work with units of the type too, perhaps unseen. */
function requireEveryProject({ actor }: AccountTransaction): void {
  if ((actor.scope?.projects ?? null) === null) return;
  throw new ApiError(
    'FORBIDDEN',
    'Which projects work with a type concerns all of them, and your scope is some. Ask somebody without that limit.',
    { scope: 'PROJECTS' },
  );
}

/** The ids, each once and sorted. Throws BAD_USER_INPUT for one that the account has not. */
async function known(
  what: string,
  field: keyof TypeFields,
  given: readonly string[],
  find: (ids: string[]) => Promise<{ id: string }[]>,
): Promise<string[]> {
  if (given.length > LISTED_MAX) {
    throw badInput(`${field} has ${given.length} ids; at most ${LISTED_MAX} are taken.`, { path: [field] });
  }
  const ids = [...new Set(given.map((id) => id.toLowerCase()))].sort();
  const found = new Set((await find(ids.filter(isId))).map((row) => row.id));
  const missing = ids.find((id) => !found.has(id));
  if (missing !== undefined) {
    throw badInput(`There is no ${what} with the id ${JSON.stringify(missing.slice(0, 100))}.`, {
      path: [field],
    });
  }
  return ids;
}

function record(
  tx: AccountTransaction,
  id: string,
  action: string,
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  revert?: RevertWords,
): Promise<string> {
  const change = { subjectType: 'OrgUnitType', subjectId: id, action, before, after };
  return recordChange(tx, asRevert(change, revert));
}
