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
import { parse, validate } from 'graphql';
import type { HostedSubgraph } from '../../stack/hosted';
import { openServices, type StackServices } from '../../stack/services';
import { createSubgraphs } from '../../stack/subgraphs';
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

export interface Stage {
  services: StackServices;
  subgraphs: readonly HostedSubgraph[];
  /** As whoever the token belongs to, or as nobody. */
  ask(subgraph: string, request: Request, token: string | undefined): Promise<AnswerSeen>;
  /** The address of the routes, without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'iroko-walk-'));
  const settings = readSettings({ MASTER_KEY: '5'.repeat(64), DATA_DIR: folder, ARGON2_MEMORY_KB: '8192' });
  const databaseUrl = await testDatabaseUrl();
  const services = openServices(settings, databaseUrl, silentLogger, await usableRoles(databaseUrl));
  const subgraphs = createSubgraphs(services);
  const server = serverOf(services, subgraphs);
  const port = await server.listen('127.0.0.1', 0);
  return {
    services,
    subgraphs,
    url: `http://127.0.0.1:${port}`,
    ask: (name, request, token) => ask(services, subgraphNamed(subgraphs, name), request, token),
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
    viewerOf: ({ authorization }) => services.viewers.fromAuthorization(authorization),
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
  token: string | undefined,
): Promise<AnswerSeen> {
  const document = parse(query);
  const mistakes = validate(subgraph.schema, document);
  if (mistakes.length > 0)
    throw new AggregateError(mistakes, `The walk's own document is wrong: ${mistakes}\n${query}`);
  const viewer = await services.viewers.fromAuthorization(
    token === undefined ? undefined : `Bearer ${token}`,
  );
  const context = subgraph.context({ viewer, requestId: `walk-${newId()}`, log: silentLogger });
  const { data, errors = [] } = await executeOperation(subgraph, { document, variables }, context);
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
