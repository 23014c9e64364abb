import { createSqlTag } from '../statement';
import { publicStatement } from './public-statement';

const sql = createSqlTag();

it('an anonymous statement reads the public rows of a table, its values untouched', () => {
  const statement = publicStatement(sql`
    SELECT s.name, s.updated_at FROM georegistry.org_unit_state s
    JOIN georegistry."group" g ON g.account_id = ${'a'} WHERE s.name = ${"x' FROM identity.user"}`);
  expect(statement.text).toContain('FROM georegistry.public_org_unit_state s');
  expect(statement.text).toContain('JOIN georegistry.public_group g ON g.account_id = $1');
  expect(statement.values).toEqual(['a', "x' FROM identity.user"]);
});

it('an anonymous statement calls functions that read nothing, and those that read public rows', () => {
  const { text } = publicStatement(sql`
    SELECT georegistry.number_of(w.found_word) FROM georegistry.similar_words(${'a'}, ${['s']}, ${['w']}) w`);
  expect(text).toContain('georegistry.number_of(');
  expect(text).toContain('FROM georegistry.public_similar_words(');
});

it.each([
  ['a table without public rows', sql`SELECT * FROM identity.account a`],
  ['such a table, quoted', sql`SELECT * FROM identity."user" u`],
  ['such a table, in other capitals and apart', sql`SELECT * FROM Identity . account`],
  ['such a table in a subquery', sql`SELECT (SELECT 1 FROM platform.file f) FROM georegistry.shape h`],
  ['a contract view', sql`SELECT * FROM georegistry.current_org_unit`],
  ['the catalogue', sql`SELECT * FROM pg_catalog.pg_class`],
  ['an insert', sql`INSERT INTO georegistry.shape VALUES (1)`],
  ['a write in a WITH', sql`WITH x AS (DELETE FROM georegistry.shape RETURNING 1) SELECT * FROM x`],
  ['a lock', sql`SELECT 1 FROM georegistry.data_source d FOR NO KEY UPDATE`],
  ['a function of the server', sql`SELECT pg_read_file('/etc/passwd')`],
  ['a function of ours', sql`SELECT platform.uuid_v7()`],
])('%s is refused as to nobody', (_, statement) => {
  expect(() => publicStatement(statement)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
});
