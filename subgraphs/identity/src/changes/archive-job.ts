/** Puts events that are older than the operator keeps them into files, once a day. */
import { accountsToArchive, archiveContent, closeArchive, lockArchive, spanToArchive } from '@iroko/changes';
import type { Files } from '@iroko/files';
import { defineJob, type JobDefinition } from '@iroko/jobs';
import { z } from 'zod';
import { slowestReader } from './archives.sql';

/** Events of one file. */
const FILE_EVENTS = 50_000;

type ArchiveJob = JobDefinition<Record<string, never>, { files: number; events: number }, { files: Files }>;

/** `days`: how long events stay in the log; null keeps them for ever. */
export const archiveChanges = (days: number | null): ArchiveJob =>
  defineJob({
    name: 'identity.archiveChanges',
    input: z.strictObject({}),
    schedule: {
      everyHours: 24,
      accounts: async (system) =>
        days === null ? [] : (await accountsToArchive(system, days)).map(({ accountId }) => accountId),
    },
    handler: async (job, _input, { files }) => {
      const done = { files: 0, events: 0 };
      while (days !== null) {
        job.throwIfStopped();
        const { position } = await slowestReader(job.db);
        const span = await spanToArchive(job.db, days, position, FILE_EVENTS);
        if (!span) break;
        const { firstPosition, lastPosition } = span;
        const name = `changes ${firstPosition} to ${lastPosition}.jsonl.gz`;
        const file = await files.store(job.db, archiveContent(job.db, span), { name });
        const closed = await job.commit(async (tx) => {
          await lockArchive(tx);
          const now = await slowestReader(tx);
          if (now.position !== null && now.position < lastPosition) return false;
          await files.keep(tx, file.id);
          await closeArchive(tx, span, file.id);
          return true;
        });
        // Somebody began to read from an old place while the file was written: another day's turn takes it.
        if (!closed) break;
        done.files += 1;
        done.events += lastPosition - firstPosition + 1;
        await job.progress(done.events, null, 'events');
      }
      return done;
    },
  });
