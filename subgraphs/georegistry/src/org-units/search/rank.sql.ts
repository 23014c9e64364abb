/**
 * How well a unit fits a search. The rank is made of whole numbers from the unit's own keys and the words that were
 * looked up before, so that it is the same on every page: spelling weighs most, then where the text stands.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import { textKey } from '@iroko/text';
import { likeText } from './like-text';
import type { SoughtWord } from './words';

export interface Search {
  text: string;
  words: SoughtWord[];
}

/** Greater than any rank of a unit that fits: eight words, each spelt otherwise. */
const WORST = 1000;

const within = ({ sql }: AccountDatabase, words: readonly string[]): Statement =>
  sql.join(
    words.map((word) => sql`s.search_key LIKE ${`%${likeText(word)}%`}`),
    ' OR ',
    'false',
  );

/** Whether every word of the search, or a spelling of it, is in the unit's search key. */
export const fitsSearch = (db: AccountDatabase, { words }: Search): Statement =>
  db.sql.join(
    words.map(({ word, near, far }) => db.sql`(${within(db, [word, ...near, ...far])})`),
    ' AND ',
    'true',
  );

/** The best rank among the searches: 0 is a unit of that very name. */
export function rankOf(db: AccountDatabase, searches: readonly Search[]): Statement {
  const { sql } = db;
  if (searches.length === 0) return sql`0::integer`;
  return sql`least(${sql.join(
    searches.map((search) => rankOfOne(db, search)),
    ', ',
  )})`;
}

function rankOfOne(db: AccountDatabase, { text, words }: Search): Statement {
  const { sql } = db;
  const key = likeText(textKey(text.replaceAll('\0', '')));
  const place = sql`CASE WHEN s.name_key = ${textKey(text.replaceAll('\0', ''))} THEN 0
    WHEN s.name_key LIKE ${`${key}%`} THEN 1
    WHEN s.name_key LIKE ${`% ${key}%`} THEN 2
    WHEN s.name_key LIKE ${`%${key}%`} THEN 3
    WHEN s.search_key LIKE ${`%${key}%`} THEN 4 ELSE 5 END`;
  const spelling = words.map(
    ({ word, near, far }) => sql`CASE WHEN ${within(db, [word])} THEN 0
      WHEN ${within(db, near)} THEN 10 WHEN ${within(db, far)} THEN 20 ELSE ${WORST}::integer END`,
  );
  return sql`least(${WORST}::integer, ${sql.join([place, ...spelling], ' + ')})`;
}
