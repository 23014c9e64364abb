/** The words of names that look like those sought. */
import type { AccountDatabase } from '@iroko/database';

export const similarWords = (db: AccountDatabase, sources: readonly string[], words: readonly string[]) =>
  db.rows<{ sought: string; found: string }>(db.sql`
    SELECT x.sought_word AS sought, x.found_word AS found
    FROM georegistry.similar_words(${db.account}::uuid, ${sources}::uuid[], ${words}::text[]) x`);
