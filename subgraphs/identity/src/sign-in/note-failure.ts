/**
 * A failed sign-in stands in the log of the account where the person would have signed in. Whether there is such a
 * person is looked up after the answer, so that a wrong password takes no longer for a known address.
 */
import { personal, recordChange } from '@iroko/changes';
import type { Database } from '@iroko/database';
import { accountsOfPerson, personByEmail } from './sign-in.sql';

export interface FailedSignIn {
  emailKey: string;
  /** The account that was asked for. */
  slug: string | null;
}

export async function noteFailedSignIn(
  database: Database,
  { emailKey, slug }: FailedSignIn,
  { source, requestId }: { source: string; requestId: string },
): Promise<void> {
  const person = await personByEmail(database.system, emailKey);
  if (!person?.active) return;
  const accounts = await accountsOfPerson(database.system, person.id);
  const account = slug === null ? accounts[0] : accounts.find((one) => one.slug === slug);
  if (!account) return;
  const db = database.forAccount({ accountId: account.accountId, requestId });
  await db.transaction((tx) =>
    recordChange(tx, {
      subjectType: 'User',
      subjectId: person.id,
      action: 'SIGN_IN_FAILED',
      before: null,
      after: { source: personal(source === '' ? null : source, person.id) },
    }),
  );
}
