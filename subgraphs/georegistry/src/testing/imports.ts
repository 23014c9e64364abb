/** Imports of files as tests ask for them: upload, job, report. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Actor } from '@iroko/database';
import type { Files } from '@iroko/files';
import { bindJobs, enqueue, type JobRecord, jobsById, runJobsUntilIdle } from '@iroko/jobs';
import { type ImportInput, importOrgUnits } from '../imports/import-job';
import { importMapping } from '../imports/mapping';
import type { ImportReport } from '../imports/report';
import { createSource } from '../sources/edit-source';
import { everybody, filesIn } from './import-services';
import { type TestRegistry, testRegistry } from './registry';

type ImportOptions = Partial<ImportInput> & {
  name?: string;
  /** Who asks; the account's administrator without it. */
  by?: Actor;
};

export interface ImportGround extends TestRegistry {
  files: Files;
  /** Where the files lie, for a worker in another process. */
  filesFolder: string;
  /** Uploads the content and asks for its import, without running it; answers the job's id. */
  enqueue(content: string | Buffer, mapping: object, options?: ImportOptions): Promise<string>;
  /** Runs what is queued until nothing is. */
  work(): Promise<void>;
  dataSourceId: string;
  /** Uploads the content, imports it and answers the job when it has ended. */
  run(content: string | Buffer, mapping: object, options?: ImportOptions): Promise<JobRecord>;
  /** Like `run`, and fails the test unless the job succeeds. */
  report(content: string | Buffer, mapping: object, options?: ImportOptions): Promise<ImportReport>;
  text(fileId: string): Promise<string>;
}

export async function importGround(): Promise<ImportGround> {
  const registry = await testRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'iroko-imports-'));
  const files = filesIn(folder);
  const { db, database } = registry;
  const source = await createSource(db, { name: 'Source' });
  const upload = (content: string | Buffer, name: string) =>
    files.store(db, Readable.from([typeof content === 'string' ? Buffer.from(content) : content]), { name });
  const enqueueImport: ImportGround['enqueue'] = async (
    content,
    mapping,
    { name = 'file.csv', by, ...options } = {},
  ) => {
    const file = await upload(content, name);
    const input: ImportInput = {
      fileId: file.id,
      dataSourceId: source.id,
      versionId: null,
      mapping: importMapping.parse(mapping),
      dryRun: false,
      strict: false,
      absentUnits: 'REMOVE',
      ...options,
    };
    const asker = by ? database.forAccount(by) : db;
    return asker.transaction((tx) => enqueue(tx, importOrgUnits, input));
  };
  const work = async () => {
    await runJobsUntilIdle({ database, viewers: everybody, jobs: bindJobs({ files }, [importOrgUnits]) });
  };
  const run: ImportGround['run'] = async (content, mapping, options) => {
    const id = await enqueueImport(content, mapping, options);
    await work();
    const [job] = await jobsById(db, [id]);
    return job as JobRecord;
  };
  return {
    ...registry,
    files,
    filesFolder: folder,
    enqueue: enqueueImport,
    work,
    dataSourceId: source.id,
    run,
    async report(content, mapping, options) {
      const job = await run(content, mapping, options);
      if (job.status !== 'SUCCEEDED')
        throw new Error(`The import ended ${job.status}: ${JSON.stringify(job.error)}`);
      return job.result as unknown as ImportReport;
    },
    async text(fileId) {
      const { stream } = await files.open(db, fileId);
      return Buffer.concat(await stream.toArray()).toString();
    },
    async close() {
      await registry.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
