/**
 * Another address for a person: asked for with the password, and changed when the mails to both addresses were
 * answered. Neither a stolen session nor a stolen password is enough to take somebody's user away.
 */
import { personal, recordChange } from '@iroko/changes';
import { type Database, isViolation, newId, type SystemTransaction } from '@iroko/database';
import { badInput, conflict } from '@iroko/errors';
import { enqueue } from '@iroko/jobs';
import type { Viewer } from '@iroko/viewer';
import { checkedEmail } from '../accounts/account-form';
import { goodLink, refusedLink, useLink } from '../mail-links/mail-link';
import { spendLinksOf } from '../mail-links/mail-links.sql';
import { accountsToTell } from '../password-reset/password-reset.sql';
import { lockPerson, type OwnPersonRow, personById } from '../people/own-person.sql';
import { signedInPerson } from '../people/signed-in';
import { type ProvingServices, proveOneself } from '../second-factor/prove-oneself';
import { knownSource } from '../sign-in/known-source';
import type { RequestOrigin } from '../sign-in/source';
import {
  confirmEmailChangeRow,
  type EmailChangeRow,
  emailChangeById,
  endEmailChange,
  endEmailChanges,
  insertEmailChange,
  writeEmail,
} from './email-change.sql';
import { mailEmailChange } from './mail-email-change';

const PATHS = { password: ['currentPassword'], code: ['code'] };

export interface EmailChangeState {
  oldConfirmed: boolean;
  newConfirmed: boolean;
  done: boolean;
}

/**
 * Mails a link to both addresses, also when the new one has a user: then the change is refused at the end, to whoever
 * reads its mails. Throws BAD_USER_INPUT (no address, the present one, wrong password or code), FORBIDDEN for an API token,
 * RATE_LIMITED.
 */
export async function requestEmailChange(
  services: ProvingServices,
  viewer: Viewer,
  { newEmail, currentPassword, code }: { newEmail: string; currentPassword: string; code: string | null },
  from: RequestOrigin,
): Promise<EmailChangeState> {
  const { database } = services;
  const own = signedInPerson(viewer);
  const { userId, accountId } = own;
  const email = checkedEmail(newEmail, ['newEmail']);
  const person = await personById(database.system, userId);
  if (email.address === person.email) {
    throw badInput('This is your address already.', { path: ['newEmail'] });
  }
  await proveOneself(services, { own, person }, { password: currentPassword, code }, PATHS, from);
  const id = newId();
  await database.system.transaction(async (tx) => {
    await endEmailChanges(tx, userId);
    await insertEmailChange(tx, { id, userId, newEmail: email.address, newEmailKey: email.key });
    const inside = tx.accountTransaction({ accountId, userId, requestId: from.requestId });
    await enqueue(inside, mailEmailChange, { emailChangeId: id, to: 'OLD' });
    await enqueue(inside, mailEmailChange, { emailChangeId: id, to: 'NEW' });
    await recordChange(inside, {
      subjectType: 'User',
      subjectId: userId,
      action: 'REQUEST_EMAIL_CHANGE',
      before: { email: personal(person.email, userId) },
      after: { email: personal(email.address, userId) },
    });
  });
  return { oldConfirmed: false, newConfirmed: false, done: false };
}

/** Throws BAD_USER_INPUT for a link that is not good, and CONFLICT when the new address has another person. */
export async function confirmEmailChange(
  database: Database,
  token: string,
  from: RequestOrigin,
): Promise<EmailChangeState> {
  const link = await goodLink(database.system, ['CONFIRM_OLD_ADDRESS', 'CONFIRM_NEW_ADDRESS'], token);
  const known = await emailChangeById(database.system, link.subjectId);
  if (!known || known.ended)
    throw refusedLink('expired', 'This change of address is over. Ask for it again.');
  try {
    return await database.system.transaction(async (tx) => {
      // The person first, and so both answers one after the other: the second sees the first.
      const person = await lockPerson(tx, known.userId);
      await useLink(tx, link);
      const change = await confirmEmailChangeRow(
        tx,
        link.subjectId,
        link.purpose === 'CONFIRM_OLD_ADDRESS' ? 'OLD' : 'NEW',
      );
      if (change.ended) throw refusedLink('expired', 'This change of address is over. Ask for it again.');
      const { oldConfirmed, newConfirmed } = change;
      const done = oldConfirmed && newConfirmed;
      if (done) await apply(tx, person, change, from);
      return { oldConfirmed, newConfirmed, done };
    });
  } catch (error) {
    if (!isViolation(error, 'user_email_key_key')) throw error;
    throw conflict('Another user has the new address.', { fields: ['email'] });
  }
}

async function apply(
  tx: SystemTransaction,
  person: OwnPersonRow,
  change: EmailChangeRow,
  { source, requestId }: RequestOrigin,
): Promise<void> {
  await writeEmail(tx, person.id, change.newEmail, change.newEmailKey);
  await endEmailChange(tx, change.id);
  // Links to the old address would still open the user.
  await spendLinksOf(tx, person.id, ['RESET_PASSWORD']);
  await knownSource(tx, change.newEmailKey, source);
  for (const { accountId } of await accountsToTell(tx, person.id)) {
    await recordChange(tx.accountTransaction({ accountId, userId: person.id, requestId }), {
      subjectType: 'User',
      subjectId: person.id,
      action: 'CHANGE_EMAIL',
      before: { email: personal(person.email, person.id) },
      after: { email: personal(change.newEmail, person.id) },
    });
  }
}
