/**
 * The job that mails the link of a change of address: one for each of the two.
 */
import type { Database } from '@iroko/database';
import { defineJob, type JobDefinition } from '@iroko/jobs';
import { MAIL_RETRIES, mailLanguage, type Post, renderMail } from '@iroko/mail';
import { z } from 'zod';
import type { MailLinks } from '../mail-links/mail-link';
import { personById } from '../people/own-person.sql';
import { emailChangeById } from './email-change.sql';
import { newAddressWords, oldAddressWords } from './email-change-words';

const input = z.object({ emailChangeId: z.uuid(), to: z.enum(['OLD', 'NEW']) });

export const mailEmailChange: JobDefinition<
  z.infer<typeof input>,
  { sent: boolean },
  { database: Database; post: Post; mailLinks: MailLinks }
> = defineJob({
  name: 'identity.mailEmailChange',
  input,
  retries: MAIL_RETRIES,
  handler: async (job, { emailChangeId, to }, { database, post, mailLinks }) => {
    const change = await emailChangeById(database.system, emailChangeId);
    if (!change || change.ended) return { sent: false };
    const person = await personById(database.system, change.userId);
    const language = mailLanguage(person.language);
    const purpose = to === 'OLD' ? 'CONFIRM_OLD_ADDRESS' : 'CONFIRM_NEW_ADDRESS';
    const url = await mailLinks.make(database.system, purpose, change.id, language);
    const words = to === 'OLD' ? oldAddressWords(change.newEmail, url) : newAddressWords(url);
    const address = to === 'OLD' ? person.email : change.newEmail;
    await post.deliver({ id: job.id, to: address, ...renderMail(words[language], language) });
    return { sent: true };
  },
});
