/** What a client of the WebSocket or the event stream may do wrong, and what becomes of one that does not read. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { recordChange } from '@iroko/changes';
import { WebSocket } from 'ws';
import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';

jest.setTimeout(60_000);

let iroko: StackUnderTest;
beforeAll(async () => {
  iroko = await stackUnderTest({ LIVE_CONNECTION_LIMIT: '3', CORS_ORIGINS: 'https://maps.example.org' });
});
afterAll(() => iroko?.close());

const address = () => iroko.stack.url.replace(/^http/, 'ws').replace(/\/$/, '/graphql');
const open = (options: { protocol?: string; origin?: string; path?: string } = {}) =>
  new WebSocket(
    `${address()}${options.path ?? ''}`,
    options.protocol ?? 'graphql-transport-ws',
    options.origin ? { origin: options.origin } : {},
  );
const closing = async (socket: WebSocket) => {
  const [code, reason] = await once(socket, 'close');
  return { code, reason: String(reason) };
};
const ready = async (socket: WebSocket) => {
  await once(socket, 'open');
  return socket;
};
const refused = async (socket: WebSocket) => {
  const [, response] = await once(socket, 'unexpected-response');
  socket.on('error', () => undefined);
  socket.terminate();
  return response.statusCode;
};

it.each([
  ['what is no JSON', ['{'], 4400],
  ['a message of no known type', ['{"type":"hello"}'], 4400],
  [
    'an operation before it has said who it is',
    ['{"type":"subscribe","id":"1","payload":{"query":"{ me { kind } }"}}'],
    4401,
  ],
  ['who it is twice', ['{"type":"connection_init"}', '{"type":"connection_init"}'], 4429],
  [
    'a token that is none',
    ['{"type":"connection_init","payload":{"authorization":"Bearer iroko_wrong"}}'],
    4403,
  ],
])('a client that sends %s is told by the code of the close', async (_, messages, code) => {
  const socket = await ready(open());
  const closed = closing(socket);
  for (const message of messages) socket.send(message);
  expect((await closed).code).toBe(code);
});

it('a page of another origin may not connect, unless it is listed', async () => {
  expect(await refused(open({ origin: 'https://elsewhere.example.org' }))).toBe(403);
  const listed = await ready(open({ origin: 'https://maps.example.org' }));
  listed.close();
  await once(listed, 'close');
});

it('a WebSocket of another protocol or address is refused as HTTP', async () => {
  expect(await refused(open({ protocol: 'graphql-ws' }))).toBe(400);
  expect(await refused(open({ path: '/elsewhere' }))).toBe(404);
});

it('one address has no more connections than the limit', async () => {
  const sockets = await Promise.all([open(), open(), open()].map(ready));
  expect(await refused(open())).toBeGreaterThanOrEqual(400);
  for (const socket of sockets) socket.close();
  await Promise.all(sockets.map((socket) => once(socket, 'close')));
});

it('a reader who takes nothing is not read for: the server keeps a batch and a buffer, however much is written', async () => {
  const { hostname, port } = new URL(iroko.stack.url);
  const socket = connect(Number(port), hostname);
  const body = JSON.stringify({ query: 'subscription { changes { id after } }' });
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\nauthorization: Bearer ${iroko.account.administrator.apiToken}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await once(socket, 'readable');
  const db = iroko.database.forAccount(iroko.account.actor);
  const text = 'x'.repeat(100_000);
  for (let index = 0; index < 300; index++) {
    await db.transaction((tx) =>
      recordChange(tx, {
        subjectType: 'OrgUnit',
        subjectId: `large ${index}`,
        action: 'NOTE',
        before: null,
        after: { text },
      }),
    );
  }
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const server = await serverBytes(socket.localPort ?? 0);
  expect(server).toBeLessThan(10_000_000);
  socket.destroy();
});

/** What the server in this process holds for the client at that port, not yet taken by the system. */
async function serverBytes(port: number): Promise<number> {
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  const socket = handles.find((each) => (each as { remotePort?: number }).remotePort === port);
  return (socket as { writableLength?: number } | undefined)?.writableLength ?? Number.NaN;
}
