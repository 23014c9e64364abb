/**
 * Whose people may join an account by themselves.
 */
import { recordChange } from '@iroko/changes';
import type { AccountDatabase } from '@iroko/database';
import { mailDomains, writeMailDomains } from './allowed-mail-domains.sql';
import { checkedMailDomains } from './mail-domains';

export async function allowedMailDomains(db: AccountDatabase): Promise<string[]> {
  return (await mailDomains(db)).domains;
}

/** Throws BAD_USER_INPUT. */
export async function allowMailDomains(db: AccountDatabase, given: readonly string[]): Promise<void> {
  const domains = checkedMailDomains(given, ['domains']);
  await db.transaction(async (tx) => {
    const before = await mailDomains(tx);
    if (before.domains.join() === domains.join()) return;
    await writeMailDomains(tx, domains);
    await recordChange(tx, {
      subjectType: 'Account',
      subjectId: tx.account,
      action: 'UPDATE',
      before: { allowedMailDomains: before.domains },
      after: { allowedMailDomains: domains },
    });
  });
}
