/**
 * The datasets subgraph by itself, with a database, a disk, jobs that run when asked to, and two accounts that look
 * alike: what the twin has must never appear to the first.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type AccountDatabase, type Database, newId } from '@iroko/database';
import { DiskStorage, Files } from '@iroko/files';
import { Cursors, executeOperation } from '@iroko/graph';
import { runJobsUntilIdle } from '@iroko/jobs';
import { silentLogger } from '@iroko/telemetry';
import { type SeededUnits, seedReleasedUnits, seedTwins, testDatabase } from '@iroko/testing';
import { ALL_PERMISSIONS, ANONYMOUS, type Permission, type Viewer, Viewers } from '@iroko/viewer';
import { parse } from 'graphql';
import { createDatasets } from '../index';
import { type JobOutcome, jobOutcome } from './stage.sql';

export interface StagedAccount {
  viewer: Viewer;
  db: AccountDatabase;
  units: SeededUnits;
  /** Runs an operation and answers its data; throws the first error. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of many shapes
  run(document: string, variables?: object): Promise<any>;
  /** The code of the first error. */
  codeOf(document: string, variables?: object): Promise<unknown>;
  upload(content: string | Buffer, name?: string): Promise<string>;
  /** Runs what was asked for and answers how this job ended. */
  finish(jobId: string): Promise<JobOutcome>;
  /** Makes a dataset from the content and waits for its job. */
  load(content: string | Buffer, input?: object, name?: string): Promise<JobOutcome>;
}

export interface Stage {
  database: Database;
  files: Files;
  account: StagedAccount;
  twin: StagedAccount;
  as(viewer: Viewer): Pick<StagedAccount, 'run' | 'codeOf'>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'iroko-datasets-'));
  const masterKey = randomBytes(32);
  const files = new Files({
    storage: new DiskStorage(folder),
    masterKey,
    limitBytes: 50_000_000,
    publicUrl: 'http://127.0.0.1',
  });
  const subgraph = createDatasets({ database, files, cursors: new Cursors(masterKey) });
  const viewers = new Viewers(database);

  const as = (viewer: Viewer) => {
    const execute = (document: string, variables: object = {}) =>
      executeOperation(
        subgraph,
        { document: parse(document), variables: variables as Record<string, unknown> },
        subgraph.context({ viewer, requestId: newId(), log: silentLogger }),
      );
    return {
      async run(document: string, variables?: object) {
        const { data, errors } = await execute(document, variables);
        if (errors?.[0]) throw errors[0];
        return JSON.parse(JSON.stringify(data));
      },
      async codeOf(document: string, variables?: object) {
        return (await execute(document, variables)).errors?.[0]?.extensions.code;
      },
    };
  };

  const stageAccount = async (accountId: string, userId: string): Promise<StagedAccount> => {
    const viewer = member(accountId, userId, ALL_PERMISSIONS);
    const db = database.forAccount({ accountId, userId, requestId: newId() });
    const { run, codeOf } = as(viewer);
    const upload = async (content: string | Buffer, name = 'table.csv') =>
      (await files.store(db, Readable.from([Buffer.from(content as string)]), { name })).id;
    const finish = async (jobId: string) => {
      await runJobsUntilIdle({ database, viewers, jobs: subgraph.jobs });
      return jobOutcome(db, jobId);
    };
    return {
      viewer,
      db,
      units: await seedReleasedUnits(db, ['clinic a', 'clinic b', 'clinic b']),
      run,
      codeOf,
      upload,
      finish,
      async load(content, input = {}, name = `dataset ${newId()}`) {
        const { createDataset } = await run(
          'mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { datasetId job { id } } }',
          { input: { name, fileId: await upload(content), ...input } },
        );
        return finish(createDataset.job.id);
      },
    };
  };

  const { account, twin } = await seedTwins(database);
  return {
    database,
    files,
    account: await stageAccount(account.accountId, account.administrator.userId),
    twin: await stageAccount(twin.accountId, twin.administrator.userId),
    as,
    async close() {
      await viewers.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A signed-in viewer with these permissions. */
export function member(accountId: string, userId: string, permissions: readonly Permission[]): Viewer {
  return {
    ...ANONYMOUS,
    kind: 'user',
    accountId,
    userId,
    sessionId: newId(),
    permissions: new Set(permissions),
  };
}
