import { createSqlTag } from './statement';

const sql = createSqlTag();

describe('a statement', () => {
  it('keeps values out of its text', () => {
    const statement = sql`SELECT ${"'; DROP TABLE x"} AS a, ${1} AS b`;
    expect(statement.text).toBe('SELECT $1 AS a, $2 AS b');
    expect(statement.values).toEqual(["'; DROP TABLE x", 1]);
  });

  it('takes other statements in and numbers their values anew', () => {
    const filter = sql`u.name = ${'a'} AND u.code = ${'b'}`;
    const statement = sql`SELECT ${0} WHERE ${filter} LIMIT ${5}`;
    expect(statement.text).toBe('SELECT $1 WHERE u.name = $2 AND u.code = $3 LIMIT $4');
    expect(statement.values).toEqual([0, 'a', 'b', 5]);
  });

  it('joins parts, and says something for none', () => {
    const statement = sql`WHERE ${sql.join([sql`a = ${1}`, sql`b = ${2}`], ' AND ')}`;
    expect(statement.text).toBe('WHERE a = $1 AND b = $2');
    expect(sql.join([], ' AND ', 'true').text).toBe('true');
  });

  it('is kept prepared when it says so, and so is none that it is part of', () => {
    const kept = sql.kept`SELECT ${1}`;
    expect(kept).toMatchObject({ text: 'SELECT $1', values: [1], kept: true });
    expect(sql`${kept} LIMIT 1`.kept).toBe(false);
  });

  it('refuses undefined, which would silently become null', () => {
    expect(() => sql`SELECT ${undefined}`).toThrow(/undefined/);
  });
});
