/** The baseline's process: graphql-js behind node:http, documents parsed and validated once. */
import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Database } from '@iroko/database';
import { type DocumentNode, execute, parse, validate } from 'graphql';
import { plainContext, plainRoot, plainSchema } from './plain-schema';

const { DATABASE_URL = '', DATABASE_CONNECTIONS = '10', BENCH_ACCOUNT = '' } = process.env;
const database = new Database({
  url: DATABASE_URL,
  name: 'baseline',
  maxConnections: Number(DATABASE_CONNECTIONS),
});
const documents = new Map<string, DocumentNode>();

function documentOf(query: string): DocumentNode {
  const known = documents.get(query);
  if (known) return known;
  const document = parse(query);
  const [error] = validate(plainSchema, document);
  if (error) throw error;
  documents.set(query, document);
  return document;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    try {
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
      const db = database.forAccount({ accountId: BENCH_ACCOUNT, requestId: 'baseline' });
      const answer = await execute({
        schema: plainSchema,
        document: documentOf(query),
        rootValue: plainRoot,
        contextValue: plainContext(db),
        variableValues: variables,
      });
      const body = JSON.stringify(answer);
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
});

server.listen(0, '127.0.0.1', () => {
  process.send?.({ ready: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` } });
});
process.on('disconnect', () => process.exit(0));
