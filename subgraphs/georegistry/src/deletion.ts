/**
 * Records that are not units are deleted by a date. They leave lists, keep what versions of old say of them, and can
 * be restored for a while.
 */
import type { AccountDatabase, Statement } from '@iroko/database';
import { conflict } from '@iroko/errors';

/** How long a deleted record can be restored. */
export const RESTORABLE_DAYS = 30;

/** Condition on a table's alias: what lists show, or what was deleted and can be restored. */
export function listed(db: AccountDatabase, alias: string, deleted: boolean): Statement {
  const column = db.sql.raw(`${alias}.deleted_at`);
  return deleted
    ? db.sql`${column} > now() - make_interval(days => ${RESTORABLE_DAYS})`
    : db.sql`${column} IS NULL`;
}

/**
 * A deleted record gives its name free for others: its key gets the id behind a character that no key of a name holds.
 */
export function freedKey(nameKey: string, id: string): string {
  return `${nameKey}\u001f${id}`;
}

/** Throws CONFLICT when the record was deleted too long ago. */
export function checkRestorable(what: string, deletedAt: Date, now = new Date()): void {
  const days = (now.getTime() - deletedAt.getTime()) / 86_400_000;
  if (days > RESTORABLE_DAYS) {
    throw conflict(
      `The ${what} was deleted more than ${RESTORABLE_DAYS} days ago and cannot be restored. Make a new one.`,
    );
  }
}
