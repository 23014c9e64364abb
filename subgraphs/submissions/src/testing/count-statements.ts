/** Counts what reaches the database: a list of fifty must not cost fifty statements. */
import type { Database } from '@iroko/database';

type Query = (text: unknown, ...rest: unknown[]) => unknown;

/** The texts of the statements from now on that match, in a list that grows. */
export function statementsMatching(database: Database, pattern: RegExp): string[] {
  const seen: string[] = [];
  const patched = new WeakSet<object>();
  database.pool.on('acquire', (client) => {
    if (patched.has(client)) return;
    patched.add(client);
    const query = client.query.bind(client) as Query;
    Object.assign(client, {
      query: ((text, ...rest) => {
        if (typeof text === 'string' && pattern.test(text)) seen.push(text);
        return query(text, ...rest);
      }) satisfies Query,
    });
  });
  return seen;
}
