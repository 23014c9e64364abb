/**
 * A forgotten password: a mail with a link, and a new password for whoever follows it.
 *
 * The answer to the first request is the same for every address, and so is the work before it. The second ends every
 * session: one of them may be why the password is changed. It signs nobody in, so a second factor stays one.
 */
import { recordChange, secret } from '@iroko/changes';
import type { Database, SystemTransaction } from '@iroko/database';
import { ApiError } from '@iroko/errors';
import { mailLanguage, type Post, renderMail } from '@iroko/mail';
import { checkedEmail } from '../accounts/account-form';
import { goodLink, type MailLinks, useLink } from '../mail-links/mail-link';
import type { Passwords } from '../passwords/passwords';
import { checkedNewPassword } from '../passwords/strength';
import { endSessionsEverywhere } from '../people/end-sessions';
import { personById } from '../people/own-person.sql';
import { knownSource } from '../sign-in/known-source';
import type { RequestOrigin } from '../sign-in/source';
import { askForMail } from '../unproven/ask-unproven';
import { accountsToTell, activePersonByEmail, setPassword } from './password-reset.sql';
import { resetWords } from './reset-words';

/** Throws BAD_USER_INPUT for what is no address, and RATE_LIMITED. */
export async function requestPasswordReset(
  database: Database,
  email: string,
  from: RequestOrigin,
): Promise<void> {
  const { key } = checkedEmail(email, ['email']);
  await database.system.transaction((tx) =>
    askForMail(tx, { kind: 'RESET_PASSWORD', addressKey: key, details: { emailKey: key } }, from),
  );
}

/** Sends the link to the person of the address, if there is one. */
export async function mailPasswordReset(
  { database, post, mailLinks }: { database: Database; post: Post; mailLinks: MailLinks },
  id: string,
  emailKey: string,
): Promise<void> {
  const person = await activePersonByEmail(database.system, emailKey);
  if (!person) return;
  const language = mailLanguage(person.language, person.accountLanguage);
  const url = await mailLinks.make(database.system, 'RESET_PASSWORD', person.id, language);
  await post.deliver({ id, to: person.email, ...renderMail(resetWords(url)[language], language) });
}

/** Throws BAD_USER_INPUT for a link that is not good and for a weak password. */
export async function resetPassword(
  { database, passwords }: { database: Database; passwords: Passwords },
  { token, newPassword }: { token: string; newPassword: string },
  from: RequestOrigin,
): Promise<void> {
  const link = await goodLink(database.system, ['RESET_PASSWORD'], token);
  const userId = link.subjectId;
  const { email, emailKey, firstName, lastName } = await personById(database.system, userId);
  checkedNewPassword(newPassword, [email, firstName, lastName], ['newPassword']);
  const hash = await passwords.hash(newPassword);
  await database.system.transaction(async (tx) => {
    await useLink(tx, link);
    if ((await setPassword(tx, userId, hash)) === 0) {
      throw new ApiError('FORBIDDEN', 'This person was deactivated.');
    }
    await tellAccounts(tx, userId, 'RESET_PASSWORD', from.requestId);
    await endSessionsEverywhere(tx, { userId, requestId: from.requestId }, 'REVOKED');
    await knownSource(tx, emailKey, from.source);
  });
}

async function tellAccounts(
  tx: SystemTransaction,
  userId: string,
  action: string,
  requestId: string,
): Promise<void> {
  for (const { accountId } of await accountsToTell(tx, userId)) {
    await recordChange(tx.accountTransaction({ accountId, userId, requestId }), {
      subjectType: 'User',
      subjectId: userId,
      action,
      before: { password: secret },
      after: { password: secret },
    });
  }
}
