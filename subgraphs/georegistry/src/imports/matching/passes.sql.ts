/**
 * The passes after the references. Each pairs one row with one unit, among what the passes before it left, and its
 * outcome does not depend on the order of the rows.
 */
import type { AccountTransaction, Statement } from '@iroko/database';

/** Which rows are matched by what of the units: ancestors that rows only name are known by names alone. */
export interface Side {
  implied: boolean;
  rowKey: 'identity' | 'chain';
}

const leftRows = (tx: AccountTransaction, { implied, rowKey }: Side): Statement => tx.sql`
  SELECT r.id, r.${tx.sql.raw(rowKey)} AS key, r.longitude, r.latitude, r.rest FROM import_row_left r
  WHERE r.implied = ${implied} AND NOT EXISTS (SELECT FROM import_match m WHERE m.id = r.id)`;

const leftUnits = (tx: AccountTransaction, { rowKey }: Side): Statement => tx.sql`
  SELECT u.unit_id, u.${tx.sql.raw(rowKey)} AS key, u.longitude, u.latitude, u.rest FROM import_unit_left u
  WHERE NOT EXISTS (SELECT FROM import_match m WHERE m.unit_id = u.unit_id)`;

/** Candidates of equal keys pair by their rank in an order that both sides share. */
const pairByRank = (tx: AccountTransaction, side: Side, keys: string[], orderBy: string): Statement => {
  const partition = keys.join(', ');
  const equal = keys.map((key) => `u.${key} = r.${key}`).join(' AND ');
  const ranked = (rows: Statement, id: string) => tx.sql`
    SELECT x.*, row_number() OVER (PARTITION BY ${tx.sql.raw(partition)} ORDER BY ${tx.sql.raw(orderBy)}
      ${tx.sql.raw(id)}) AS rank FROM (${rows}) x`;
  return tx.sql`
    INSERT INTO import_match (id, unit_id, pass)
    SELECT r.id, u.unit_id, 2
    FROM (${ranked(leftRows(tx, side), 'id')}) r
    JOIN (${ranked(leftUnits(tx, side), 'unit_id')}) u ON ${tx.sql.raw(equal)} AND u.rank = r.rank`;
};

/** Pass 2: identity and exact coordinates. What says the same in all cells pairs first, then in the cells' order. */
export const matchIdentityAndCoordinates = async (tx: AccountTransaction, side: Side): Promise<void> => {
  await tx.execute(pairByRank(tx, side, ['key', 'longitude', 'latitude', 'rest'], ''));
  await tx.execute(pairByRank(tx, side, ['key', 'longitude', 'latitude'], 'rest,'));
};

const uniquePairs = (tx: AccountTransaction, side: Side, keys: string[], pass: number, where: string) => {
  const columns = keys.join(', ');
  const once = (rows: Statement, id: string) => tx.sql`
    SELECT ${tx.sql.raw(columns)}, (array_agg(${tx.sql.raw(id)}))[1] AS ${tx.sql.raw(id)} FROM (${rows}) x
    WHERE ${tx.sql.raw(where)} GROUP BY ${tx.sql.raw(columns)} HAVING count(*) = 1`;
  return tx.sql`
    INSERT INTO import_match (id, unit_id, pass)
    SELECT r.id, u.unit_id, ${pass}
    FROM (${once(leftRows(tx, side), 'id')}) r
    JOIN (${once(leftUnits(tx, side), 'unit_id')}) u USING (${tx.sql.raw(columns)})`;
};

/** Pass 3: identity, where one row and one unit are left with it. */
export const matchIdentity = (tx: AccountTransaction, side: Side) =>
  tx.execute(uniquePairs(tx, side, ['key'], 3, 'true'));

/** Pass 4: exact coordinates, where one row and one unit are left with them: a rename or a move of the same place. */
export const matchCoordinates = (tx: AccountTransaction, side: Side) =>
  tx.execute(uniquePairs(tx, side, ['longitude', 'latitude'], 4, 'longitude <> 999'));

export const matchCounts = (tx: AccountTransaction) =>
  tx.rows<{ pass: number; count: number }>(tx.sql`
    SELECT m.pass, count(*) AS count FROM import_match m WHERE EXISTS (SELECT FROM import_tree t WHERE t.id = m.id)
    GROUP BY m.pass ORDER BY m.pass`);
