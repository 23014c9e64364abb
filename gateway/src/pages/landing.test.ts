import { federationOf } from '../../testing/federation';
import { served } from '../../testing/served';

describe('the landing page', () => {
  const door = served(() =>
    federationOf([{ name: 'places', sdl: 'type Query { place: String }', resolvers: {} }]),
  );
  const get = (path: string, headers = {}) => fetch(door.url() + path, { headers });

  it('loads only what this server serves', async () => {
    const page = await (await get('/')).text();
    const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address as string);
    expect(loaded.length).toBeGreaterThan(5);
    for (const address of loaded) {
      expect(address).toMatch(/^\/assets\//);
      const response = await get(address);
      expect([address, response.status]).toEqual([address, 200]);
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
  });

  it('may load nothing else, and stand in no other page', async () => {
    const policy = (await get('/')).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|unsafe|\*/);
  });

  it('is not sent again while it is unchanged', async () => {
    const first = await get('/assets/graphiql.js', { 'accept-encoding': 'gzip' });
    expect(first.headers.get('content-encoding')).toBe('gzip');
    await first.arrayBuffer();
    const again = await get('/assets/graphiql.js', { 'if-none-match': first.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });
});
