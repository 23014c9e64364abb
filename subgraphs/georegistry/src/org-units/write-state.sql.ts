/**
 * The writes of one edit. Each is one statement, whatever it touches, because the database checks the tree at the
 * end of each statement.
 */
import type { AccountTransaction, Statement } from '@iroko/database';
import type { UnitContent } from './unit-content';

export interface WrittenState {
  unitId: string;
  dataSourceId: string;
  /** The draft's number. */
  number: number;
  revision: number;
  content: UnitContent;
  nameKey: string;
  searchKey: string;
}

export interface NewUnit {
  /** Its label in paths. */
  unitNumber: number;
  reference: string;
  referenceGenerated: boolean;
}

const contentColumns = `parent_id, type_id, longitude, latitude, altitude, revision, opening_date, closed_date,
  status, name, name_key, search_key, code, aliases, group_ids, shape_hash, attributes`;

const contentValues = (tx: AccountTransaction, { content, ...state }: WrittenState): Statement => tx.sql`
  ${content.parentId}::uuid, ${content.typeId}::uuid, ${content.location?.longitude ?? null}::float8,
  ${content.location?.latitude ?? null}::float8, ${content.location?.altitude ?? null}::float8,
  ${state.revision}::integer, ${content.openingDate}::date, ${content.closedDate}::date, ${content.status}::text,
  ${content.name}::text, ${state.nameKey}::text, ${state.searchKey}::text, ${content.code}::text,
  ${content.aliases}::text[], ${content.groupIds.length > 0 ? content.groupIds : null}::uuid[],
  ${content.shapeHash === null ? null : Buffer.from(content.shapeHash, 'hex')}::bytea,
  ${Object.keys(content.attributes).length > 0 ? JSON.stringify(content.attributes) : null}::jsonb`;

const insertState = (tx: AccountTransaction, state: WrittenState): Statement => tx.sql`
  INSERT INTO georegistry.org_unit_state
    (account_id, data_source_id, unit_id, from_version, ${tx.sql.raw(contentColumns)})
  SELECT ${tx.account}::uuid, ${state.dataSourceId}::uuid, ${state.unitId}::uuid, ${state.number}::integer,
    ${contentValues(tx, state)}`;

/** A new unit with its first state, below the parent's open path. */
export const insertUnit = (tx: AccountTransaction, unit: NewUnit, state: WrittenState) =>
  tx.execute(tx.sql`
    WITH unit AS (
      INSERT INTO georegistry.org_unit (account_id, id, data_source_id, number, reference, reference_generated)
      VALUES (${tx.account}, ${state.unitId}, ${state.dataSourceId}, ${unit.unitNumber}, ${unit.reference},
        ${unit.referenceGenerated})
    ), state AS (${insertState(tx, state)})
    INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
    SELECT ${tx.account}::uuid, ${state.dataSourceId}::uuid, ${state.unitId}::uuid, ${state.number}::integer,
      coalesce((SELECT p.path FROM georegistry.org_unit_path p WHERE p.account_id = ${tx.account}
        AND p.unit_id = ${state.content.parentId} AND p.to_version IS NULL), '\\x'::bytea)
      || int4send(${unit.unitNumber}::integer)`);

/** Where the paths of a subtree go: `from` is replaced by `to` at their beginning. */
export interface PathMove {
  from: Buffer;
  to: Buffer;
}

/**
 * The unit's state as edited: written over when it began in the draft, else closed there and followed by a new one.
 * With a move, all paths of the subtree change along.
 */
export const replaceState = (
  tx: AccountTransaction,
  state: WrittenState,
  beganInDraft: boolean,
  move: PathMove | undefined,
) => {
  const paths = move ? movePaths(tx, state.dataSourceId, state.number, move) : tx.sql``;
  if (beganInDraft) {
    return tx.execute(tx.sql`
      ${move ? tx.sql`WITH ${paths}` : tx.sql``}
      UPDATE georegistry.org_unit_state s
      SET (${tx.sql.raw(contentColumns)}, written_at) = ROW (${contentValues(tx, state)}, now())
      WHERE s.account_id = ${tx.account} AND s.unit_id = ${state.unitId} AND s.from_version = ${state.number}`);
  }
  return tx.execute(tx.sql`
    WITH ${move ? tx.sql`${paths},` : tx.sql``} closed AS (
      UPDATE georegistry.org_unit_state s SET to_version = ${state.number}
      WHERE s.account_id = ${tx.account} AND s.unit_id = ${state.unitId} AND s.to_version IS NULL
    )
    ${insertState(tx, state)}`);
};

const movePaths = (
  tx: AccountTransaction,
  source: string,
  number: number,
  move: PathMove,
): Statement => tx.sql`
  moved AS MATERIALIZED (
    SELECT p.unit_id, p.from_version, ${move.to}::bytea || substr(p.path, ${move.from.length + 1}::integer) AS path
    FROM georegistry.org_unit_path p
    WHERE p.account_id = ${tx.account} AND p.data_source_id = ${source} AND p.path >= ${move.from}::bytea
      AND p.path < ${move.from}::bytea || '\\xffffffff'::bytea AND p.to_version IS NULL
  ), rewritten_paths AS (
    UPDATE georegistry.org_unit_path p SET path = m.path FROM moved m
    WHERE p.account_id = ${tx.account} AND p.unit_id = m.unit_id AND p.from_version = ${number}
      AND m.from_version = ${number}
  ), closed_paths AS (
    UPDATE georegistry.org_unit_path p SET to_version = ${number} FROM moved m
    WHERE p.account_id = ${tx.account} AND p.unit_id = m.unit_id AND p.from_version = m.from_version
      AND m.from_version < ${number}
  ), new_paths AS (
    INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
    SELECT ${tx.account}::uuid, ${source}::uuid, m.unit_id, ${number}::integer, m.path
    FROM moved m WHERE m.from_version < ${number}
  )`;

/** Takes the unit, and everything below it when asked, out of the draft. Answers how many units went. */
export const removeUnits = async (
  tx: AccountTransaction,
  source: string,
  number: number,
  path: Buffer,
  withDescendants: boolean,
): Promise<number> => {
  const range = withDescendants
    ? tx.sql`p.path >= ${path}::bytea AND p.path < ${path}::bytea || '\\xffffffff'::bytea`
    : tx.sql`p.path = ${path}::bytea`;
  const { count } = await tx.one<{ count: number }>(tx.sql`
    WITH gone AS MATERIALIZED (
      SELECT p.unit_id FROM georegistry.org_unit_path p
      WHERE p.account_id = ${tx.account} AND p.data_source_id = ${source} AND ${range} AND p.to_version IS NULL
    ), deleted_states AS (
      DELETE FROM georegistry.org_unit_state s USING gone g
      WHERE s.account_id = ${tx.account} AND s.unit_id = g.unit_id AND s.from_version = ${number}
    ), closed_states AS (
      UPDATE georegistry.org_unit_state s SET to_version = ${number} FROM gone g
      WHERE s.account_id = ${tx.account} AND s.unit_id = g.unit_id AND s.to_version IS NULL
        AND s.from_version < ${number}
    ), deleted_paths AS (
      DELETE FROM georegistry.org_unit_path p USING gone g
      WHERE p.account_id = ${tx.account} AND p.unit_id = g.unit_id AND p.from_version = ${number}
    ), closed_paths AS (
      UPDATE georegistry.org_unit_path p SET to_version = ${number} FROM gone g
      WHERE p.account_id = ${tx.account} AND p.unit_id = g.unit_id AND p.to_version IS NULL
        AND p.from_version < ${number}
    )
    SELECT count(*) AS count FROM gone`);
  return count;
};

/** A state and a path in the draft for a unit that it does not hold. */
export const returnUnit = (tx: AccountTransaction, state: WrittenState, path: Buffer) =>
  tx.execute(tx.sql`
    WITH state AS (${insertState(tx, state)})
    INSERT INTO georegistry.org_unit_path (account_id, data_source_id, unit_id, from_version, path)
    SELECT ${tx.account}::uuid, ${state.dataSourceId}::uuid, ${state.unitId}::uuid, ${state.number}::integer,
      ${path}::bytea`);
