/**
 * The tree of the draft as it shall be, with the units of `draft_unit` in their new places: what no root leads to is
 * refused, and of what moves the new path is kept in `draft_path`.
 */
import type { AccountTransaction } from '@iroko/database';

export const movesAnything = (tx: AccountTransaction) =>
  tx.one<{ moves: boolean }>(tx.sql`
    SELECT EXISTS (SELECT FROM draft_unit d
      WHERE d.is_removed OR d.state_from IS NULL OR d.parent_id IS DISTINCT FROM d.was_parent) AS moves`);

export const createDraftPaths = async (
  tx: AccountTransaction,
  dataSourceId: string,
  isNeeded: boolean,
): Promise<void> => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE draft_path (
      unit_id uuid PRIMARY KEY, path bytea, path_from integer, path_at tid
    ) ON COMMIT DROP`);
  if (!isNeeded) return;
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE draft_tree ON COMMIT DROP AS
    SELECT s.unit_id, s.parent_id, u.number FROM georegistry.org_unit_state s
    JOIN georegistry.org_unit u ON u.account_id = ${tx.account} AND u.id = s.unit_id
    WHERE s.account_id = ${tx.account} AND s.data_source_id = ${dataSourceId} AND s.to_version IS NULL
      AND NOT EXISTS (SELECT FROM draft_unit d WHERE d.unit_id = s.unit_id)
    UNION ALL
    SELECT d.unit_id, d.parent_id, d.number FROM draft_unit d WHERE NOT d.is_removed`);
  await tx.execute(tx.sql`ANALYZE draft_tree`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE draft_reached ON COMMIT DROP AS
    WITH RECURSIVE reached AS (
      SELECT t.unit_id, int4send(t.number) AS path FROM draft_tree t WHERE t.parent_id IS NULL
      UNION ALL
      SELECT c.unit_id, r.path || int4send(c.number) FROM reached r JOIN draft_tree c ON c.parent_id = r.unit_id
      WHERE octet_length(r.path) < 256
    )
    SELECT r.unit_id, r.path FROM reached r`);
  await tx.execute(tx.sql`ANALYZE draft_reached`);
  await tx.execute(tx.sql`
    INSERT INTO draft_path (unit_id, path, path_from, path_at)
    SELECT r.unit_id, r.path, o.from_version, o.ctid FROM draft_reached r
    LEFT JOIN georegistry.org_unit_path o ON o.account_id = ${tx.account} AND o.unit_id = r.unit_id
      AND o.to_version IS NULL
    WHERE o.path IS DISTINCT FROM r.path
    UNION ALL
    SELECT d.unit_id, NULL, o.from_version, o.ctid FROM draft_unit d
    JOIN georegistry.org_unit_path o ON o.account_id = ${tx.account} AND o.unit_id = d.unit_id
      AND o.to_version IS NULL
    WHERE d.is_removed`);
  await tx.execute(tx.sql`ANALYZE draft_path`);
};

export interface Unreached {
  unitId: string;
  name: string;
  parentId: string | null;
  /** Whether the parent goes, so that this would be left without one. */
  parentGoes: boolean;
}

/** Units that no root leads to: below a unit that goes, or in a circle, or deeper than 64 levels. */
export const unreachedUnits = (tx: AccountTransaction, limit: number) =>
  tx.rows<Unreached>(tx.sql`
    SELECT t.unit_id AS "unitId", coalesce(d.name, s.name, '') AS name, t.parent_id AS "parentId",
      NOT EXISTS (SELECT FROM draft_tree p WHERE p.unit_id = t.parent_id) AS "parentGoes"
    FROM draft_tree t
    LEFT JOIN draft_unit d ON d.unit_id = t.unit_id
    LEFT JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = t.unit_id
      AND s.to_version IS NULL
    WHERE NOT EXISTS (SELECT FROM draft_reached r WHERE r.unit_id = t.unit_id)
    ORDER BY 4 DESC, t.unit_id LIMIT ${limit}`);

export interface TypeViolation {
  unitId: string;
  name: string;
  typeName: string | null;
  parentTypeName: string;
}

/** Units that come into a place which the type of their parent does not allow, and those below a unit of a new type. */
export const typeViolations = (tx: AccountTransaction, limit: number) =>
  tx.rows<TypeViolation>(tx.sql`
    WITH placed AS (
      SELECT d.unit_id, d.name, d.type_id, d.parent_id FROM draft_unit d
      WHERE NOT d.is_removed AND (d.state_from IS NULL OR d.type_id IS DISTINCT FROM d.was_type
        OR d.parent_id IS DISTINCT FROM d.was_parent)
      UNION ALL
      SELECT c.unit_id, c.name, c.type_id, c.parent_id FROM draft_unit r
      JOIN georegistry.org_unit_state c ON c.account_id = ${tx.account} AND c.parent_id = r.unit_id
        AND c.to_version IS NULL AND NOT EXISTS (SELECT FROM draft_unit o WHERE o.unit_id = c.unit_id)
      WHERE NOT r.is_removed AND r.state_from IS NOT NULL AND r.type_id IS DISTINCT FROM r.was_type
    )
    SELECT c.unit_id AS "unitId", c.name, y.name AS "typeName", p.name AS "parentTypeName"
    FROM placed c
    LEFT JOIN draft_unit q ON q.unit_id = c.parent_id
    LEFT JOIN georegistry.org_unit_state s ON s.account_id = ${tx.account} AND s.unit_id = c.parent_id
      AND s.to_version IS NULL
    JOIN georegistry.org_unit_type p ON p.account_id = ${tx.account}
      AND p.id = CASE WHEN q.unit_id IS NULL THEN s.type_id ELSE q.type_id END AND p.limits_sub_types
    LEFT JOIN georegistry.org_unit_type y ON y.account_id = ${tx.account} AND y.id = c.type_id
    WHERE NOT EXISTS (SELECT FROM georegistry.org_unit_sub_type e
      WHERE e.account_id = ${tx.account} AND e.parent_type_id = p.id AND e.child_type_id = c.type_id)
    LIMIT ${limit}`);

/** Types of new units that only members of certain roles create, when the actor is none. */
export const foreignTypes = (tx: AccountTransaction) =>
  tx.rows<{ name: string }>(tx.sql`
    SELECT DISTINCT y.name FROM draft_unit d
    JOIN georegistry.org_unit_type y ON y.account_id = ${tx.account} AND y.id = d.type_id
    WHERE NOT d.is_removed AND d.type_id IS DISTINCT FROM d.was_type AND y.creator_role_ids IS NOT NULL
      AND NOT EXISTS (SELECT FROM identity.member_role m WHERE m.account_id = ${tx.account}
        AND m.user_id = ${tx.actor.userId ?? null}::uuid AND m.role_id = ANY (y.creator_role_ids))
      AND NOT EXISTS (SELECT FROM identity.viewer_rights v WHERE v.account_id = ${tx.account}
        AND v.user_id = ${tx.actor.userId ?? null}::uuid AND v.every_permission)`);
