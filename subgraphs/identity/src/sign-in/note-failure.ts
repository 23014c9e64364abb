/**
 * A failed sign-in stands in the log of the account where the person would have signed in. Whether there is such a
 * person is looked up after the answer, so that a wrong password takes no longer for a known address.
 *
 * What fails for an address that nobody has stands in no log: it is nobody's, whatever account was asked for, and the
 * log of an account must not be filled by whoever knows its name. What is refused while the address is locked out is
 * not told one by one either: the failure that locked it out says so.
 */
import { personal, recordChange } from '@iroko/changes';
import { type Database, newId } from '@iroko/database';
import { isLockedOut } from './attempts';
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
  // For nobody the same is read, and nothing found.
  const accounts = await accountsOfPerson(database.system, person?.active ? person.id : newId());
  const lockedOut = await isLockedOut(database, emailKey, source);
  // Naming an account that the person is not in hides no guess.
  const account = accounts.find((one) => one.slug === slug) ?? accounts[0];
  if (!person || !account) return;
  const db = database.forAccount({ accountId: account.accountId, requestId });
  await db.transaction((tx) =>
    recordChange(tx, {
      subjectType: 'User',
      subjectId: person.id,
      action: 'SIGN_IN_FAILED',
      before: null,
      after: { source: personal(source || null, person.id), lockedOut, passwordWasRight: false },
    }),
  );
}
