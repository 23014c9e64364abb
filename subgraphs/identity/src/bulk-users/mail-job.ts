/**
 * Mails the invitations of one batch of a file, one after the other: a job per batch and not per row. One that was
 * mailed before the job was stopped is not mailed again.
 */
import { defineJob, type JobDefinition } from '@iroko/jobs';
import { MAIL_RETRIES, mailLanguage, renderMail } from '@iroko/mail';
import { z } from 'zod';
import { invitationWords } from '../invitations/invitation-words';
import { accountOfInvitation, invitationById, noteMailed } from '../invitations/invitations.sql';
import type { InvitationMailServices } from '../invitations/mail-invitation';
import { personById } from '../people/own-person.sql';

const input = z.object({ invitationIds: z.array(z.uuid()).min(1).max(1000) });

export const mailInvitations: JobDefinition<
  z.infer<typeof input>,
  { sent: number },
  InvitationMailServices
> = defineJob({
  name: 'identity.mailInvitations',
  input,
  retries: MAIL_RETRIES,
  handler: async (job, { invitationIds }, { database, post, mailLinks }) => {
    let sent = 0;
    for (const id of invitationIds) {
      job.throwIfStopped();
      const invitation = await invitationById(job.db, id);
      const account = await accountOfInvitation(database.system, id);
      if (invitation?.status !== 'OPEN' || invitation.mailedAt !== null || !account) continue;
      const language = mailLanguage(invitation.language, account.language);
      const inviter = invitation.invitedBy && (await personById(database.system, invitation.invitedBy));
      const name = inviter ? `${inviter.firstName} ${inviter.lastName}`.trim() || inviter.email : '';
      const url = await mailLinks.make(database.system, 'ACCEPT_INVITATION', id, language);
      const mail = renderMail(invitationWords(account.name, name, url)[language], language);
      await post.deliver({ id, to: invitation.email, ...mail });
      await job.commit((tx) => noteMailed(tx, id));
      await job.progress(++sent, invitationIds.length, 'mails');
    }
    return { sent };
  },
});
