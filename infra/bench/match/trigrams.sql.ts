/** The baseline: the names of the one list in a table with a GIN index of pg_trgm, asked for the five nearest. */
import type { AccountTransaction } from '@iroko/database';

export const indexNames = async (tx: AccountTransaction, sourceId: string) => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE bench_name ON COMMIT DROP AS
    SELECT s.name_key FROM georegistry.org_unit_state s
    WHERE s.account_id = ${tx.account} AND s.data_source_id = ${sourceId} AND s.to_version IS NULL`);
  await tx.execute(tx.sql`CREATE INDEX ON bench_name USING gin (name_key public.gin_trgm_ops)`);
  await tx.execute(tx.sql`ANALYZE bench_name`);
};

export const sampledNames = (tx: AccountTransaction, sourceId: string, count: number) =>
  tx.rows<{ key: string }>(tx.sql`
    SELECT s.name_key AS key FROM georegistry.org_unit_state s
    JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.id = s.unit_id
    WHERE s.account_id = ${tx.account} AND s.data_source_id = ${sourceId} AND s.to_version IS NULL
    ORDER BY md5(u.reference) LIMIT ${count}`);

export const nearestNames = (tx: AccountTransaction, key: string) =>
  tx.rows<{ name: string }>(tx.sql`
    SELECT n.name_key AS name FROM bench_name n WHERE n.name_key OPERATOR(public.%) ${key}
    ORDER BY public.similarity(n.name_key, ${key}) DESC LIMIT 5`);

/** The links of the last run, by reference. */
export const linkedReferences = (tx: AccountTransaction, sourceId: string) =>
  tx.rows<{ left: string; right: string }>(tx.sql`
    SELECT a.reference AS left, b.reference AS right
    FROM georegistry.link l
    JOIN georegistry.org_unit a ON a.account_id = ${tx.account} AND a.data_source_id = ${sourceId}
      AND a.id IN (l.first_unit_id, l.second_unit_id)
    JOIN georegistry.org_unit b ON b.account_id = ${tx.account} AND b.data_source_id <> ${sourceId}
      AND b.id IN (l.first_unit_id, l.second_unit_id)
    WHERE l.account_id = ${tx.account} AND l.status <> 'REJECTED'`);

export const removeLinks = (tx: AccountTransaction) =>
  tx.execute(tx.sql`DELETE FROM georegistry.link l WHERE l.account_id = ${tx.account}`);
