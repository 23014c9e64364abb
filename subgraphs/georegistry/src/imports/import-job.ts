/**
 * The job that imports a file. It holds the draft from its first moment, so that edits meanwhile are refused and name
 * it; it writes in one transaction that commits only while its lease is held. Whatever ends it, the tree is as before
 * or as the report says.
 */
import { recordChange } from '@iroko/changes';
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import type { FileRow, Files } from '@iroko/files';
import { defineJob, type RunningJob } from '@iroko/jobs';
import type { DetectedDialect } from '@iroko/tabular';
import { writeCsv } from '@iroko/tabular';
import { requireWholeTrees } from '@iroko/viewer';
import { z } from 'zod';
import { sourcesById } from '../sources/source.sql';
import { discardDraft, endHold, holdDraft, lockDraft } from '../versions/drafts';
import { draftOfSource } from '../versions/version.sql';
import { cancelOnAbort } from './cancel-statement';
import { importMapping } from './mapping';
import { allDefects } from './quarantine/quarantine.sql';
import { quarantinedCells, REASON_COLUMNS } from './quarantine/quarantine-csv';
import type { ImportReport } from './report';
import { type ImportSteps, runImport } from './run-import';
import { stageTable } from './staging/stage-table';
import { refreshStatistics } from './statistics.sql';
import { openTable } from './tables/input-file';
import type { InputTable } from './tables/input-table';
import { nextUnitNumber } from './tree/tree.sql';

export const importInput = z.object({
  fileId: z.string(),
  dataSourceId: z.string(),
  /** The draft that was seen; another one refuses the import. */
  versionId: z.string().nullable(),
  mapping: importMapping,
  dryRun: z.boolean(),
  strict: z.boolean(),
  absentUnits: z.enum(['REMOVE', 'KEEP']),
});
export type ImportInput = z.infer<typeof importInput>;

export interface ImportServices {
  files: Files;
}

export const importOrgUnits = defineJob<ImportInput, ImportReport, ImportServices>({
  name: 'georegistry.import-org-units',
  input: importInput as z.ZodType<ImportInput>,
  permission: 'org_units.import',
  oneAtATimeBy: ({ dataSourceId }) => dataSourceId,
  retries: 2,
  handler: async (job, input, { files }) => {
    // The scope of whoever asked may have shrunk since.
    requireWholeTrees(job.db.actor, 'An import');
    const file = await files.find(job.db, input.fileId);
    const table = await openTable(job.db, files, file, habitsOf(input));
    try {
      return input.dryRun
        ? await tryOut(job, input, { files, file, table })
        : await importHeld(job, input, { files, file, table });
    } finally {
      await table.dispose();
    }
  },
});

interface Opened {
  files: Files;
  file: FileRow;
  table: InputTable;
}

function habitsOf({ mapping }: ImportInput) {
  const { separator, encoding, decimalSign, dateOrder, header, sheet } = mapping;
  return { separator, encoding, decimalSign, dateOrder, header, sheet };
}

async function importHeld(job: RunningJob, input: ImportInput, opened: Opened): Promise<ImportReport> {
  const { dataSourceId } = input;
  const isOpen = (await draftOfSource(job.db, dataSourceId)) !== undefined;
  const { draft } = await job.db.transaction((tx) => holdDraft(tx, dataSourceId, job.id));
  try {
    if (input.versionId !== null && input.versionId !== draft.id) {
      throw conflict('The version of this import is no draft any more. Import into the open draft.', {
        versionId: draft.id,
      });
    }
    const report = await job.complete(async (tx) => {
      const stop = await cancelOnAbort(tx, job);
      try {
        const report = await runImport(tx, plan(input, opened), steps(job, input, opened));
        report.quarantine.fileId = await keepQuarantine(tx, job, opened, report);
        await recordImport(tx, report, opened.file);
        await endHold(tx, dataSourceId, job.id);
        return report;
      } finally {
        stop();
      }
    });
    // What is read next shall be planned for the tree there is now. Nothing is lost when it fails.
    await refreshStatistics(job.db).catch((error: unknown) =>
      job.logger.warn({ err: error }, 'no statistics'),
    );
    return report;
  } catch (error) {
    await job.db.transaction(async (tx) => {
      await endHold(tx, dataSourceId, job.id);
      // A draft that was opened for nothing else goes again.
      if (!isOpen) await discardDraft(tx, dataSourceId);
    });
    throw error;
  }
}

/** Carries the report of a dry run out of the transaction that is rolled back. */
class DryRunDone extends Error {
  constructor(readonly report: ImportReport) {
    super('The dry run is done.');
  }
}

async function tryOut(job: RunningJob, input: ImportInput, opened: Opened): Promise<ImportReport> {
  try {
    return await job.db.transaction(async (tx) => {
      const stop = await cancelOnAbort(tx, job);
      try {
        const report = await runImport(tx, plan(input, opened), steps(job, input, opened));
        report.quarantine.fileId = await storeQuarantine(tx, job, opened, report);
        throw new DryRunDone(report);
      } finally {
        stop();
      }
    });
  } catch (error) {
    if (error instanceof DryRunDone) return error.report;
    throw error;
  }
}

function plan({ dataSourceId, mapping, dryRun, strict, absentUnits }: ImportInput, { table }: Opened) {
  return {
    dataSourceId,
    mapping,
    dryRun,
    strict,
    keepAbsent: absentUnits === 'KEEP',
    byReferenceOnly: table.format === 'GEOPACKAGE',
    readAs: table.dialect && readAs(table.dialect),
  };
}

function readAs({ encoding, separator, decimalSign, dateOrder }: DetectedDialect): ImportReport['readAs'] {
  return { encoding, separator, decimalSign, dateOrder };
}

function steps(job: RunningJob, input: ImportInput, { table }: Opened): ImportSteps {
  return {
    stage: (tx) =>
      stageTable({
        tx,
        table,
        mapping: input.mapping,
        dataSourceId: input.dataSourceId,
        onProgress: async (bytes, rows) => {
          job.throwIfStopped();
          await job.progress(bytes, table.size, 'bytes', `${rows} rows read`);
        },
      }),
    lock: async (tx) => {
      const { dataSourceId } = input;
      await refuseMissingSource(tx, dataSourceId);
      const draft = input.dryRun
        ? await draftOfSource(tx, dataSourceId)
        : (await lockDraft(tx, dataSourceId, { jobId: job.id })).draft;
      return { draft: draft ?? null, nextNumber: await nextUnitNumber(tx, { dataSourceId }) };
    },
    say: async (message) => {
      job.throwIfStopped();
      await job.progress(table.size, table.size, 'bytes', message);
    },
  };
}

async function refuseMissingSource(db: AccountDatabase, id: string): Promise<void> {
  const [source] = await sourcesById(db, [id]);
  if (!source) throw notFound('DataSource', id);
}

async function storeQuarantine(
  tx: AccountTransaction,
  job: RunningJob,
  { files, file, table }: Opened,
  report: ImportReport,
): Promise<string | null> {
  if (report.quarantine.count === 0) return null;
  const rows = quarantinedCells(table.rows(), allDefects(tx), table.columns.length);
  const separator = table.dialect?.separator ?? ',';
  const csv = writeCsv([...REASON_COLUMNS, ...table.columns], rows, separator);
  const name = `${file.name.replace(/\.[^.]*$/, '')} quarantine.csv`;
  return (await files.store(job.db, csv, { name, contentType: 'text/csv' })).id;
}

async function keepQuarantine(
  tx: AccountTransaction,
  job: RunningJob,
  opened: Opened,
  report: ImportReport,
): Promise<string | null> {
  const id = await storeQuarantine(tx, job, opened, report);
  if (id !== null) await opened.files.keep(tx, id);
  return id;
}

/** One event, whatever the size: what changed in detail is the difference of the versions. */
async function recordImport(tx: AccountTransaction, report: ImportReport, file: FileRow): Promise<void> {
  if (!report.version) return;
  await recordChange(tx, {
    subjectType: 'SourceVersion',
    subjectId: report.version.id,
    action: 'IMPORT',
    before: null,
    after: {
      dataSourceId: report.dataSourceId,
      number: report.version.number,
      fileId: file.id,
      fileName: file.name,
      units: report.units,
      quarantined: report.quarantine.count,
    },
  });
}
