/**
 * Sending a mail to a person: a job, written in the transaction that is the reason for the mail, so that there is a
 * mail exactly when there is that reason. Address and language are looked up when it is sent; the job holds neither.
 *
 *   await sendMail(tx, { to: { userId }, words: releasedWords(version), idempotencyKey: `release ${version.id}` });
 *
 * `words` are written in all languages by a plain function beside whoever sends. They must hold no secret: jobs are
 * read by others. Mails with a link that proves something are identity's, which makes the link when it sends.
 */
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import { defineJob, enqueue, type JobDefinition } from '@iroko/jobs';
import { z } from 'zod';
import type { Post } from './post';
import { renderMail } from './render';
import { type MailLanguage, type MailWords, mailWords } from './words';

export interface MailRecipient {
  address: string;
  language: MailLanguage;
}

/** What sending needs of identity, which alone knows persons. */
export interface MailServices {
  post: Post;
  /** Undefined for somebody who is no member any more: they are told nothing of the account. */
  memberByMail(db: AccountDatabase, userId: string): Promise<MailRecipient | undefined>;
}

const input = z.object({ to: z.object({ userId: z.uuid() }), words: mailWords });

/** About an hour, further and further apart: a mail server that is restarted is back by then. */
export const MAIL_RETRIES = 10;

export const sendMailJob: JobDefinition<z.infer<typeof input>, { sent: boolean }, MailServices> = defineJob({
  name: 'mail.send',
  input,
  retries: MAIL_RETRIES,
  handler: async (job, { to, words }, { post, memberByMail }) => {
    const recipient = await memberByMail(job.db, to.userId);
    if (!recipient) {
      await job.log('WARNING', 'The person is no longer a member of this account; nothing was sent.');
      return { sent: false };
    }
    const { address, language } = recipient;
    await post.deliver({ id: job.id, to: address, ...renderMail(words[language], language) });
    return { sent: true };
  },
});

export interface MailToSend {
  /** A member of the account. */
  to: { userId: string };
  words: MailWords;
  /** Asking twice with one key sends one mail. Per account; 1 to 200 characters. */
  idempotencyKey?: string;
}

/** Returns the id of the job that sends it. Throws a ZodError for words that are too long or not of one line. */
export function sendMail(tx: AccountTransaction, { to, words, idempotencyKey }: MailToSend): Promise<string> {
  return enqueue(tx, sendMailJob, { to, words }, idempotencyKey === undefined ? {} : { idempotencyKey });
}
