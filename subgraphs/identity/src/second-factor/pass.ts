/**
 * The second factor at the sign-in. It is looked for only after the right password, so that nobody else learns
 * whether there is one; a wrong code counts like a wrong password.
 */
import { personal, recordChange } from '@iroko/changes';
import type { Database, SystemTransaction } from '@iroko/database';
import { unauthenticated } from '@iroko/errors';
import type { Seal } from '@iroko/secrets';
import { closeAttempt } from '../sign-in/attempts.sql';
import { accountsOfPerson } from '../sign-in/sign-in.sql';
import type { RequestOrigin } from '../sign-in/source';
import { useCode } from './codes';
import { activeFactor } from './second-factor.sql';

export interface SecondFactorPass {
  attemptId: string;
  userId: string;
  code?: string | null;
  /** The slug of the account that was asked for. */
  account?: string | null;
}

/** Throws UNAUTHENTICATED, and closes the attempt then, when there is a factor and the code is missing or wrong. */
export async function passSecondFactor(
  { database, secondFactorSeal }: { database: Database; secondFactorSeal: Seal },
  pass: SecondFactorPass,
  from: RequestOrigin,
): Promise<void> {
  if (!(await activeFactor(database.system, pass.userId))) return;
  const { code } = pass;
  if (code == null || code.trim() === '') {
    // No guess was made, so it counts for nothing; but no success either, which would make the source known.
    await closeAttempt(database.system, pass.attemptId, 'REFUSED');
    throw unauthenticated(
      'Send the code of your app, or a recovery code, along with the password.',
      'second_factor_required',
    );
  }
  const used = await database.system.transaction(async (tx) => {
    const kind = await useCode(tx, secondFactorSeal, pass.userId, code);
    if (kind === undefined) await closeAttempt(tx, pass.attemptId, 'FAILED');
    if (kind === undefined) await note(tx, pass, 'SECOND_FACTOR_FAILED', from);
    if (kind === 'RECOVERY') await note(tx, pass, 'USE_RECOVERY_CODE', from);
    return kind;
  });
  if (used === undefined) {
    throw unauthenticated('The code is wrong or was used before.', 'second_factor_wrong');
  }
}

/** In the log of the account where the person signs in, or would have. */
async function note(
  tx: SystemTransaction,
  { userId, account: slug }: SecondFactorPass,
  action: 'SECOND_FACTOR_FAILED' | 'USE_RECOVERY_CODE',
  { source, requestId }: RequestOrigin,
): Promise<void> {
  const accounts = await accountsOfPerson(tx, userId);
  const account = accounts.find((one) => one.slug === slug) ?? accounts[0];
  if (!account) return;
  await recordChange(tx.accountTransaction({ accountId: account.accountId, requestId }), {
    subjectType: 'User',
    subjectId: userId,
    action,
    before: null,
    after: { source: personal(source || null, userId) },
  });
}
