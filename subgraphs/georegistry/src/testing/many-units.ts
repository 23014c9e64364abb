/** Thousands of units below one, straight in the draft's tables: made one by one they would take minutes. */
import type { TestRegistry } from './registry';

/** Units named `leaf 1`, `leaf 2`, … right below the unit, in the source's open draft. */
export const manyUnitsBelow = ({ db }: TestRegistry, dataSourceId: string, parentId: string, count: number) =>
  db.transaction(async (tx) => {
    const { sql, account } = tx;
    const { next } = await tx.one<{ next: number }>(sql`
      UPDATE georegistry.data_source d SET next_unit_number = d.next_unit_number + ${count}::integer
      WHERE d.account_id = ${account} AND d.id = ${dataSourceId} RETURNING d.next_unit_number AS next`);
    await tx.execute(sql`
      INSERT INTO georegistry.org_unit (account_id, id, data_source_id, number, reference)
      SELECT ${account}::uuid, platform.uuid_v7(), ${dataSourceId}::uuid, n, 'leaf ' || n
      FROM generate_series(${next - count}::integer, ${next - 1}::integer) n`);
    await tx.execute(sql`
      WITH leaf AS MATERIALIZED (
        SELECT u.id, u.number, u.reference, p.path, v.number AS draft FROM georegistry.org_unit u
        JOIN georegistry.org_unit_path p ON p.account_id = ${account} AND p.unit_id = ${parentId}
          AND p.to_version IS NULL
        JOIN georegistry.source_version v ON v.account_id = ${account} AND v.data_source_id = ${dataSourceId}
          AND v.status = 'DRAFT'
        WHERE u.account_id = ${account} AND u.data_source_id = ${dataSourceId} AND u.number >= ${next - count}::integer
      ), paths AS (
        INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
        SELECT ${account}::uuid, ${dataSourceId}::uuid, l.id, l.draft, l.path || int4send(l.number) FROM leaf l
      )
      INSERT INTO georegistry.org_unit_state
        (account_id, data_source_id, unit_id, from_version, parent_id, status, name, name_key, search_key)
      SELECT ${account}::uuid, ${dataSourceId}::uuid, l.id, l.draft, ${parentId}::uuid, 'NEW', l.reference, l.reference,
        l.reference FROM leaf l`);
  });
