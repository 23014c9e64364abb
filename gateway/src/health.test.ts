import { federationOf } from '../testing/federation';
import { served } from '../testing/served';

const definitions = [{ name: 'places', sdl: 'type Query { place: String }', resolvers: {} }];

describe('health and readiness', () => {
  let queueIsThere = true;
  const door = served(() => ({
    ...federationOf(definitions),
    build: { version: '1.2.3', build: 'abc1234' },
    checks: [
      { name: 'database', check: async () => undefined },
      {
        name: 'queue',
        check: async () => {
          if (!queueIsThere) throw new Error('connect ECONNREFUSED 10.0.0.7:6379');
        },
      },
    ],
  }));

  const get = async (path: string) => {
    const response = await fetch(door.url() + path);
    return { status: response.status, body: await response.json() };
  };

  it('names version and build, and every part that is there', async () => {
    expect(await get('/health')).toEqual({
      status: 200,
      body: { status: 'alive', version: '1.2.3', build: 'abc1234' },
    });
    expect(await get('/ready')).toMatchObject({
      status: 200,
      body: {
        status: 'ready',
        version: '1.2.3',
        parts: [
          { name: 'database', ok: true },
          { name: 'queue', ok: true },
        ],
      },
    });
  });

  it('names the part that is missing, and not where it was looked for', async () => {
    queueIsThere = false;
    await new Promise((resolve) => setTimeout(resolve, 1050));
    const { status, body } = await get('/ready');
    expect({ status, body }).toMatchObject({
      status: 503,
      body: { status: 'not ready', missing: ['queue'] },
    });
    expect(JSON.stringify(body)).not.toContain('10.0.0.7');
    expect((await get('/health')).status).toBe(200);
  });
});

describe('a subgraph that runs apart', () => {
  const { supergraphSdl } = federationOf(definitions);
  const door = served(() => ({
    supergraphSdl,
    // Port 9 (discard) answers nothing anywhere we test.
    subgraphs: [{ name: 'places', url: 'http://127.0.0.1:9/graphql' }],
  }));

  it('is asked by the gateway itself', async () => {
    const response = await fetch(`${door.url()}/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ missing: ['subgraph places'] });
  });

  it('is UNAVAILABLE to clients while it cannot be reached', async () => {
    for (let time = 0; time < 2; time++) {
      const { errors, data } = await door
        .gateway()
        .execute({ query: '{ place }' }, { requestId: 'request-1', authorization: undefined });
      expect(data).toEqual({ place: null });
      expect(errors).toEqual([
        {
          message: 'The service places cannot be reached at the moment.',
          extensions: { code: 'UNAVAILABLE', details: { part: 'places' } },
        },
      ]);
    }
  });
});
