/** The statements that put a part of the log aside. */
import type { AccountDatabase, AccountTransaction, SystemDatabase } from '@iroko/database';
import type { ChainEnd, SealedLink } from './chain';

/** Accounts whose log begins before then. */
export const accountsToArchive = (db: SystemDatabase, days: number) =>
  db.rows<{ accountId: string }>(db.sql`
    SELECT c.account_id AS "accountId" FROM platform.change_chain c
    CROSS JOIN LATERAL (
      SELECT e.at FROM platform.change_event e
      WHERE e.account_id = c.account_id AND e.position > 0 ORDER BY e.position LIMIT 1) first
    WHERE first.at < now() - make_interval(days => ${days}::int)`);

export interface ArchiveSpan {
  firstPosition: number;
  lastPosition: number;
  lastHash: Buffer;
  firstAt: Date;
  lastAt: Date;
}

/**
 * The oldest events, at most `limit` of them, that were all written before then and that every reader is past;
 * undefined when there are none.
 */
export const spanToArchive = (db: AccountDatabase, days: number, readTo: number | null, limit: number) =>
  db.maybe<ArchiveSpan>(db.sql`
    WITH oldest AS (
      SELECT e.position, e.hash, e.at,
             bool_and(e.at < now() - make_interval(days => ${days}::int)) OVER (ORDER BY e.position) AS is_old
      FROM (
        SELECT o.position, o.hash, o.at FROM platform.change_event o
        WHERE o.account_id = ${db.account} AND o.position > 0
          AND o.position <= coalesce(${readTo}::bigint, 9223372036854775807)
        ORDER BY o.position
        LIMIT ${limit}
      ) e
    )
    SELECT first.position AS "firstPosition", last.position AS "lastPosition", last.hash AS "lastHash",
           first.at AS "firstAt", last.at AS "lastAt"
    FROM (SELECT * FROM oldest WHERE is_old ORDER BY position LIMIT 1) first
    CROSS JOIN (SELECT * FROM oldest WHERE is_old ORDER BY position DESC LIMIT 1) last`);

/** The events of a span as JSON, in their order. Personal values stand there by reference, so they stay erasable. */
export const archivedLines = (db: AccountDatabase, first: number, last: number) =>
  db.stream<{ line: string }>(db.sql`
    SELECT to_jsonb(e)::text AS line FROM platform.change_event e
    WHERE e.account_id = ${db.account} AND e.position BETWEEN ${first} AND ${last}
    ORDER BY e.position`);

export const insertArchive = (tx: AccountTransaction, id: string, span: ArchiveSpan, fileId: string) =>
  tx.execute(tx.sql`
    INSERT INTO platform.change_archive
      (account_id, id, first_position, last_position, last_hash, first_at, last_at, file_id)
    VALUES (${tx.account}, ${id}, ${span.firstPosition}, ${span.lastPosition}, ${span.lastHash}, ${span.firstAt},
            ${span.lastAt}, ${fileId})`);

export const deleteArchived = (tx: AccountTransaction, span: ArchiveSpan) =>
  tx.execute(tx.sql`
    DELETE FROM platform.change_event e
    WHERE e.account_id = ${tx.account} AND e.position BETWEEN ${span.firstPosition} AND ${span.lastPosition}`);

/** What is noted of an archive: where it ends, and the file that holds it. */
export interface ArchivedSpan {
  fileId: string;
  last: ChainEnd;
}

/** The oldest first. */
export const archivedSpans = async (db: AccountDatabase): Promise<ArchivedSpan[]> => {
  const rows = await db.rows<ChainEnd & { fileId: string }>(db.sql`
    SELECT a.file_id AS "fileId", a.last_position AS position, a.last_hash AS hash FROM platform.change_archive a
    WHERE a.account_id = ${db.account}
    ORDER BY a.last_position`);
  return rows.map(({ fileId, ...last }) => ({ fileId, last }));
};

/** Events as `archivedLines` wrote them, with the digest of what they say. An event of another account is none. */
export const archivedLinks = (db: AccountDatabase, lines: readonly string[]) =>
  db.rows<SealedLink>(db.sql`
    SELECT e.id, e.position, e.previous_hash AS "previousHash", e.hash, platform.change_digest(e) AS digest
    FROM unnest(${lines}::text[]) WITH ORDINALITY AS l (line, number)
    CROSS JOIN LATERAL jsonb_populate_record(NULL::platform.change_event, l.line::jsonb) e
    WHERE e.account_id = ${db.account}
    ORDER BY l.number`);

export interface ChangeArchive {
  id: string;
  events: number;
  firstAt: Date;
  lastAt: Date;
  archivedAt: Date;
  fileId: string;
}

/** The newest first. */
export const archivesOfAccount = (db: AccountDatabase, before: string | null, limit: number) =>
  db.rows<ChangeArchive>(db.sql`
    SELECT a.id, (a.last_position - a.first_position + 1)::integer AS events, a.first_at AS "firstAt",
           a.last_at AS "lastAt", a.archived_at AS "archivedAt", a.file_id AS "fileId"
    FROM platform.change_archive a
    WHERE a.account_id = ${db.account} AND (${before}::uuid IS NULL OR a.id < ${before})
    ORDER BY a.id DESC
    LIMIT ${limit}`);

/** Held until the transaction ends: nothing is archived while somebody begins to read from an old place. */
export const lockArchive = (tx: AccountTransaction) =>
  tx.execute(tx.sql`SELECT pg_advisory_xact_lock(hashtextextended(${`change_archive ${tx.account}`}, 0))`);
