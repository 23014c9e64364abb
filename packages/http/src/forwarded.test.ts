/**
 * Where a request comes from decides what it is limited by, and stands in the log: so nobody may choose it.
 */
import { silentLogger } from '@iroko/telemetry';
import { ANONYMOUS } from '@iroko/viewer';
import { createHttpServer, type HttpServer } from './server';

let server: HttpServer | undefined;
afterEach(() => server?.close(0));

/** The address that a request is counted by, as the route and whoever builds the viewer are told. */
async function countedAs(
  trustProxy: string[],
  forwarded?: string,
): Promise<{ route: string; viewer: string }> {
  let viewer = '';
  server = createHttpServer({
    routes: [
      {
        method: 'GET',
        path: '/',
        description: 'Says where a request comes from.',
        async handler(request) {
          await request.viewer();
          return { body: request.remoteAddress };
        },
      },
    ],
    viewerOf: async (_, { source }) => {
      viewer = source();
      return ANONYMOUS;
    },
    log: silentLogger,
    trustProxy,
  });
  const port = await server.listen('127.0.0.1', 0);
  const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers });
  return { route: await response.text(), viewer };
}

const PROXY = '127.0.0.1';

it.each<[string, string[], string | undefined, string]>([
  ['a forged address counts for nothing where no proxy is trusted', [], '203.0.113.9', PROXY],
  ['a trusted proxy is believed', [PROXY], '203.0.113.9', '203.0.113.9'],
  ['what a client tells a trusted proxy is not', [PROXY], '192.0.2.66, 203.0.113.9', '203.0.113.9'],
  ['a chain is followed while it is trusted', [PROXY, '10.0.0.0/8'], '203.0.113.9, 10.0.0.7', '203.0.113.9'],
  ['and not beyond', [PROXY, '10.0.0.0/8'], '192.0.2.66, 203.0.113.9, 10.0.0.7', '203.0.113.9'],
  ['another proxy is not believed', ['192.0.2.1'], '203.0.113.9', PROXY],
  ['without the header it is the connection that counts', [PROXY], undefined, PROXY],
])('%s', async (_, trusted, forwarded, expected) => {
  expect(await countedAs(trusted, forwarded)).toEqual({ route: expected, viewer: expected });
});

it('of an IPv6 address behind a proxy the network counts', async () => {
  expect(await countedAs([PROXY], '2001:db8:1:2::7')).toEqual({
    route: '2001:db8:1:2::7',
    viewer: '2001:db8:1:2::/64',
  });
});
