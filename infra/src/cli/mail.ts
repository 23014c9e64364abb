/**
 * `npm run iroko -- mail`: the mails that were kept because no mail server is set. They hold links that prove things,
 * so they are read on the machine of the database and never over the API.
 */
import { Database } from '@iroko/database';
import { type KeptMail, readMailbox } from '@iroko/identity';
import { readSettings } from '@iroko/settings';
import { reachDatabase } from '../stack/reach-database';
import type { MailCommand } from './arguments';

export async function readMails(
  env: NodeJS.ProcessEnv,
  { to, limit }: Pick<MailCommand, 'to' | 'limit'>,
): Promise<KeptMail[]> {
  const reached = await reachDatabase(readSettings(env));
  const database = new Database({ url: reached.url, name: 'mail' });
  try {
    return await readMailbox(database, { to, limit });
  } finally {
    await database.close();
    await reached.stop();
  }
}

export function mailLines(mails: readonly KeptMail[]): string[] {
  if (mails.length === 0) return ['There are no mails.'];
  return mails.flatMap(({ to, subject, text, at }) => [
    `To ${to}, ${at.toISOString()}`,
    subject,
    '',
    ...text.trimEnd().split('\n'),
    '',
    '-'.repeat(60),
  ]);
}
