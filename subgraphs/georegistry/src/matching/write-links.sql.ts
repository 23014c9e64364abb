/**
 * Writing what a run found. Decisions of people are never touched; an accepted link stays one to one, whatever else
 * is accepted between the two sources; links that are found again keep their ids.
 */
import type { Readable } from 'node:stream';
import type { AccountTransaction, Statement } from '@iroko/database';
import type { MatchMethod } from './match-run';

export interface WrittenRun {
  id: string;
  method: MatchMethod;
  firstSourceId: string;
  secondSourceId: string;
}

/** Takes lines of `first unit, second unit, score, features, status` in the text format of COPY. */
export const stageLinks = async (tx: AccountTransaction, lines: Readable): Promise<void> => {
  await tx.execute(tx.sql`
    CREATE TEMPORARY TABLE found_link (first_unit_id uuid NOT NULL, second_unit_id uuid NOT NULL,
      score double precision NOT NULL, features jsonb, status text NOT NULL) ON COMMIT DROP`);
  await tx.copyIn(
    tx.sql`COPY found_link (first_unit_id, second_unit_id, score, features, status) FROM STDIN`,
    lines,
  );
  await tx.execute(tx.sql`CREATE UNIQUE INDEX ON found_link (first_unit_id, second_unit_id)`);
  await tx.execute(tx.sql`CREATE INDEX ON found_link (second_unit_id)`);
  await tx.execute(tx.sql`ANALYZE found_link`);
};

/** Undecided links of earlier runs of this method that this one did not find again. */
export const withdrawLinks = (tx: AccountTransaction, run: WrittenRun) =>
  tx.execute(tx.sql`
    DELETE FROM georegistry.link l
    WHERE l.account_id = ${tx.account} AND l.first_source_id = ${run.firstSourceId}
      AND l.second_source_id = ${run.secondSourceId} AND l.origin = ${run.method}
      AND l.decided_by IS NULL AND l.status NOT IN ('REJECTED', 'ENDED')
      AND NOT EXISTS (SELECT FROM found_link f
        WHERE f.first_unit_id = l.first_unit_id AND f.second_unit_id = l.second_unit_id)`);

/** Links that are there already: scores anew; undecided ones that are not sure any more are proposed again. */
export const refreshLinks = (tx: AccountTransaction, run: WrittenRun) =>
  tx.execute(tx.sql`
    UPDATE georegistry.link l
    SET match_run_id = ${run.id}, score = f.score, features = f.features, revision = l.revision + 1,
      updated_at = now(),
      status = CASE WHEN l.decided_by IS NULL AND l.status = 'ACCEPTED' THEN f.status ELSE l.status END,
      decided_at = CASE WHEN l.decided_by IS NULL AND l.status = 'ACCEPTED' AND f.status = 'PROPOSED' THEN NULL
        ELSE l.decided_at END
    FROM found_link f
    WHERE l.account_id = ${tx.account} AND l.first_unit_id = f.first_unit_id AND l.second_unit_id = f.second_unit_id`);

/** What would be accepted beside another accepted link of one of its units is proposed instead. */
export const yieldToAccepted = async (tx: AccountTransaction, run: WrittenRun): Promise<void> => {
  await yieldWhere(
    tx,
    run,
    tx.sql`l.first_unit_id = f.first_unit_id AND l.second_unit_id <> f.second_unit_id`,
  );
  await yieldWhere(
    tx,
    run,
    tx.sql`l.second_unit_id = f.second_unit_id AND l.first_unit_id <> f.first_unit_id`,
  );
};

const yieldWhere = (tx: AccountTransaction, run: WrittenRun, hasOther: Statement) =>
  tx.execute(tx.sql`
    UPDATE found_link f SET status = 'PROPOSED'
    FROM georegistry.link l
    WHERE f.status = 'ACCEPTED' AND l.account_id = ${tx.account} AND l.status = 'ACCEPTED'
      AND l.first_source_id = ${run.firstSourceId} AND l.second_source_id = ${run.secondSourceId}
      AND ${hasOther}`);

export const acceptProposed = (tx: AccountTransaction) =>
  tx.execute(tx.sql`
    UPDATE georegistry.link l SET status = 'ACCEPTED', decided_at = now()
    FROM found_link f
    WHERE l.account_id = ${tx.account} AND l.first_unit_id = f.first_unit_id
      AND l.second_unit_id = f.second_unit_id AND l.status = 'PROPOSED' AND f.status = 'ACCEPTED'`);

/** The index finds those that are there: a join would be planned by what was known of the table before it grew. */
export const insertFound = (tx: AccountTransaction, run: WrittenRun) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.link (account_id, id, first_source_id, second_source_id, first_unit_id, second_unit_id,
      status, score, features, origin, match_run_id, decided_at)
    SELECT ${tx.account}::uuid, platform.uuid_v7(), ${run.firstSourceId}::uuid, ${run.secondSourceId}::uuid,
      f.first_unit_id, f.second_unit_id, f.status, f.score, f.features, ${run.method}, ${run.id}::uuid,
      CASE WHEN f.status = 'ACCEPTED' THEN now() END
    FROM found_link f
    ON CONFLICT (account_id, first_unit_id, second_unit_id) DO NOTHING`);

export const countFound = (tx: AccountTransaction) =>
  tx.one<{ accepted: number; proposed: number; decided: number }>(tx.sql`
    SELECT count(*) FILTER (WHERE l.status = 'ACCEPTED' AND l.decided_by IS NULL) AS accepted,
      count(*) FILTER (WHERE l.status = 'PROPOSED') AS proposed,
      count(*) FILTER (WHERE l.decided_by IS NOT NULL) AS decided
    FROM found_link f
    JOIN georegistry.link l ON l.account_id = ${tx.account} AND l.first_unit_id = f.first_unit_id
      AND l.second_unit_id = f.second_unit_id`);
