/**
 * Many changes of a draft as one table of the transaction: `draft_unit` says of each unit that is written what it shall
 * be, or that it goes. Whoever fills it knows what; the writing is the same for copies and merges.
 *
 * Who fills it gives: unit_id, is_new (the unit itself is not there yet), reference, reference_generated, is_removed and
 * the content; a search key where it can be taken over whole. The rest is found here.
 */
import type { AccountTransaction } from '@iroko/database';
import { unitKeys } from '../org-units/unit-content';

/** The content of a state by its columns, as they stand in `georegistry.org_unit_state`. */
export const CONTENT_COLUMNS = [
  'parent_id',
  'type_id',
  'longitude',
  'latitude',
  'altitude',
  'opening_date',
  'closed_date',
  'status',
  'name',
  'code',
  'aliases',
  'group_ids',
  'shape_hash',
  'attributes',
] as const;

export const createDraftUnits = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    CREATE TEMPORARY TABLE draft_unit (
      unit_id uuid PRIMARY KEY, is_new boolean NOT NULL, is_removed boolean NOT NULL,
      reference text COLLATE "C", reference_generated boolean,
      parent_id uuid, type_id uuid, longitude float8, latitude float8, altitude float8, opening_date date,
      closed_date date, status text, name text, code text, aliases text[], group_ids uuid[], shape_hash bytea,
      attributes jsonb, name_key text COLLATE "C", search_key text COLLATE "C",
      number integer, revision integer, state_from integer, state_at tid, was_parent uuid, was_type uuid
    ) ON COMMIT DROP`);

/** What the draft holds of these units now; nobody else can move those rows, the draft is locked. */
export const findReplaced = async (tx: AccountTransaction): Promise<void> => {
  await tx.execute(tx.sql`ANALYZE draft_unit`);
  await tx.execute(tx.sql`
    UPDATE draft_unit d SET number = u.number, reference = u.reference, revision = 1 + coalesce((
      SELECT max(x.revision) FROM georegistry.org_unit_state x
      WHERE x.account_id = ${tx.account} AND x.unit_id = d.unit_id), 0)
    FROM georegistry.org_unit u WHERE NOT d.is_new AND u.account_id = ${tx.account} AND u.id = d.unit_id`);
  await tx.execute(tx.sql`
    UPDATE draft_unit d SET state_from = s.from_version, state_at = s.ctid, was_parent = s.parent_id,
      was_type = s.type_id
    FROM georegistry.org_unit_state s
    WHERE NOT d.is_new AND s.account_id = ${tx.account} AND s.unit_id = d.unit_id AND s.to_version IS NULL`);
  // A unit that left the draft cannot go again.
  await tx.execute(tx.sql`DELETE FROM draft_unit d WHERE d.is_removed AND d.state_from IS NULL`);
};

/** Labels for units that are new. Answers the next free one. */
export const numberNewUnits = async (tx: AccountTransaction, dataSourceId: string): Promise<void> => {
  await tx.execute(tx.sql`
    UPDATE draft_unit d SET number = n.number, revision = 1
    FROM (
      SELECT x.unit_id, (s.next_unit_number - 1 + row_number() OVER (ORDER BY x.unit_id))::integer AS number
      FROM draft_unit x JOIN georegistry.data_source s ON s.account_id = ${tx.account} AND s.id = ${dataSourceId}
      WHERE x.is_new
    ) n WHERE n.unit_id = d.unit_id`);
  await tx.execute(tx.sql`
    UPDATE georegistry.data_source s SET next_unit_number = s.next_unit_number + n.count
    FROM (SELECT count(*)::integer AS count FROM draft_unit x WHERE x.is_new) n
    WHERE s.account_id = ${tx.account} AND s.id = ${dataSourceId}`);
};

const BATCH = 5000;

/** Folding text is not the database's business: keys that were not taken over are made here, batch by batch. */
export async function writeKeys(tx: AccountTransaction): Promise<void> {
  interface Row {
    unitId: string;
    name: string;
    aliases: string[];
    code: string;
    reference: string;
  }
  const missing = tx.sql`d.search_key IS NULL AND NOT d.is_removed`;
  for (;;) {
    const rows = await tx.rows<Row>(tx.sql`
      SELECT d.unit_id AS "unitId", d.name, d.aliases, d.code, d.reference FROM draft_unit d
      WHERE ${missing} LIMIT ${BATCH}`);
    if (rows.length === 0) return;
    const keys = rows.map((row) => unitKeys(row, row.reference));
    await tx.execute(tx.sql`
      UPDATE draft_unit d SET name_key = k.name_key, search_key = k.search_key
      FROM unnest(${rows.map((row) => row.unitId)}::uuid[], ${keys.map((key) => key.nameKey)}::text[],
        ${keys.map((key) => key.searchKey)}::text[]) AS k (unit_id, name_key, search_key)
      WHERE d.unit_id = k.unit_id`);
  }
}
