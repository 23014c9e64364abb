/**
 * All subgraphs and routes of this process over a database of the test's own, and accounts to ask as.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, testDatabaseUrl, usableRoles } from '@iroko/database';
import { executeOperation } from '@iroko/graph';
import { createHttpServer, type HttpServer } from '@iroko/http';
import { readSettings } from '@iroko/settings';
import { silentLogger } from '@iroko/telemetry';
import { getOperationAST, parse, validate } from 'graphql';
import type { HostedSubgraph } from '../../stack/hosted';
import { openServices, type StackServices } from '../../stack/services';
import { createSubgraphs } from '../../stack/subgraphs';
import { followedAnswer } from './followed';
import type { Request } from './operations';

export interface ErrorSeen {
  message: string;
  path?: readonly (string | number)[] | undefined;
  code: unknown;
  details: unknown;
}

export interface AnswerSeen {
  data: unknown;
  errors: ErrorSeen[];
}

/** A token; nobody; or nobody, in the account of that slug. */
export type Asker = string | undefined | { accountSlug: string };

export function headersOf(asker: Asker): { authorization?: string; 'x-iroko-account'?: string } {
  if (asker === undefined) return {};
  return typeof asker === 'string'
    ? { authorization: `Bearer ${asker}` }
    : { 'x-iroko-account': asker.accountSlug };
}

export interface Stage {
  services: StackServices;
  subgraphs: readonly HostedSubgraph[];
  /** As whoever the token belongs to, or as nobody, who may name an account. */
  ask(subgraph: string, request: Request, asker: Asker): Promise<AnswerSeen>;
  /** The address of the routes, without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'iroko-walk-'));
  const settings = readSettings({
    MASTER_KEY: '5'.repeat(64),
    DATA_DIR: folder,
    ARGON2_MEMORY_KB: '8192',
    // Links in mails; without it they would lead to this server, whose address nobody sets here.
    LINK_URL: 'https://iroko.example.org/link',
  });
  const databaseUrl = await testDatabaseUrl();
  const services = openServices(settings, databaseUrl, silentLogger, await usableRoles(databaseUrl));
  const subgraphs = createSubgraphs(services);
  const server = serverOf(services, subgraphs);
  const port = await server.listen('127.0.0.1', 0);
  return {
    services,
    subgraphs,
    url: `http://127.0.0.1:${port}`,
    ask: (name, request, asker) => ask(services, subgraphNamed(subgraphs, name), request, asker),
    async close() {
      await server.close(0);
      await services.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serverOf(services: StackServices, subgraphs: readonly HostedSubgraph[]): HttpServer {
  return createHttpServer({
    routes: subgraphs.flatMap(({ routes }) => routes),
    viewerOf: (headers, from) => services.viewers.fromHeaders(headers, from),
    log: silentLogger,
  });
}

function subgraphNamed(subgraphs: readonly HostedSubgraph[], name: string): HostedSubgraph {
  const found = subgraphs.find((subgraph) => subgraph.name === name);
  if (!found) throw new Error(`There is no subgraph ${name}.`);
  return found;
}

async function ask(
  services: StackServices,
  subgraph: HostedSubgraph,
  { query, variables }: Request,
  asker: Asker,
): Promise<AnswerSeen> {
  const document = parse(query);
  const mistakes = validate(subgraph.schema, document);
  if (mistakes.length > 0)
    throw new AggregateError(mistakes, `The walk's own document is wrong: ${mistakes}\n${query}`);
  const viewer = await services.viewers.fromHeaders(headersOf(asker));
  const request = { viewer, requestId: `walk-${newId()}`, log: silentLogger };
  const { data, errors = [] } =
    getOperationAST(document)?.operation === 'subscription'
      ? await followedAnswer(subgraph, document, variables, request)
      : await executeOperation(subgraph, { document, variables }, subgraph.context(request));
  return JSON.parse(
    JSON.stringify({
      data: data ?? null,
      errors: errors.map(({ message, path, extensions, originalError }) => {
        // An error without a code is a defect of ours; the gateway would hide it, this test must not.
        if (extensions.code === undefined) throw new AggregateError([originalError], `${message}\n${query}`);
        return { message, path, code: extensions.code, details: extensions.details };
      }),
    }),
  );
}
