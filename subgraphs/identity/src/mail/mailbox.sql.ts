/**
 * The mailbox. Mails are to persons, who belong to no account.
 */
import type { SystemDatabase } from '@iroko/database';
import type { OutgoingMail } from '@iroko/mail';

/** How long a mail is kept, and how many. */
const KEPT_DAYS = 30;
const KEPT_MAILS = 1000;

/** A mail that is there already stays as it is. */
export const putIntoMailbox = (db: SystemDatabase, mail: OutgoingMail) =>
  db.execute(db.sql`
    INSERT INTO identity.mailbox_mail (id, to_address, subject, text_body, html_body)
    VALUES (${mail.id}, ${mail.to}, ${mail.subject}, ${mail.text}, ${mail.html})
    ON CONFLICT (id) DO NOTHING`);

export const deleteOldMails = (db: SystemDatabase) =>
  db.execute(db.sql`
    DELETE FROM identity.mailbox_mail
    WHERE at < now() - make_interval(days => ${KEPT_DAYS})
       OR id IN (SELECT m.id FROM identity.mailbox_mail m ORDER BY m.at DESC, m.id DESC OFFSET ${KEPT_MAILS})`);

export interface KeptMail {
  id: string;
  to: string;
  subject: string;
  text: string;
  at: Date;
}

/** The newest first. */
export const mailboxMails = (db: SystemDatabase, to: string | null, limit: number) =>
  db.rows<KeptMail>(db.sql`
    SELECT m.id, m.to_address AS "to", m.subject, m.text_body AS text, m.at
    FROM identity.mailbox_mail m
    WHERE ${to}::text IS NULL OR lower(m.to_address) = lower(${to}::text)
    ORDER BY m.at DESC, m.id DESC
    LIMIT ${limit}`);
