/**
 * Where mails go while no mail server is set. Nobody reads it over the API: it holds links that prove things, so it
 * is for the operator alone, on the machine (`npm run iroko -- mail`).
 */
import type { Database } from '@iroko/database';
import type { OutgoingMail, Post } from '@iroko/mail';
import { deleteOldMails, type KeptMail, mailboxMails, putIntoMailbox } from './mailbox.sql';

export type { KeptMail } from './mailbox.sql';

export class Mailbox implements Post {
  constructor(private readonly database: Database) {}

  async deliver(mail: OutgoingMail): Promise<void> {
    await putIntoMailbox(this.database.system, mail);
    await deleteOldMails(this.database.system);
  }

  close(): void {}
}

/** The mails of the mailbox, the newest first; `to` narrows them to one address, whatever its case. */
export function readMailbox(
  database: Database,
  { to, limit }: { to?: string | undefined; limit: number },
): Promise<KeptMail[]> {
  return mailboxMails(database.system, to ?? null, limit);
}
