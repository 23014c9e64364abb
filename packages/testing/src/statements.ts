/** Counts what reaches the database: a list of fifty must not cost fifty statements. */
import type { Database } from '@iroko/database';

type Query = (statement: string | { text: string }, ...rest: unknown[]) => unknown;

/** The texts of the statements from now on that match, in a list that grows. */
export function statementsMatching(database: Database, pattern: RegExp): string[] {
  const seen: string[] = [];
  const watched = new WeakSet<object>();
  database.pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const query = client.query.bind(client) as Query;
    Object.assign(client, {
      query: ((statement, ...rest) => {
        // One that connections keep prepared comes with its name.
        const text = typeof statement === 'string' ? statement : statement.text;
        if (pattern.test(text)) seen.push(text);
        return query(statement, ...rest);
      }) satisfies Query,
    });
  });
  return seen;
}
