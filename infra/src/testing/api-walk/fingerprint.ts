/**
 * A fingerprint of everything an account owns, to see that nobody else changed it.
 */
import type { Database } from '@iroko/database';
import { accountTables, fingerprintOf } from './fingerprint.sql';

/** Times of use change by asking, which is allowed. */
const OF_NO_ACCOUNT = 'last_used_at';

export async function accountFingerprint(
  database: Database,
  accountId: string,
): Promise<Record<string, string>> {
  const tables = await accountTables(database.system);
  const entries = await Promise.all(
    tables.map(async ({ schema, name }) => {
      const { digest } = await fingerprintOf(database.system, schema, name, accountId, OF_NO_ACCOUNT);
      return [`${schema}.${name}`, digest] as const;
    }),
  );
  return Object.fromEntries(entries);
}
