import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { seedAccount } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { WebhookStory } from './testing/webhook-story';

let identity: IdentityUnderTest;
let story: WebhookStory;
let servers: Server[];

beforeEach(async () => {
  identity = await identityUnderTest();
  story = new WebhookStory(identity, await seedAccount(identity.database));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await identity.close();
});

/** Answers its URL. */
async function receiver(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('a partner who answers more than anybody reads is cut off there, and has taken the event', async () => {
  let sent = 0;
  const url = await receiver((request, response) => {
    request.resume();
    response.writeHead(200);
    const more = () => {
      while (sent < 10_000_000 && !response.destroyed) {
        sent += 65_536;
        if (!response.write(Buffer.alloc(65_536, 'x'))) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  });
  const { webhook } = await story.make({ url });
  await story.change('a');
  expect(await story.send()).toBe(1);
  expect((await story.deliveries(webhook.id))[0]).toMatchObject({ status: 'DELIVERED', attemptCount: 1 });
  const { rows } = await identity.database.pool.query(
    'SELECT length(response_body) AS kept FROM identity.webhook_attempt',
  );
  expect(rows).toEqual([{ kept: 4096 }]);
  expect(sent).toBeLessThan(10_000_000);
});

it('partners who never answer, or never end their answer, are given up, and keep no other waiting', async () => {
  const silent = await receiver((request, response) => {
    request.resume();
    if (request.url === '/drips') {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 200);
      response.once('close', () => clearInterval(drip));
    }
  });
  const received: string[] = [];
  const other = await receiver(async (request, response) => {
    const body = await new Response(Readable.toWeb(request) as ReadableStream).text();
    received.push(JSON.parse(body).subject);
    response.writeHead(204).end();
  });
  const held = [await story.make({ url: `${silent}/silent` }), await story.make({ url: `${silent}/drips` })];
  await story.make({ url: other });
  await story.change('a');
  const sending = story.send();
  const began = Date.now();
  while (received.length === 0 && Date.now() - began < 10_000)
    await new Promise((done) => setTimeout(done, 20));
  expect(received).toEqual(['OrgUnit/a']);
  expect(await sending).toBe(3);
  for (const { webhook } of held) {
    const [delivery] = await story.deliveries(webhook.id);
    expect(delivery).toMatchObject({ status: 'PENDING', attemptCount: 1 });
    expect(delivery?.calls[0]).toMatchObject({
      responseStatus: null,
      error: expect.stringContaining('TIMEOUT'),
    });
  }
}, 60_000);
