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
  // What a merge or a copy made bears no link, and perhaps no code and another reference: it would be made again.
  if (matchBy !== 'ORIGIN') await pairCopies(tx, sides);
}

/** The unit of the other version; expects `compared_pair`. */
export const counterpartOf = async (
  tx: AccountTransaction,
  beforeId: string | null,
): Promise<string | undefined> =>
  (
    await tx.maybe<{ id: string }>(tx.sql`
      SELECT p.after_id AS id FROM compared_pair p WHERE p.before_id = ${beforeId}`)
  )?.id;

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

/**
 * A copy is what it was copied from, a unit that a merge made is the one it was made from, and two copies of one unit
 * are the same; of several the newest. What is paired already stays, and so does what somebody rejected.
 */
const pairCopies = async (tx: AccountTransaction, { before, after }: Sides): Promise<void> => {
  const copies = (source: string) => tx.sql`
    SELECT u.id, o.origin_unit_id AS origin FROM georegistry.unit_origin o
    JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.id = o.unit_id AND u.data_source_id = ${source}
    WHERE o.account_id = ${tx.account}`;
  const originals = (source: string) => tx.sql`
    SELECT u.id, u.id AS origin FROM georegistry.org_unit u
    WHERE u.account_id = ${tx.account} AND u.data_source_id = ${source}`;
  await tx.execute(tx.sql`
    INSERT INTO compared_pair (before_id, after_id)
    SELECT DISTINCT ON (x.after_id) x.before_id, x.after_id FROM (
      SELECT DISTINCT ON (y.before_id) y.before_id, y.after_id FROM (
        SELECT b.id AS before_id, a.id AS after_id
        FROM (${copies(before.dataSourceId)}) b JOIN (${originals(after.dataSourceId)}) a ON a.origin = b.origin
        UNION ALL
        SELECT b.id, a.id
        FROM (${originals(before.dataSourceId)}) b JOIN (${copies(after.dataSourceId)}) a ON a.origin = b.origin
        UNION ALL
        SELECT b.id, a.id
        FROM (${copies(before.dataSourceId)}) b JOIN (${copies(after.dataSourceId)}) a ON a.origin = b.origin
      ) y
      WHERE NOT EXISTS (SELECT FROM compared_pair p WHERE p.before_id = y.before_id)
        AND NOT EXISTS (SELECT FROM compared_pair p WHERE p.after_id = y.after_id)
        AND NOT EXISTS (SELECT FROM georegistry.link l WHERE l.account_id = ${tx.account} AND l.status = 'REJECTED'
          AND l.first_unit_id IN (y.before_id, y.after_id) AND l.second_unit_id IN (y.before_id, y.after_id))
      ORDER BY y.before_id, y.after_id DESC
    ) x ORDER BY x.after_id, x.before_id DESC`);
  await tx.execute(tx.sql`ANALYZE compared_pair`);
};

/** By origin first, and the rest goes by reference. */
const pairByOrigin = async (tx: AccountTransaction, sides: Sides) => {
  await pairCopies(tx, sides);
  const { before, after } = sides;
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
 * the same reference, else the one of the same name where only one on either side is left that bears it; without either
 * it stays itself, and so differs.
 */
export async function createGroupLists(tx: AccountTransaction, sides: Sides): Promise<void> {
  if (isOneSource(sides)) return;
  const { before, after } = sides;
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE compared_group ON COMMIT DROP AS
    SELECT p.other_id AS after_id, p.own_id AS before_id
    FROM (${pairedGroups(tx, before.dataSourceId, after.dataSourceId)}) p`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE compared_groups ON COMMIT DROP AS
    SELECT l.group_ids AS after_ids, array_agg(DISTINCT coalesce(g.before_id, i.id)) AS before_ids
    FROM (SELECT DISTINCT s.group_ids FROM (${statesIn(tx, after)}) s WHERE s.group_ids IS NOT NULL) l
    CROSS JOIN LATERAL unnest(l.group_ids) AS i (id)
    LEFT JOIN compared_group g ON g.after_id = i.id
    GROUP BY l.group_ids`);
  await tx.execute(tx.sql`ANALYZE compared_groups`);
}

/** Each group of the other source with the one of our own that it is; null where there is none. */
export const pairedGroups = (tx: AccountTransaction, own: string, other: string): Statement => {
  const of = (source: string) => tx.sql`
    SELECT g.id, g.reference, g.name_key FROM georegistry."group" g
    WHERE g.account_id = ${tx.account} AND g.data_source_id = ${source} AND g.deleted_at IS NULL`;
  const rest = (source: string, facing: string) => tx.sql`
    SELECT (array_agg(x.id))[1] AS id, x.name_key FROM (${of(source)}) x
    WHERE NOT EXISTS (SELECT FROM (${of(facing)}) y WHERE y.reference = x.reference)
    GROUP BY x.name_key HAVING count(*) = 1`;
  return tx.sql`
    SELECT a.id AS other_id, coalesce(r.id, n.id) AS own_id FROM (${of(other)}) a
    LEFT JOIN (${of(own)}) r ON r.reference = a.reference
    LEFT JOIN (SELECT m.id AS other_id, o.id FROM (${rest(other, own)}) m JOIN (${rest(own, other)}) o
      ON o.name_key = m.name_key) n ON n.other_id = a.id`;
};
