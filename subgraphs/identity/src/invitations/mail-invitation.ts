/**
 * The job that mails an invitation. The link is made when the mail is sent, so no job holds one.
 */
import type { Database } from '@iroko/database';
import { defineJob, type JobDefinition } from '@iroko/jobs';
import { MAIL_RETRIES, mailLanguage, type Post, renderMail } from '@iroko/mail';
import { z } from 'zod';
import type { MailLinks } from '../mail-links/mail-link';
import { personById } from '../people/own-person.sql';
import { invitationWords } from './invitation-words';
import { accountOfInvitation, invitationById, noteMailed } from './invitations.sql';

export interface InvitationMailServices {
  database: Database;
  post: Post;
  mailLinks: MailLinks;
}

const input = z.object({ invitationId: z.uuid() });

export const mailInvitation: JobDefinition<
  z.infer<typeof input>,
  { sent: boolean },
  InvitationMailServices
> = defineJob({
  name: 'identity.mailInvitation',
  input,
  retries: MAIL_RETRIES,
  handler: async (job, { invitationId }, { database, post, mailLinks }) => {
    const invitation = await invitationById(job.db, invitationId);
    const account = await accountOfInvitation(database.system, invitationId);
    if (invitation?.status !== 'OPEN' || !account) return { sent: false };
    const language = mailLanguage(invitation.language, account.language);
    const inviter = invitation.invitedBy && (await personById(database.system, invitation.invitedBy));
    const name = inviter ? `${inviter.firstName} ${inviter.lastName}`.trim() || inviter.email : '';
    const url = await mailLinks.make(database.system, 'ACCEPT_INVITATION', invitationId, language);
    const words = invitationWords(account.name, name, url);
    await post.deliver({ id: job.id, to: invitation.email, ...renderMail(words[language], language) });
    await job.complete(async (tx) => {
      await noteMailed(tx, invitationId);
      return { sent: true };
    });
    return { sent: true };
  },
});
