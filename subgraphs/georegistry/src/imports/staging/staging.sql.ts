/**
 * Where rows of a file wait within the import's transaction. Temporary tables: they are gone with the transaction, and
 * writing them costs no log. Staged rows are never updated; what becomes of them is written beside them, in narrow tables.
 */
import { Readable } from 'node:stream';
import type { AccountTransaction } from '@iroko/database';

const TABLES = `
  CREATE TEMPORARY TABLE import_row (
    id integer NOT NULL,
    line integer NOT NULL,
    implied boolean NOT NULL,
    ancestor integer,
    level integer,
    type_number integer,
    longitude double precision,
    latitude double precision,
    altitude double precision,
    opening_date date,
    closed_date date,
    digest uuid,
    layer text,
    reference text COLLATE "C",
    parent_reference text COLLATE "C",
    status text,
    name text,
    name_key text COLLATE "C",
    other_keys text COLLATE "C",
    reference_key text COLLATE "C",
    code text,
    aliases text[],
    group_numbers integer[],
    shape_hash bytea,
    attributes jsonb,
    identity text COLLATE "C",
    absent text[]
  ) ON COMMIT DROP;
  CREATE TEMPORARY TABLE import_defect (
    line integer NOT NULL,
    layer text,
    row_id integer,
    reference text COLLATE "C",
    parent_reference text COLLATE "C",
    ancestor integer,
    name text,
    "column" text,
    value text,
    reason text NOT NULL,
    message text NOT NULL
  ) ON COMMIT DROP;
  CREATE TEMPORARY TABLE import_type (number integer PRIMARY KEY, name text NOT NULL, name_key text COLLATE "C" NOT NULL,
    depth integer, type_id uuid) ON COMMIT DROP;
  CREATE TEMPORARY TABLE import_group (number integer PRIMARY KEY, name text NOT NULL,
    name_key text COLLATE "C" NOT NULL, reference text COLLATE "C", group_id uuid)
    ON COMMIT DROP;
  CREATE TEMPORARY TABLE import_shape (hash bytea NOT NULL, level smallint NOT NULL, tolerance double precision,
    wkb bytea NOT NULL, bounds box, area_m2 double precision, vertex_count integer NOT NULL, invalid_reason text)
    ON COMMIT DROP;`;

/**
 * Sorting and hashing a million rows takes memory of the server, for this transaction only. Nested loops over tables of
 * which the planner knows nothing yet are what makes an import take hours.
 */
export const createStaging = async (tx: AccountTransaction): Promise<void> => {
  await tx.execute(tx.sql`
    SELECT set_config('work_mem', '192MB', true), set_config('jit', 'off', true),
      set_config('enable_nestloop', 'off', true)`);
  for (const statement of TABLES.split(';')) {
    if (statement.trim() !== '') await tx.execute(tx.sql`${tx.sql.raw(statement)}`);
  }
};

const copy = (tx: AccountTransaction, table: string, columns: string, text: string) =>
  tx.copyIn(
    tx.sql`${tx.sql.raw(`COPY ${table} (${columns}) FROM STDIN`)}`,
    Readable.from([Buffer.from(text)]),
  );

const ROW_COLUMNS = `id, line, implied, ancestor, level, type_number, longitude, latitude, altitude, opening_date,
  closed_date, digest, layer, reference, parent_reference, status, name, name_key, other_keys, reference_key, code,
  aliases, group_numbers, shape_hash, attributes, identity, absent`;

/** Lines of COPY text, one per staged row, columns as in `stagedLine`. */
export const copyRows = (tx: AccountTransaction, text: string) => copy(tx, 'import_row', ROW_COLUMNS, text);

export const copyDefects = (tx: AccountTransaction, text: string) =>
  copy(
    tx,
    'import_defect',
    'line, layer, row_id, reference, parent_reference, ancestor, name, "column", value, reason, message',
    text,
  );

export const copyShapes = (tx: AccountTransaction, text: string) =>
  copy(
    tx,
    'import_shape',
    'hash, level, tolerance, wkb, bounds, area_m2, vertex_count, invalid_reason',
    text,
  );

export const insertStagedTypes = (
  tx: AccountTransaction,
  types: readonly { number: number; name: string; key: string; depth: number | null }[],
) =>
  tx.execute(tx.sql`
    INSERT INTO import_type (number, name, name_key, depth)
    SELECT t.number, t.name, t.name_key, t.depth
    FROM unnest(${types.map((t) => t.number)}::integer[], ${types.map((t) => t.name)}::text[],
      ${types.map((t) => t.key)}::text[], ${types.map((t) => t.depth)}::integer[]) AS t (number, name, name_key, depth)`);

export const insertStagedGroups = (
  tx: AccountTransaction,
  groups: readonly { number: number; name: string; key: string; reference: string | null }[],
) =>
  tx.execute(tx.sql`
    INSERT INTO import_group (number, name, name_key, reference)
    SELECT g.number, g.name, g.name_key, g.reference
    FROM unnest(${groups.map((g) => g.number)}::integer[], ${groups.map((g) => g.name)}::text[],
      ${groups.map((g) => g.key)}::text[], ${groups.map((g) => g.reference)}::text[])
      AS g (number, name, name_key, reference)`);

/** References of the groups of a source. */
export const groupReferences = async (tx: AccountTransaction, dataSourceId: string): Promise<string[]> =>
  (
    await tx.rows<{ reference: string }>(tx.sql`
      SELECT g.reference FROM georegistry."group" g
      WHERE g.account_id = ${tx.account} AND g.data_source_id = ${dataSourceId}`)
  ).map(({ reference }) => reference);

/** The planner knows nothing of tables filled a moment ago. */
export const analyze = (tx: AccountTransaction, table: string) =>
  tx.execute(tx.sql`${tx.sql.raw(`ANALYZE ${table}`)}`);
