/** Three kinds of reader. Each stops and comes back, by itself and when what it reads from is killed. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Followed, followChanges } from '@iroko/client';
import { ApiClient } from '../../src/client/api-client';
import { pause } from './seeded';
import { SUBJECT_TYPE } from './writers';

export interface Seen {
  id: string;
  subject: string;
}

export interface SoakReader {
  readonly name: string;
  /** In the order of arrival; a duplicate stands twice. */
  readonly seen: Seen[];
  stop(): Promise<void>;
}

const PAGE = `query ($after: String, $first: Int!, $type: String!) {
  changes(after: $after, first: $first, filter: { subjectType: $type }) {
    edges { cursor node { id subjectId } } pageInfo { endCursor }
  }
}`;

interface Page {
  changes: {
    edges: { cursor: string; node: { id: string; subjectId: string } }[];
    pageInfo: { endCursor: string | null };
  };
}

/** Asks for page after page; now and then it forgets the end of a page, as a crash would make it. */
export function cursorReader(url: string, token: string, random: () => number): SoakReader {
  const client = new ApiClient(url, token);
  const seen: Seen[] = [];
  let reading = true;
  const all = (async () => {
    let after: string | null = null;
    while (reading) {
      const first = 1 + Math.floor(random() * 100);
      try {
        const page: Page = await client.graphql(PAGE, { after, first, type: SUBJECT_TYPE });
        const { edges, pageInfo }: Page['changes'] = page.changes;
        const forgets = random() < 0.2 && edges.length > 0;
        const kept = forgets ? edges.slice(0, Math.floor(random() * edges.length)) : edges;
        seen.push(...kept.map(({ node }) => ({ id: node.id, subject: node.subjectId })));
        const reached: string | null | undefined = forgets ? kept.at(-1)?.cursor : pageInfo.endCursor;
        after = reached ?? after;
        await pause(random() * 300);
      } catch {
        // Whatever is being killed comes back.
        await pause(300);
      }
    }
  })();
  const stop = async () => {
    reading = false;
    await all;
  };
  return { name: 'cursor', seen, stop };
}

interface SoakEvent {
  id: string;
  subjectId: string;
}

/** The client package, stopped and begun again at random behind what it kept. */
export function subscriptionReader(url: string, token: string, random: () => number): SoakReader {
  const seen: Seen[] = [];
  let reading = true;
  let leaving = new AbortController();
  const all = (async () => {
    let after: string | null = null;
    while (reading) {
      leaving = new AbortController();
      const restart = setTimeout(() => leaving.abort(), 2000 + random() * 15_000);
      const feed: AsyncGenerator<Followed<SoakEvent>> = followChanges<SoakEvent>({
        url,
        token,
        after,
        filter: { subjectType: SUBJECT_TYPE },
        selection: 'id subjectId',
        retryMs: { first: 200, most: 2000 },
        signal: leaving.signal,
      });
      for await (const { event, cursor } of feed) {
        seen.push({ id: event.id, subject: event.subjectId });
        after = cursor;
      }
      clearTimeout(restart);
    }
  })();
  const stop = async () => {
    reading = false;
    leaving.abort();
    await all;
  };
  return { name: 'subscription', seen, stop };
}

export interface WebhookReader extends SoakReader {
  /** `host:port` of the receiver. */
  readonly address: string;
  /** Deliveries whose `webhook-id` is not the id of their event. */
  readonly mismarked: number;
}

/** A receiver that takes most calls, and is sometimes out of order right after it has taken one. */
export async function webhookReader(random: () => number): Promise<WebhookReader> {
  const seen: Seen[] = [];
  let mismarked = 0;
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const event = JSON.parse(body) as { id: string; data: { subjectId: string } };
      if (request.headers['webhook-id'] !== event.id) mismarked++;
      seen.push({ id: event.id, subject: event.data.subjectId });
      response.statusCode = random() < 0.01 ? 503 : 204;
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    name: 'webhook',
    seen,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get mismarked() {
      return mismarked;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
