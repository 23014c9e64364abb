/**
 * The submissions subgraph by itself, with a database, a disk and two accounts that look alike: what the twin has
 * must never appear to the first.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type AccountDatabase, type Database, newId } from '@iroko/database';
import { DiskStorage, Files } from '@iroko/files';
import { Cursors, executeOperation } from '@iroko/graph';
import { createHttpServer } from '@iroko/http';
import { silentLogger } from '@iroko/telemetry';
import { type SeededUnits, seedReleasedUnits, seedTwins, testDatabase } from '@iroko/testing';
import { ALL_PERMISSIONS, ANONYMOUS, type Permission, type Viewer } from '@iroko/viewer';
import { parse } from 'graphql';
import { createSubmissions } from '../index';
import type { SubmissionServices } from '../services';

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
}

export interface Stage {
  database: Database;
  services: SubmissionServices;
  account: StagedAccount;
  twin: StagedAccount;
  /** Where the routes are served. */
  address: string;
  as(viewer: Viewer): Pick<StagedAccount, 'run' | 'codeOf'>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'iroko-submissions-'));
  const masterKey = randomBytes(32);
  const files = new Files({
    storage: new DiskStorage(folder),
    masterKey,
    limitBytes: 50_000_000,
    publicUrl: 'http://127.0.0.1',
  });
  const services = { files, cursors: new Cursors(masterKey) };
  const subgraph = createSubmissions({ database, ...services, settings: { publicUrl: undefined } });
  const server = createHttpServer({
    routes: subgraph.routes,
    viewerOf: async () => ANONYMOUS,
    log: silentLogger,
  });
  const port = await server.listen('127.0.0.1', 0);

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
    return {
      viewer,
      db,
      units: await seedReleasedUnits(db, ['clinic a', 'clinic b']),
      ...as(viewer),
      upload: async (content, name = 'form.xml') =>
        (await files.store(db, Readable.from([Buffer.from(content as string)]), { name })).id,
    };
  };

  const { account, twin } = await seedTwins(database);
  return {
    database,
    services,
    account: await stageAccount(account.accountId, account.administrator.userId),
    twin: await stageAccount(twin.accountId, twin.administrator.userId),
    address: `http://127.0.0.1:${port}`,
    as,
    async close() {
      await server.close(0);
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
