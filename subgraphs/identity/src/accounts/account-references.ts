/**
 * An account by its id, for other subgraphs. A viewer reaches their own; every other one does not exist.
 */
import type { Reference } from '@iroko/graph';
import type { IdentityContext } from '../context';
import type { AccountType } from './account-type';
import { ownAccount } from './accounts.sql';

export async function accountReferences(
  context: IdentityContext,
  references: readonly Reference[],
): Promise<(AccountType | null)[]> {
  const own = context.viewer.accountId;
  if (own === null || !references.some(({ id }) => id === own)) return references.map(() => null);
  const account = await ownAccount(context.db);
  return references.map(({ id }) => (id === own ? account : null));
}
