/**
 * Inviting somebody, inviting them again, and taking it back.
 */
import { personal, recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, isViolation, newId } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import { enqueue } from '@iroko/jobs';
import type { Viewer } from '@iroko/viewer';
import { checkedEmail, checkedLanguage } from '../accounts/account-form';
import { granterOf } from '../roles/granter';
import { rolesByIds } from '../roles/roles.sql';
import { givenScope, refuseBeyond } from '../scope/member-scope';
import { TeamPeople } from '../teams/team-people';
import type { EmailAddress } from '../users/email';
import type { InviteUserInput } from './invitation-type';
import {
  endExpired,
  extendInvitation,
  type InvitationRow,
  insertInvitation,
  lockInvitation,
  memberWithAddress,
  revokeInvitationRow,
} from './invitations.sql';
import { mailInvitation } from './mail-invitation';
import { checkedPresetIds, type Preset, presetOf, refuseBeyondInviter } from './preset';

/** Throws BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, and CONFLICT for a member and for an address with an open one. */
export async function inviteUser(
  db: AccountDatabase,
  viewer: Viewer,
  input: InviteUserInput,
): Promise<InvitationRow> {
  const email = checkedEmail(input.email, ['input', 'email']);
  const language = input.language == null ? null : checkedLanguage(input.language, ['input', 'language']);
  return db.transaction(async (tx) => {
    const held = await granterOf(tx, viewer, 'users.manage');
    const scope = await givenScope(tx, held.scope, input.scope ?? {}, ['input', 'scope']);
    const roleIds = checkedPresetIds(input.roleIds ?? [], 'roleIds');
    const teamIds = checkedPresetIds(input.teamIds ?? [], 'teamIds');
    const preset = { permissions: [], roleIds, teamIds, ...scope };
    await refuseBeyondInviter(tx, held, preset);
    await TeamPeople.of(tx, teamIds);
    return writeInvitation(tx, { email, language, ...preset }, viewer.userId);
  });
}

export interface NewInvitation extends Preset {
  email: EmailAddress;
  language: string | null;
}

/**
 * Writes an invitation and has it mailed; what it gives was checked before. `invitedBy` is null for an operator.
 * Throws CONFLICT for a member and for an address with an open one.
 */
export async function writeInvitation(
  tx: AccountTransaction,
  { email, ...preset }: NewInvitation,
  invitedBy: string | null,
): Promise<InvitationRow> {
  if (await memberWithAddress(tx, email.key)) {
    throw conflict(`${email.address} is a member of this account already.`, { fields: ['email'] });
  }
  await endExpired(tx, email.key);
  const id = newId();
  try {
    await tx.transaction((inner) =>
      insertInvitation(inner, { id, email: email.address, emailKey: email.key, ...preset, invitedBy }),
    );
  } catch (error) {
    if (!isViolation(error, 'invitation_open_key')) throw error;
    throw conflict(`${email.address} is invited already: send that invitation again, or revoke it first.`, {
      fields: ['email'],
    });
  }
  await enqueue(tx, mailInvitation, { invitationId: id });
  await record(tx, id, 'CREATE', { email: personal(email.address), ...preset });
  return found(tx, id);
}

/** Sends a new link, good for another 14 days; earlier ones stay good. Throws NOT_FOUND, FORBIDDEN, CONFLICT. */
export async function resendInvitation(
  db: AccountDatabase,
  viewer: Viewer,
  id: string,
): Promise<InvitationRow> {
  return db.transaction(async (tx) => {
    const held = await granterOf(tx, viewer, 'users.manage');
    // It is as if they made it now, so they must be able to. Roles that are gone by now are given to nobody.
    const preset = presetOf(await unfinished(tx, id));
    const roleIds = (await rolesByIds(tx, preset.roleIds)).map((role) => role.id);
    await refuseBeyondInviter(tx, held, { ...preset, roleIds });
    await extendInvitation(tx, id, viewer.userId);
    await enqueue(tx, mailInvitation, { invitationId: id });
    await record(tx, id, 'RESEND', null);
    return found(tx, id);
  });
}

/** Revoking twice is no error. Throws NOT_FOUND, and CONFLICT for one that was accepted. */
export async function revokeInvitation(
  db: AccountDatabase,
  viewer: Viewer,
  id: string,
): Promise<InvitationRow> {
  return db.transaction(async (tx) => {
    const held = await granterOf(tx, viewer, 'users.manage');
    const row = await found(tx, id);
    await refuseBeyond(tx, held.scope, row);
    if (row.status === 'REVOKED') return row;
    await unfinished(tx, id);
    await revokeInvitationRow(tx, id);
    await record(tx, id, 'REVOKE', null);
    return found(tx, id);
  });
}

async function found(tx: AccountTransaction, id: string): Promise<InvitationRow> {
  const row = isId(id) ? await lockInvitation(tx, id) : undefined;
  if (row) return row;
  throw notFound('Invitation', id);
}

async function unfinished(tx: AccountTransaction, id: string): Promise<InvitationRow> {
  const row = await found(tx, id);
  if (row.status === 'OPEN' || row.status === 'EXPIRED') return row;
  throw conflict(`This invitation was ${row.status === 'ACCEPTED' ? 'accepted' : 'revoked'} already.`, {
    fields: ['status'],
  });
}

function record(
  tx: AccountTransaction,
  id: string,
  action: string,
  after: Record<string, unknown> | null,
): Promise<string> {
  return recordChange(tx, { subjectType: 'Invitation', subjectId: id, action, before: null, after });
}
