/** What the references left on both sides, with that by which the later passes match it. */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { ImportMapping } from '../mapping';
import type { Scope } from './existing.sql';
import type { IdentityPart } from './identity';

/** Between the parts of a text that is compared as a whole. */
const APART = ` || E'\\x1f' || `;

const partOfState = (tx: AccountTransaction, part: IdentityPart): Statement => {
  switch (part.kind) {
    case 'NAME':
      return tx.sql`s.name`;
    case 'CODE':
      return tx.sql`s.code`;
    case 'TYPE':
      return tx.sql`coalesce(t.name_key, '')`;
    case 'ANCESTOR':
      return tx.sql`CASE WHEN cardinality(e.names) > ${part.level + 1}::integer
        THEN e.names[${part.level + 1}::integer] ELSE '' END`;
    case 'ATTRIBUTE':
      return tx.sql`coalesce(s.attributes ->> ${part.key}::text, '')`;
  }
};

/** What else is said, as one text: by it candidates that are otherwise identical are told apart and put in order. */
const restOf = (tx: AccountTransaction, mapping: ImportMapping, of: 'r' | 's'): Statement => {
  const texts: string[] = [];
  const add = (isMapped: boolean, text: string) => {
    if (isMapped) texts.push(`coalesce((${text})::text, '')`);
  };
  add(mapping.code !== undefined, `${of}.code`);
  add(mapping.aliases !== undefined, `${of}.aliases`);
  add(mapping.altitude !== undefined, `${of}.altitude`);
  add(mapping.openingDate !== undefined, `${of}.opening_date`);
  add(mapping.closedDate !== undefined, `${of}.closed_date`);
  add(mapping.status !== undefined, `${of}.status`);
  add(mapping.shape !== undefined, `${of}.shape_hash`);
  add(mapping.type !== undefined, of === 'r' ? 't.type_id' : 's.type_id');
  add(mapping.attributes.length > 0 || mapping.attributesObject !== undefined, `${of}.attributes`);
  return tx.sql.raw(texts.length === 0 ? `''` : texts.join(APART));
};

/** Null coordinates become 999, which no place has, so that they compare as equal. */
export const createLeft = async (
  tx: AccountTransaction,
  scope: Scope,
  mapping: ImportMapping,
  identity: readonly IdentityPart[] | null,
): Promise<void> => {
  const parts = identity?.map((part) => partOfState(tx, part));
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_row_left ON COMMIT DROP AS
    SELECT n.id, n.implied, c.chain,
      ${parts ? tx.sql`md5(coalesce(r.identity, ''))::uuid` : tx.sql`c.chain`} AS identity,
      coalesce(r.longitude, 999) AS longitude, coalesce(r.latitude, 999) AS latitude,
      (${restOf(tx, mapping, 'r')}) COLLATE "C" AS rest
    FROM import_node n
    JOIN import_row r ON r.id = n.id
    JOIN import_chain c ON c.id = n.id
    LEFT JOIN import_type t ON t.number = r.type_number
    WHERE NOT EXISTS (SELECT FROM import_match m WHERE m.id = n.id)`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE import_unit_left ON COMMIT DROP AS
    SELECT s.unit_id, e.chain,
      ${parts ? tx.sql`md5(${tx.sql.join(parts, APART)})::uuid` : tx.sql`e.chain`} AS identity,
      coalesce(s.longitude, 999) AS longitude, coalesce(s.latitude, 999) AS latitude,
      (${restOf(tx, mapping, 's')}) COLLATE "C" AS rest
    FROM georegistry.org_unit_state s
    JOIN import_existing e ON e.unit_id = s.unit_id
    LEFT JOIN georegistry.org_unit_type t ON t.account_id = ${tx.account} AND t.id = s.type_id
    WHERE s.account_id = ${tx.account} AND s.data_source_id = ${scope.dataSourceId} AND s.to_version IS NULL
      AND NOT EXISTS (SELECT FROM import_match m WHERE m.unit_id = s.unit_id)`);
  await tx.execute(tx.sql`ANALYZE import_row_left`);
  await tx.execute(tx.sql`ANALYZE import_unit_left`);
};
