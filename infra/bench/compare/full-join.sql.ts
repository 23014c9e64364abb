/** The baseline: both versions read whole, joined by reference, every column compared, the same rows written. */
import { type AccountDatabase, type AccountTransaction, newId, type Statement } from '@iroko/database';

interface ComparedVersion {
  versionId: string;
  sourceId: string;
  number: number;
}

export interface ComparedVersions {
  before: ComparedVersion;
  after: ComparedVersion;
}

export async function emptyComparison(tx: AccountTransaction, { before, after }: ComparedVersions) {
  const id = newId();
  await tx.execute(tx.sql`
    INSERT INTO georegistry.comparison (account_id, id, before_version_id, after_version_id, options)
    VALUES (${tx.account}, ${id}, ${before.versionId}, ${after.versionId}, '{}')`);
  return id;
}

/** References of parents and groups are text; in this data a unit is in one group. */
const side = (tx: AccountTransaction, { sourceId, number }: ComparedVersion): Statement => tx.sql`
  SELECT s.*, u.reference, p.reference AS parent_reference, g.reference AS group_reference
  FROM georegistry.org_unit_state s
  JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.id = s.unit_id
  LEFT JOIN georegistry.org_unit p ON p.account_id = ${tx.account} AND p.id = s.parent_id
  LEFT JOIN georegistry."group" g ON g.account_id = ${tx.account} AND g.id = s.group_ids[1]
  WHERE s.account_id = ${tx.account} AND s.data_source_id = ${sourceId}
    AND s.from_version <= ${number} AND (s.to_version IS NULL OR s.to_version > ${number})`;

const FIELDS: readonly [string, string][] = [
  ['NAME', 'name'],
  ['ALIASES', 'aliases'],
  ['CODE', 'code'],
  ['TYPE', 'type_id'],
  ['STATUS', 'status'],
  ['PARENT', 'parent_reference'],
  ['OPENING_DATE', 'opening_date'],
  ['CLOSED_DATE', 'closed_date'],
  ['SHAPE', 'shape_hash'],
  ['GROUPS', 'group_reference'],
  ['ATTRIBUTES', 'attributes'],
];

export function fullJoin(tx: AccountTransaction, id: string, { before, after }: ComparedVersions) {
  const fields = FIELDS.map(
    ([name, column]) => `CASE WHEN b.${column} IS DISTINCT FROM a.${column} THEN '${name}' END`,
  );
  const place = `CASE WHEN (b.longitude, b.latitude, b.altitude) IS DISTINCT FROM (a.longitude, a.latitude, a.altitude)
    THEN 'LOCATION' END`;
  return tx.execute(tx.sql`
    INSERT INTO georegistry.comparison_row (account_id, comparison_id, position, status, before_id, after_id, fields)
    SELECT ${tx.account}::uuid, ${id}::uuid, row_number() OVER (ORDER BY x.before_id, x.after_id),
      CASE WHEN x.before_id IS NULL THEN 'NEW' WHEN x.after_id IS NULL THEN 'REMOVED' ELSE 'CHANGED' END,
      x.before_id, x.after_id, CASE WHEN x.before_id IS NULL OR x.after_id IS NULL THEN '{}' ELSE x.fields END
    FROM (
      SELECT b.unit_id AS before_id, a.unit_id AS after_id,
        array_remove(ARRAY[${tx.sql.raw([...fields, place].join(', '))}]::text[], NULL) AS fields
      FROM (${side(tx, before)}) b FULL JOIN (${side(tx, after)}) a ON a.reference = b.reference
    ) x
    WHERE x.before_id IS NULL OR x.after_id IS NULL OR x.fields <> '{}'`);
}

export const deleteComparisons = (db: AccountDatabase) =>
  db.execute(db.sql`DELETE FROM georegistry.comparison c WHERE c.account_id = ${db.account}`);

export const checksum = (db: AccountDatabase, id: string) =>
  db.one<{ rows: number; digest: string }>(db.sql`
    SELECT count(*) AS rows, md5(string_agg(r.position || r.status || coalesce(r.before_id::text, '')
      || coalesce(r.after_id::text, '') || r.fields::text, ',' ORDER BY r.position)) AS digest
    FROM georegistry.comparison_row r WHERE r.account_id = ${db.account} AND r.comparison_id = ${id}`);
