/**
 * Identity against a real database, asked by GraphQL as the stack asks it: an authorization header and a document.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChangeCursors } from '@iroko/changes';
import type { Database } from '@iroko/database';
import { DiskStorage, Files } from '@iroko/files';
import { Cursors, executeOperation, type Subgraph } from '@iroko/graph';
import { silentLogger } from '@iroko/telemetry';
import { testDatabase } from '@iroko/testing';
import { Viewers } from '@iroko/viewer';
import { type GraphQLFormattedError, parse, validate } from 'graphql';
import { createIdentity, type Identity, type IdentityServices } from '../subgraph';

export const TEST_MASTER_KEY = Buffer.alloc(32, 7);

export interface Answer {
  data: Record<string, unknown> | null;
  errors: GraphQLFormattedError[];
  /** The code of the first error. */
  code: unknown;
}

export interface AskOptions {
  token?: string;
  variables?: Record<string, unknown>;
  remoteAddress?: string;
}

export interface IdentityUnderTest {
  settings: IdentityServices['settings'];
  database: Database;
  subgraph: Identity;
  viewers: Viewers;
  files: Files;
  /** Where their bytes are. */
  filesFolder: string;
  ask(query: string, options?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export async function identityUnderTest(
  options: { signUp?: 'open' | 'closed'; publicUrl?: () => string } = {},
): Promise<IdentityUnderTest> {
  const database = await testDatabase();
  const viewers = new Viewers(database);
  const folder = await mkdtemp(join(tmpdir(), 'iroko-identity-test-'));
  const files = new Files({
    storage: new DiskStorage(folder),
    masterKey: TEST_MASTER_KEY,
    limitBytes: 1_000_000,
    publicUrl: 'https://iroko.example.org',
  });
  const settings: IdentityServices['settings'] = {
    argon2MemoryKb: 8192,
    argon2Passes: 2,
    outboundAllow: ['127.0.0.0/8'],
    smtpUrl: undefined,
    mailFrom: 'Iroko <iroko@example.org>',
    linkUrl: undefined,
    logRetentionDays: undefined,
    signUp: options.signUp ?? 'closed',
  };
  const subgraph = createIdentity({
    settings,
    log: silentLogger,
    publicUrl: options.publicUrl ?? (() => 'https://iroko.example.org'),
    database,
    viewers,
    cursors: new Cursors(TEST_MASTER_KEY),
    changeCursors: new ChangeCursors(TEST_MASTER_KEY),
    files,
    masterKeys: [TEST_MASTER_KEY],
  });
  return {
    settings,
    database,
    subgraph,
    viewers,
    files,
    filesFolder: folder,
    ask: (query, options) => ask(subgraph, viewers, query, options),
    close: async () => {
      await viewers.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

let asked = 0;

async function ask(
  subgraph: Subgraph,
  viewers: Viewers,
  query: string,
  options: AskOptions = {},
): Promise<Answer> {
  const document = parse(query);
  const mistakes = validate(subgraph.schema, document);
  if (mistakes.length > 0)
    throw new AggregateError(mistakes, `The test's own document is wrong: ${mistakes}`);
  const viewer = await viewers.fromAuthorization(options.token ? `Bearer ${options.token}` : undefined);
  const context = subgraph.context({
    viewer,
    requestId: `test-request-${++asked}`,
    log: silentLogger,
    remoteAddress: options.remoteAddress ?? '192.0.2.1',
  });
  const { data, errors = [] } = await executeOperation(
    subgraph,
    { document, variables: options.variables ?? {} },
    context,
  );
  // As on the wire: what JSON does not carry (prototypes, undefined) is no part of an answer.
  const wire = JSON.parse(JSON.stringify({ data: data ?? null, errors }));
  return { ...wire, code: wire.errors[0]?.extensions?.code };
}
