/**
 * Roles made, changed and removed. Who may do so holds what is added and what is taken away.
 */
import { asRevert, editToRevert, type RevertWords, recordChange, recordChanges } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, isViolation, newId } from '@iroko/database';
import { ApiError, badInput, conflict, notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import type { Viewer } from '@iroko/viewer';
import { checkedName } from '../accounts/account-form';
import { requireWholeAccount } from '../scope/member-scope';
import { granterOf } from './granter';
import {
  addedPermissions,
  changedPermissions,
  checkedPermissions,
  refuseModulesOff,
  refuseUnheld,
} from './granting';
import type { CreateRoleInput, UpdateRoleInput } from './role-type';
import { deleteRole, insertRole, type RoleRow, roleById, takeRoleFromAll, updateRoleRow } from './roles.sql';

/** Throws BAD_USER_INPUT, FORBIDDEN for a permission one does not hold, CONFLICT for a name that is taken. */
export async function createRole(
  db: AccountDatabase,
  viewer: Viewer,
  input: CreateRoleInput,
): Promise<RoleRow> {
  const name = checkedName(input.name, ['input', 'name']);
  const permissions = checkedPermissions(input.permissions, ['input', 'permissions']);
  return refusingTakenName(name, () =>
    db.transaction(async (tx) => {
      const held = await granterOf(tx, viewer, 'roles.manage');
      refuseModulesOff(held.modules, permissions, ['input', 'permissions']);
      refuseUnheld(held, { permissions, everyPermission: false });
      const role = await insertRole(tx, { id: newId(), name, nameKey: textKey(name), permissions });
      await recordChange(tx, {
        subjectType: 'Role',
        subjectId: role.id,
        action: 'CREATE',
        before: null,
        after: { name, permissions },
      });
      return role;
    }),
  );
}

/** Throws what createRole throws, NOT_FOUND, and CONFLICT for another revision. */
export async function updateRole(
  db: AccountDatabase,
  viewer: Viewer,
  input: UpdateRoleInput,
  revert?: RevertWords,
): Promise<RoleRow> {
  return refusingTakenName(input.name ?? '', () =>
    db.transaction(async (tx) => {
      const held = await granterOf(tx, viewer, 'roles.manage');
      const role = await foundRole(tx, input.id);
      requireWholeAccount(held.scope, 'A role that members have');
      if (role.revision !== input.expectedRevision) throw otherRevision(role, input.expectedRevision);
      const name = input.name == null ? role.name : checkedName(input.name, ['input', 'name']);
      const path = ['input', 'permissions'];
      const asked = input.permissions == null ? null : checkedPermissions(input.permissions, path);
      const permissions = asked ?? role.permissions;
      refuseModulesOff(held.modules, addedPermissions(role.permissions, asked ?? []), path);
      const changed = changedPermissions(role.permissions, permissions);
      if (role.everyPermission && changed.length > 0) {
        throw badInput('This role holds every permission; there is none to add or take away.', {
          path: ['input', 'permissions'],
        });
      }
      refuseUnheld(held, { permissions: changed, everyPermission: role.everyPermission });
      const updated = await updateRoleRow(tx, { id: role.id, name, nameKey: textKey(name), permissions });
      const change = {
        subjectType: 'Role',
        subjectId: role.id,
        action: 'UPDATE',
        before: { name: role.name, permissions: role.permissions },
        after: { name, permissions },
      };
      await recordChange(tx, asRevert(change, revert));
      return updated;
    }),
  );
}

/**
 * Takes an edit back, under the rules of an edit: nobody gives or takes by it what they do not hold. Throws NOT_FOUND for an event of something else, BAD_USER_INPUT for what is no edit, CONFLICT with
 * the fields that were changed since, and what updateRole throws.
 */
export async function revertRoleChange(
  db: AccountDatabase,
  viewer: Viewer,
  eventId: string,
  reason: string | null,
): Promise<RoleRow> {
  const edit = await editToRevert(db, eventId, 'Role', ['name', 'permissions'], reason);
  return db.transaction(async (tx) => {
    const { id, revision, name, permissions } = await foundRole(tx, edit.subjectId);
    edit.requireUnchanged({ name, permissions });
    const fields = edit.fields as Pick<UpdateRoleInput, 'name' | 'permissions'>;
    return updateRole(tx, viewer, { ...fields, id, expectedRevision: revision }, edit.words);
  });
}

/** Takes it from everybody who had it. Throws NOT_FOUND, FORBIDDEN, and CONFLICT for another revision. */
export async function removeRole(
  db: AccountDatabase,
  viewer: Viewer,
  id: string,
  expectedRevision: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    const held = await granterOf(tx, viewer, 'roles.manage');
    const role = await foundRole(tx, id);
    requireWholeAccount(held.scope, 'A role that members have');
    if (role.revision !== expectedRevision) throw otherRevision(role, expectedRevision);
    if (role.everyPermission) {
      throw new ApiError('FORBIDDEN', 'The role that holds every permission cannot be removed.');
    }
    refuseUnheld(held, role);
    const members = await takeRoleFromAll(tx, id);
    await deleteRole(tx, id);
    await recordChanges(tx, [
      ...members.map(({ userId }) => ({
        subjectType: 'Membership',
        subjectId: userId,
        action: 'TAKE_ROLE',
        before: { roleId: id, role: role.name },
        after: null,
      })),
      {
        subjectType: 'Role',
        subjectId: id,
        action: 'DELETE',
        before: { name: role.name, permissions: role.permissions },
        after: null,
      },
    ]);
  });
}

/** Throws NOT_FOUND. */
export async function foundRole(tx: AccountTransaction, id: string): Promise<RoleRow> {
  const role = isId(id) ? await roleById(tx, id) : undefined;
  if (role) return role;
  throw notFound('Role', id);
}

function otherRevision(role: RoleRow, expectedRevision: number): ApiError {
  return conflict(`The role was changed meanwhile: it has the revision ${role.revision}.`, {
    expectedRevision,
    actualRevision: role.revision,
  });
}

async function refusingTakenName<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isViolation(error, 'role_name_key_key')) throw error;
    throw conflict(`The account has a role ${JSON.stringify(name)} already.`, { fields: ['name'] });
  }
}
