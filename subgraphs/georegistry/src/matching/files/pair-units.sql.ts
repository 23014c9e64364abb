/** Units that a file names, and what is linked among them already. */
import { type AccountDatabase, type AccountTransaction, isId } from '@iroko/database';
import type { LinkStatus } from '../../links/link';

export type NamedBy = 'ID' | 'REFERENCE';

/** By the text that names them: their id, or their reference in the source. */
export const unitsNamed = (db: AccountDatabase, source: string, by: NamedBy, texts: readonly string[]) =>
  by === 'ID'
    ? db.rows<{ text: string; id: string; dataSourceId: string }>(db.sql`
        SELECT u.id::text AS text, u.id, u.data_source_id AS "dataSourceId" FROM georegistry.org_unit u
        WHERE u.account_id = ${db.account} AND u.id = ANY(${texts.filter(isId)}::uuid[])`)
    : db.rows<{ text: string; id: string; dataSourceId: string }>(db.sql`
        SELECT u.reference AS text, u.id, u.data_source_id AS "dataSourceId" FROM georegistry.org_unit u
        WHERE u.account_id = ${db.account} AND u.data_source_id = ${source}
          AND u.reference = ANY(${texts.map((text) => text.replaceAll('\0', ''))}::text[])`);

export interface LinkedPair {
  id: string;
  firstUnitId: string;
  secondUnitId: string;
  status: LinkStatus;
  decidedBy: string | null;
}

/** All links between the two sources, locked: the upload decides over them as a whole. */
export const linksBetween = (tx: AccountTransaction, firstSourceId: string, secondSourceId: string) =>
  tx.rows<LinkedPair>(tx.sql`
    SELECT l.id, l.first_unit_id AS "firstUnitId", l.second_unit_id AS "secondUnitId", l.status,
      l.decided_by AS "decidedBy"
    FROM georegistry.link l
    WHERE l.account_id = ${tx.account} AND l.first_source_id = ${firstSourceId}
      AND l.second_source_id = ${secondSourceId}
    FOR NO KEY UPDATE`);

export interface UploadedLink {
  id: string;
  firstUnitId: string;
  secondUnitId: string;
  status: LinkStatus;
  score: number;
  reason: string | null;
}

export interface UploadOf {
  runId: string;
  firstSourceId: string;
  secondSourceId: string;
}

const recordset = (tx: AccountTransaction, links: readonly UploadedLink[]) => tx.sql`
  jsonb_to_recordset(${JSON.stringify(links)}::jsonb) AS f (id uuid, "firstUnitId" uuid, "secondUnitId" uuid,
    status text, score double precision, reason text)`;

export const insertUploaded = (tx: AccountTransaction, run: UploadOf, links: readonly UploadedLink[]) =>
  tx.execute(tx.sql`
    INSERT INTO georegistry.link (account_id, id, first_source_id, second_source_id, first_unit_id, second_unit_id,
      status, score, origin, match_run_id, decided_by, decided_at, reason)
    SELECT ${tx.account}::uuid, f.id, ${run.firstSourceId}::uuid, ${run.secondSourceId}::uuid, f."firstUnitId",
      f."secondUnitId", f.status, f.score, 'UPLOAD', ${run.runId}::uuid,
      CASE WHEN f.status <> 'PROPOSED' THEN ${tx.actor.userId ?? null}::uuid END,
      CASE WHEN f.status <> 'PROPOSED' THEN now() END, f.reason
    FROM ${recordset(tx, links)}`);

/** Decisions of the file on links that are there. */
export const decideUploaded = (tx: AccountTransaction, run: UploadOf, links: readonly UploadedLink[]) =>
  tx.execute(tx.sql`
    UPDATE georegistry.link l
    SET status = f.status, reason = f.reason, match_run_id = ${run.runId}, revision = l.revision + 1,
      updated_at = now(), decided_by = ${tx.actor.userId ?? null}::uuid, decided_at = now()
    FROM ${recordset(tx, links)}
    WHERE l.account_id = ${tx.account} AND l.id = f.id`);
