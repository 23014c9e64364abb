/**
 * Which unit of the one version is which of the other: `compared_pair` and, for groups, `compared_groups`, tables of
 * the transaction. Everything after asks only them, whatever units are matched by.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { VersionRow } from '../versions/version';
import type { Matching } from './comparison';

export interface Sides {
  before: VersionRow;
  after: VersionRow;
}

export const isOneSource = ({ before, after }: Sides): boolean => before.dataSourceId === after.dataSourceId;

export const statesIn = (
  tx: AccountTransaction,
  version: Pick<VersionRow, 'dataSourceId' | 'number'>,
): Statement => tx.sql`
  SELECT s.* FROM georegistry.org_unit_state s
  WHERE s.account_id = ${tx.account} AND s.data_source_id = ${version.dataSourceId}
    AND s.from_version <= ${version.number} AND (s.to_version IS NULL OR s.to_version > ${version.number})`;

/** Within one source a unit is itself and nothing is to be matched: the table stays empty. */
export async function createPairs(tx: AccountTransaction, sides: Sides, matchBy: Matching): Promise<void> {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE compared_pair (before_id uuid NOT NULL, after_id uuid NOT NULL) ON COMMIT DROP`);
  if (isOneSource(sides)) return;
  await PAIRING[matchBy](tx, sides);
  await tx.execute(tx.sql`ANALYZE compared_pair`);
}

const pairByReference = (tx: AccountTransaction, { before, after }: Sides) =>
  tx.execute(tx.sql`
    INSERT INTO compared_pair (before_id, after_id)
    SELECT b.id, a.id FROM georegistry.org_unit b
    JOIN georegistry.org_unit a ON a.account_id = ${tx.account} AND a.data_source_id = ${after.dataSourceId}
      AND a.reference = b.reference
    WHERE b.account_id = ${tx.account} AND b.data_source_id = ${before.dataSourceId}`);

/** A code that stands twice in a version says of none which unit it is. */
const pairByCode = (tx: AccountTransaction, { before, after }: Sides) => {
  const codes = (version: VersionRow) => tx.sql`
    SELECT c.code, (array_agg(c.unit_id))[1] AS id FROM (${statesIn(tx, version)}) c
    WHERE c.code <> '' GROUP BY c.code HAVING count(*) = 1`;
  return tx.execute(tx.sql`
    INSERT INTO compared_pair (before_id, after_id)
    SELECT b.id, a.id FROM (${codes(before)}) b JOIN (${codes(after)}) a ON a.code = b.code`);
};

/** Accepted links are one to one. They lie the one way or the other. */
const pairByLink = (tx: AccountTransaction, { before, after }: Sides) =>
  tx.execute(tx.sql`
    INSERT INTO compared_pair (before_id, after_id)
    SELECT l.first_unit_id, l.second_unit_id FROM georegistry.link l
    WHERE l.account_id = ${tx.account} AND l.first_source_id = ${before.dataSourceId}
      AND l.second_source_id = ${after.dataSourceId} AND l.status = 'ACCEPTED'
    UNION ALL
    SELECT l.second_unit_id, l.first_unit_id FROM georegistry.link l
    WHERE l.account_id = ${tx.account} AND l.first_source_id = ${after.dataSourceId}
      AND l.second_source_id = ${before.dataSourceId} AND l.status = 'ACCEPTED'`);

/** A copy is what it was copied from; two copies of one unit are the same; the rest goes by reference. */
const pairByOrigin = async (tx: AccountTransaction, { before, after }: Sides) => {
  const units = (source: string) => tx.sql`
    SELECT u.id, coalesce(o.origin_unit_id, u.id) AS origin FROM georegistry.org_unit u
    LEFT JOIN georegistry.unit_origin o ON o.account_id = ${tx.account} AND o.unit_id = u.id
    WHERE u.account_id = ${tx.account} AND u.data_source_id = ${source}`;
  await tx.execute(tx.sql`
    INSERT INTO compared_pair (before_id, after_id)
    SELECT DISTINCT ON (x.after_id) x.before_id, x.after_id FROM (
      SELECT DISTINCT ON (b.id) b.id AS before_id, a.id AS after_id
      FROM (${units(before.dataSourceId)}) b JOIN (${units(after.dataSourceId)}) a ON a.origin = b.origin
      ORDER BY b.id, a.id
    ) x ORDER BY x.after_id, x.before_id`);
  await tx.execute(tx.sql`ANALYZE compared_pair`);
  return tx.execute(tx.sql`
    INSERT INTO compared_pair (before_id, after_id)
    SELECT b.id, a.id FROM georegistry.org_unit b
    JOIN georegistry.org_unit a ON a.account_id = ${tx.account} AND a.data_source_id = ${after.dataSourceId}
      AND a.reference = b.reference
    WHERE b.account_id = ${tx.account} AND b.data_source_id = ${before.dataSourceId}
      AND NOT EXISTS (SELECT FROM compared_pair p WHERE p.before_id = b.id)
      AND NOT EXISTS (SELECT FROM compared_pair p WHERE p.after_id = a.id)`);
};

const PAIRING = { ORIGIN: pairByOrigin, REFERENCE: pairByReference, CODE: pairByCode, LINKS: pairByLink };

/**
 * The lists of groups that units of the later version are in, told in groups of the earlier one: a group is the one of
 * the same reference, else the only one of the same name; without either it stays itself, and so differs.
 */
export async function createGroupLists(tx: AccountTransaction, sides: Sides): Promise<void> {
  if (isOneSource(sides)) return;
  const { before, after } = sides;
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE compared_group ON COMMIT DROP AS
    WITH named AS (
      SELECT g.name_key, (array_agg(g.id))[1] AS id FROM georegistry."group" g
      WHERE g.account_id = ${tx.account} AND g.data_source_id = ${before.dataSourceId}
      GROUP BY g.name_key HAVING count(*) = 1
    )
    SELECT a.id AS after_id, coalesce(r.id, n.id) AS before_id
    FROM georegistry."group" a
    LEFT JOIN georegistry."group" r ON r.account_id = ${tx.account}
      AND r.data_source_id = ${before.dataSourceId} AND r.reference = a.reference
    LEFT JOIN named n ON n.name_key = a.name_key
    WHERE a.account_id = ${tx.account} AND a.data_source_id = ${after.dataSourceId}`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE compared_groups ON COMMIT DROP AS
    SELECT l.group_ids AS after_ids, array_agg(DISTINCT coalesce(g.before_id, i.id)) AS before_ids
    FROM (SELECT DISTINCT s.group_ids FROM (${statesIn(tx, after)}) s WHERE s.group_ids IS NOT NULL) l
    CROSS JOIN LATERAL unnest(l.group_ids) AS i (id)
    LEFT JOIN compared_group g ON g.after_id = i.id
    GROUP BY l.group_ids`);
  await tx.execute(tx.sql`ANALYZE compared_groups`);
}
