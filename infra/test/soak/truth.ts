/** What committed, by the log itself, and whether that is what was written. */
import type { Database } from '@iroko/database';
import type { Seen } from './readers';
import type { Verdict } from './verdict';
import { SUBJECT_TYPE, type Written } from './writers';

export interface LoggedChange extends Seen {
  position: number | null;
  action: string;
  before: { description?: string } | null;
  after: { description?: string } | null;
}

/** Every change of a project, in the order of the log. */
export async function loggedChanges(database: Database, account: string): Promise<LoggedChange[]> {
  const { rows } = await database.pool.query(
    `SELECT e.id, e.subject_id AS subject, e.position::int AS position, e.action, e.fields_before AS before,
            e.fields_after AS after
     FROM platform.change_event e WHERE e.account_id = $1 AND e.subject_type = $2 ORDER BY e.position`,
    [account, SUBJECT_TYPE],
  );
  return rows;
}

/** Each project against the changes that the log tells of it. */
export function truthOf(logged: readonly LoggedChange[], written: readonly Written[]): Verdict[] {
  const edits = (id: string) => logged.filter(({ subject, action }) => subject === id && action === 'UPDATE');
  const answered = written.reduce((sum, own) => sum + own.answered.length, 0);
  return [
    {
      what: `${logged.length} changes are in the log, ${answered} of them answered, and each has its place`,
      held: answered > 100 && logged.every(({ position }) => position !== null),
    },
    {
      what: 'what was answered has its event, once',
      held: written.every(({ id, answered: own }) =>
        own.every((text) => edits(id).filter(({ after }) => after?.description === text).length === 1),
      ),
    },
    {
      what: 'what was undone has none',
      held: written.every(({ id, refused }) =>
        edits(id).every(({ after }) => !refused.includes(after?.description ?? '')),
      ),
    },
    {
      what: 'no event stands without its change, and no change without its event: each project counts as many',
      held: written.every(({ id, revision }) => edits(id).length === revision - 1),
    },
    {
      what: 'each change of a project begins where the one before ended, and the last is as the project is',
      held: written.every(({ id, description }) => {
        let last = '';
        for (const { before, after } of edits(id)) {
          if (before?.description !== last) return false;
          last = after?.description ?? '';
        }
        return last === description;
      }),
    },
  ];
}
