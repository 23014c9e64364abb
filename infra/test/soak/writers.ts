/**
 * Fifty writers that commit, hold and undo. What committed is known from a row of their own in the same transaction:
 * a writer whose connection dies during COMMIT does not know, and the row does.
 */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type Database, newId } from '@iroko/database';
import { pause } from './seeded';

const WRITERS = 50;
/** Further than this the readers are not left behind: what they have not seen at the end must be seen in time. */
const BEHIND_MAX = 400;

export const SUBJECT_TYPE = 'SoakRecord';

export class Writers {
  attempts = 0;
  undone = 0;
  lost = 0;
  committed = 0;
  private writing = true;
  private all: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly db: AccountDatabase,
    private readonly random: () => number,
    private readonly slowestSeen: () => number,
  ) {}

  async prepare(): Promise<void> {
    await this.database.pool.query(
      'CREATE TABLE public.soak_write (id uuid PRIMARY KEY, subject text NOT NULL)',
    );
  }

  begin(): void {
    this.all = Promise.all(Array.from({ length: WRITERS }, (_, index) => this.write(`record ${index}`)));
  }

  async end(): Promise<void> {
    this.writing = false;
    await this.all;
  }

  /** Everything that committed, in the order of the log. */
  async truth(): Promise<{ id: string; subject: string; position: number | null }[]> {
    const { rows } = await this.database.pool.query(
      `SELECT w.id, w.subject, e.position::int AS position FROM public.soak_write w
       LEFT JOIN platform.change_event e ON e.account_id = $1 AND e.id = w.id ORDER BY e.position`,
      [this.db.account],
    );
    return rows;
  }

  /** Events without a write: their change would not have committed. */
  async orphans(): Promise<number> {
    const { rows } = await this.database.pool.query(
      `SELECT count(*)::int AS count FROM platform.change_event e
       WHERE e.account_id = $1 AND e.subject_type = $2 AND NOT EXISTS (SELECT FROM public.soak_write w WHERE w.id = e.id)`,
      [this.db.account, SUBJECT_TYPE],
    );
    return rows[0].count;
  }

  private async write(subject: string): Promise<void> {
    while (this.writing) {
      await pause(this.random() * 3000);
      if (!this.writing || this.committed - this.slowestSeen() > BEHIND_MAX) continue;
      const undo = this.random() < 0.15;
      const holdMs = this.random() < 0.1 ? 1500 * this.random() : 50 * this.random();
      this.attempts++;
      try {
        await this.once(subject, holdMs, undo);
        this.committed++;
      } catch (error) {
        if (error instanceof Undone) this.undone++;
        else this.lost++;
      }
    }
  }

  private async once(subject: string, holdMs: number, undo: boolean): Promise<void> {
    const record = newId();
    await this.db.transaction(async (tx) => {
      const id = await recordChange(tx, {
        subjectType: SUBJECT_TYPE,
        subjectId: subject,
        action: 'UPDATE',
        before: null,
        after: { record },
      });
      await tx.client.query('INSERT INTO public.soak_write (id, subject) VALUES ($1, $2)', [id, subject]);
      await pause(holdMs);
      if (undo) throw new Undone();
    });
  }
}

class Undone extends Error {}
