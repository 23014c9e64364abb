/** Statements of the scope over org units. */
import type { AccountDatabase, Statement } from '@iroko/database';

export interface UnitPlace {
  unitId: string;
  dataSourceId: string;
  path: Buffer;
}

/** Where units stand by what is known newest; see georegistry.org_unit_place. */
export const placesOfUnits = (db: AccountDatabase, ids: readonly string[]) =>
  db.rows<UnitPlace>(db.sql`
    SELECT p.unit_id AS "unitId", p.data_source_id AS "dataSourceId", p.path
    FROM georegistry.org_unit_place p
    WHERE p.account_id = ${db.account} AND p.unit_id = ANY(${ids}::uuid[])`);

/** A subtree's paths begin with its own, and no label is ffffffff. */
export const inSubtrees = (db: AccountDatabase, path: Statement, subtrees: readonly Buffer[]): Statement =>
  db.sql`(${db.sql.join(
    subtrees.map(
      (root) => db.sql`${path} >= ${root}::bytea AND ${path} < ${root}::bytea || '\\xffffffff'::bytea`,
    ),
    ' OR ',
    'false',
  )})`;
