/** Pairs of shapes of a comparison with a tolerance whose areas alone do not tell whether they differ. */
import type { AccountTransaction } from '@iroko/database';
import { laterStates } from './compare.sql';
import { type Sides, statesIn } from './pairs.sql';

/** Shapes of about the same area: whether they cover the same ground is for their outlines to say. */
export const createOutlines = async (
  tx: AccountTransaction,
  sides: Sides,
  tolerance: number,
): Promise<void> => {
  const shape = (column: string) => tx.sql`georegistry.shape ${tx.sql.raw(column)}`;
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE compared_outline ON COMMIT DROP AS
    SELECT DISTINCT h.hash AS before_hash, k.hash AS after_hash, greatest(h.area_m2, k.area_m2) AS area_m2,
      h.vertex_count + k.vertex_count AS positions
    FROM (${statesIn(tx, sides.before)}) b
    JOIN (${laterStates(tx, sides)}) a ON a.key = b.unit_id AND a.shape_hash <> b.shape_hash
    JOIN ${shape('h')} ON h.account_id = ${tx.account} AND h.hash = b.shape_hash
    JOIN ${shape('k')} ON k.account_id = ${tx.account} AND k.hash = a.shape_hash
    WHERE abs(h.area_m2 - k.area_m2) <= ${tolerance}::float8 * greatest(h.area_m2, k.area_m2)`);
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE compared_moved (before_hash bytea NOT NULL, after_hash bytea NOT NULL) ON COMMIT DROP`);
};

export interface OutlineRow {
  beforeHash: Buffer;
  afterHash: Buffer;
  /** The larger area of the two. */
  areaM2: number;
  positions: number;
}

export const outlines = (tx: AccountTransaction) =>
  tx.stream<OutlineRow>(
    tx.sql`
      SELECT o.before_hash AS "beforeHash", o.after_hash AS "afterHash", o.area_m2 AS "areaM2", o.positions
      FROM compared_outline o`,
    50,
  );

export const addMoved = (tx: AccountTransaction, pairs: readonly OutlineRow[]) =>
  tx.execute(tx.sql`
    INSERT INTO compared_moved (before_hash, after_hash)
    SELECT * FROM unnest(${pairs.map(({ beforeHash }) => beforeHash)}::bytea[],
      ${pairs.map(({ afterHash }) => afterHash)}::bytea[])`);

export const analyzeMoved = (tx: AccountTransaction) => tx.execute(tx.sql`ANALYZE compared_moved`);
