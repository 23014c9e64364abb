/**
 * The registry against a real database, asked by GraphQL as the stack asks it, with an account and its twin. What a
 * test asks as the one, nothing of the other may appear in.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountDatabase, Database } from '@iroko/database';
import { DiskStorage, Files } from '@iroko/files';
import { Cursors, executeOperation } from '@iroko/graph';
import { silentLogger } from '@iroko/telemetry';
import { type SeededAccount, type SeededMember, seedTwins, testDatabase } from '@iroko/testing';
import { Viewers } from '@iroko/viewer';
import { type GraphQLFormattedError, parse, validate } from 'graphql';
import { createGeoregistry } from '../subgraph';

// biome-ignore lint/suspicious/noExplicitAny: answers have the shape of each test's own query
export type Data = any;

export interface Answer {
  data: Data;
  errors: GraphQLFormattedError[];
  /** The code of the first error. */
  code: string | undefined;
}

export interface TestRegistry {
  database: Database;
  account: SeededAccount;
  twin: SeededAccount;
  /** The handle of the account. */
  db: AccountDatabase;
  subgraph: ReturnType<typeof createGeoregistry>;
  files: Files;
  /** Asks as the account's administrator, or as the member named; null is nobody, a slug nobody in that account. */
  ask(
    query: string,
    variables?: Record<string, unknown>,
    member?: Pick<SeededMember, 'accessToken'> | { slug: string } | null,
  ): Promise<Answer>;
  /** Like `ask`, and the answer without errors is all there is. */
  data(query: string, variables?: Record<string, unknown>): Promise<Data>;
  close(): Promise<void>;
}

export async function testRegistry(): Promise<TestRegistry> {
  const database = await testDatabase();
  const { account, twin } = await seedTwins(database);
  const viewers = new Viewers(database);
  const folder = await mkdtemp(join(tmpdir(), 'iroko-registry-'));
  const masterKey = Buffer.alloc(32, 7);
  const files = new Files({
    storage: new DiskStorage(folder),
    masterKey,
    limitBytes: 1_000_000,
    publicUrl: '',
  });
  const subgraph = createGeoregistry({ database, cursors: new Cursors(masterKey), files });
  const ask: TestRegistry['ask'] = async (query, variables = {}, member = account.administrator) => {
    const document = parse(query);
    const mistakes = validate(subgraph.schema, document);
    if (mistakes.length > 0) throw new AggregateError(mistakes, `The test's own document: ${mistakes}`);
    const viewer = await viewers.fromHeaders(headersOf(member));
    const context = subgraph.context({ viewer, requestId: 'test-request', log: silentLogger });
    const result = await executeOperation(subgraph, { document, variables }, context);
    const wire = JSON.parse(JSON.stringify({ data: result.data ?? null, errors: result.errors ?? [] }));
    return { ...wire, code: wire.errors[0]?.extensions?.code };
  };
  return {
    database,
    account,
    twin,
    db: database.forAccount(account.actor),
    subgraph,
    files,
    ask,
    data: async (query, variables) => {
      const { data, errors } = await ask(query, variables);
      expect(errors).toEqual([]);
      return data;
    },
    close: async () => {
      await viewers.close();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

function headersOf(asker: { accessToken: string } | { slug: string } | null) {
  if (asker === null) return {};
  return 'slug' in asker
    ? { 'x-iroko-account': asker.slug }
    : { authorization: `Bearer ${asker.accessToken}` };
}
