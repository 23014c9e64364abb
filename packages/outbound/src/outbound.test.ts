import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { type Call, Outbound } from './outbound';
import type { ResolvedAddress } from './target';
import { CERTIFICATE, KEY } from './testing/certificate';

const open: TcpServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    (server as Partial<Server>).closeAllConnections?.();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listening<Any extends TcpServer>(server: Any): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
const serve = (handler: RequestListener) => listening(createServer(handler));

const LOOPBACK = ['127.0.0.0/8'];
const limits = { method: 'GET', timeoutMs: 5000, maxBytes: 1000 } as const;
const call = (outbound: Outbound, url: string, more: Partial<Call> = {}) =>
  outbound.call({ ...limits, url, ...more });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );

/** A resolver that answers from a list, one answer a time, and remembers what it was asked for. */
function resolver(...answers: ResolvedAddress[][]) {
  const asked: string[] = [];
  const resolve = async (hostname: string) => {
    asked.push(hostname);
    const answer = answers[asked.length - 1];
    if (!answer) throw new Error('ENOTFOUND');
    return answer;
  };
  return { resolve, asked };
}
const v4 = (address: string): ResolvedAddress => ({ address, family: 4 });

describe('a call', () => {
  it('sends method, headers and body, and answers status, headers and body', async () => {
    const port = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.setHeader(
        'x-seen',
        `${request.method} ${request.headers['webhook-id']} ${request.headers.host}`,
      );
      response.writeHead(202).end(Buffer.concat(chunks));
    });
    const answer = await call(new Outbound({ allow: LOOPBACK }), `http://127.0.0.1:${port}/hook?a=1#part`, {
      method: 'POST',
      headers: { 'webhook-id': 'msg_1' },
      body: 'naïve',
    });
    expect(answer).toMatchObject({ status: 202, cut: false });
    expect(answer.headers['x-seen']).toBe(`POST msg_1 127.0.0.1:${port}`);
    expect(answer.body.toString()).toBe('naïve');
  });

  it('does not follow a redirect, but answers it', async () => {
    const paths: string[] = [];
    const port = await serve((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await call(new Outbound({ allow: LOOPBACK }), `http://127.0.0.1:${port}/first`);
    expect(answer.status).toBe(302);
    expect(paths).toEqual(['/first']);
  });

  it('resolves a name once and connects there, whatever the name says the second time', async () => {
    const port = await serve((request, response) => response.end(request.headers.host));
    const names = resolver([v4('127.0.0.1')], [v4('10.0.0.1')]);
    const outbound = new Outbound({ allow: LOOPBACK, resolve: names.resolve });
    const answer = await call(outbound, `http://hooks.example.org:${port}/`);
    expect(answer.body.toString()).toBe(`hooks.example.org:${port}`);
    expect(names.asked).toEqual(['hooks.example.org']);
  });

  it('checks again each time: a name that moved to a private address is refused', async () => {
    const port = await serve((_, response) => response.end());
    const names = resolver([v4('127.0.0.1')], [v4('10.0.0.1')]);
    const outbound = new Outbound({ allow: LOOPBACK, resolve: names.resolve });
    await call(outbound, `http://hooks.example.org:${port}/`);
    expect(await failure(call(outbound, `http://hooks.example.org:${port}/`))).toMatchObject({
      reason: 'REFUSED',
    });
  });
});

describe('an address is refused', () => {
  const outbound = new Outbound({ allow: [] });
  it.each([
    'http://127.0.0.1:5432/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'https://10.0.0.1/',
    'http://0.0.0.0/',
  ])('%s, naming the setting', async (url) => {
    for (const refused of [failure(call(outbound, url)), failure(outbound.check(url))]) {
      expect(await refused).toMatchObject({
        reason: 'REFUSED',
        mayPass: false,
        message: expect.stringContaining('OUTBOUND_ALLOW'),
      });
    }
  });

  it('when one of several addresses of the name is not public, without telling which', async () => {
    const names = resolver([v4('93.184.216.34'), v4('10.20.30.40')]);
    const refused = await failure(
      call(new Outbound({ allow: [], resolve: names.resolve }), 'http://both.example.org/'),
    );
    expect(refused).toMatchObject({ reason: 'REFUSED' });
    expect((refused as Error).message).not.toContain('10.20.30.40');
  });

  it('localhost, by its real name', async () => {
    expect(await failure(call(outbound, 'http://localhost:1/'))).toMatchObject({ reason: 'REFUSED' });
  });

  it('on another port than the one that is allowed', async () => {
    const port = await serve((_, response) => response.end('here'));
    const allowed = new Outbound({ allow: [`127.0.0.1:${port}`] });
    expect((await call(allowed, `http://127.0.0.1:${port}/`)).body.toString()).toBe('here');
    expect(await failure(call(allowed, `http://127.0.0.1:${port + 1}/`))).toMatchObject({
      reason: 'REFUSED',
    });
  });
});

it.each([
  ['', 'no address'],
  ['hooks.example.org', 'no address'],
  ['ftp://example.org/', 'ftp:'],
  ['file:///etc/passwd', 'file:'],
  ['javascript:alert(1)', 'javascript:'],
  ['https://user:word@example.org/', 'user name or password'],
  [`https://example.org/${'a'.repeat(3000)}`, '2048'],
])('%p is no address to call', async (url, words) => {
  const outbound = new Outbound({ allow: ['0.0.0.0/0', '::/0'] });
  for (const refused of [failure(call(outbound, url)), failure(outbound.check(url))]) {
    expect(await refused).toMatchObject({
      reason: 'URL',
      mayPass: false,
      message: expect.stringContaining(words),
    });
  }
});

describe('a check in advance', () => {
  it('takes a public address, and a name that leads nowhere yet', async () => {
    const names = resolver([v4('93.184.216.34')]);
    const outbound = new Outbound({ allow: [], resolve: names.resolve });
    await outbound.check('https://hooks.example.org/');
    await outbound.check('https://not-yet.example.org/');
  });

  it('does not wait for a resolver that hangs', async () => {
    const outbound = new Outbound({ allow: [], resolve: () => new Promise(() => undefined) });
    expect(await failure(outbound.check('https://hooks.example.org/', 20))).toMatchObject({
      reason: 'TIMEOUT',
    });
  });
});

describe('an answer', () => {
  const outbound = new Outbound({ allow: LOOPBACK });

  it('that is too large is refused, or cut where only its beginning counts', async () => {
    let sent = 0;
    const port = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && sent < 50_000_000) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536, 'x'))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const url = `http://127.0.0.1:${port}/`;
    expect(await failure(call(outbound, url))).toMatchObject({ reason: 'TOO_LARGE', mayPass: true });
    const cut = await call(outbound, url, { whenTooLarge: 'cut' });
    expect(cut).toMatchObject({ status: 200, cut: true });
    expect(cut.body).toHaveLength(1000);
    expect(sent).toBeLessThan(50_000_000);
  });

  it('of exactly the largest size is whole', async () => {
    const port = await serve((_, response) => response.end('x'.repeat(1000)));
    const { body, cut } = await call(outbound, `http://127.0.0.1:${port}/`);
    expect([body.length, cut]).toEqual([1000, false]);
  });

  it.each<[string, RequestListener]>([
    ['never comes', () => undefined],
    ['never ends', (_, response) => void response.writeHead(200).write('x')],
  ])('that %s is given up in time', async (_, handler) => {
    const port = await serve(handler);
    const late = await failure(call(outbound, `http://127.0.0.1:${port}/`, { timeoutMs: 100 }));
    expect(late).toMatchObject({ reason: 'TIMEOUT', mayPass: true });
  });

  it('is no longer waited for when the caller gives up', async () => {
    const caller = new AbortController();
    const port = await serve(() => caller.abort());
    const end = failure(call(outbound, `http://127.0.0.1:${port}/`, { signal: caller.signal }));
    expect(await end).toMatchObject({ reason: 'STOPPED' });
    expect(await failure(call(outbound, 'http://x.example.org/', { signal: caller.signal }))).toMatchObject({
      reason: 'STOPPED',
    });
  });

  it.each<[string, string | null]>([
    ['hangs up', null],
    ['speaks another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    [
      'switches to a protocol that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ],
    ['sends headers without end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`],
    ['breaks off', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
  ])('of a server that %s is a failed connection', async (_, words) => {
    const port = await listening(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => (words === null ? socket.destroy() : socket.end(words)));
      }),
    );
    const failed = await failure(call(outbound, `http://127.0.0.1:${port}/`));
    expect(failed).toMatchObject({ reason: 'CONNECTION', mayPass: true });
  });

  it('of nobody is a failed connection', async () => {
    const port = await serve(() => undefined);
    const [server] = open.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    expect(await failure(call(outbound, `http://127.0.0.1:${port}/`))).toMatchObject({
      reason: 'CONNECTION',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('a name', () => {
  it('that leads nowhere is no connection', async () => {
    const outbound = new Outbound({ allow: [], resolve: resolver().resolve });
    expect(await failure(call(outbound, 'http://no.example.org/'))).toMatchObject({
      reason: 'NAME',
      mayPass: true,
    });
  });

  it('is what the certificate must prove, over https', async () => {
    const asked: string[] = [];
    const server = createTlsServer({
      key: KEY,
      cert: CERTIFICATE,
      SNICallback(name, answer) {
        asked.push(name);
        answer(null);
      },
    });
    const port = await listening(server);
    const names = resolver([v4('127.0.0.1')]);
    const outbound = new Outbound({ allow: LOOPBACK, resolve: names.resolve });
    const failed = await failure(call(outbound, `https://hooks.example.org:${port}/`));
    expect(failed).toMatchObject({ reason: 'TLS', message: expect.stringContaining('SELF_SIGNED') });
    expect(asked).toEqual(['hooks.example.org']);
  });
});
