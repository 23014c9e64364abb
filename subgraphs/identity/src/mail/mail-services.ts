/**
 * What the job that sends mails is given: a way out, and whom it is sent to.
 */
import type { Database } from '@iroko/database';
import { type MailServices, mailLanguage, type Post, SmtpPost } from '@iroko/mail';
import type { Settings } from '@iroko/settings';
import { Mailbox } from './mailbox';
import { memberAddress } from './member-by-mail.sql';

/** The mail server of the settings; without one the mailbox. */
export function openPost(
  { smtpUrl, mailFrom }: Pick<Settings, 'smtpUrl' | 'mailFrom'>,
  database: Database,
): Post {
  return smtpUrl === undefined ? new Mailbox(database) : new SmtpPost({ url: smtpUrl, from: mailFrom });
}

export function mailServices(post: Post): MailServices {
  return {
    post,
    memberByMail: async (db, userId) => {
      const member = await memberAddress(db, userId);
      return (
        member && {
          address: member.address,
          language: mailLanguage(member.language, member.accountLanguage),
        }
      );
    },
  };
}
