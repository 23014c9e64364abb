import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '@iroko/database';
import { type SeededAccount, seedTwins, testDatabaseUrl } from '@iroko/testing';
import { Client } from '../../testing/client';
import { overSocket, socketClient } from '../../testing/live/subscribers';
import { smallTree } from '../../testing/tree';
import { type ProcessesApart, startApart } from './testing/processes-apart';

// Six processes load everything from its sources on what may be two busy cores.
jest.setTimeout(180_000);

const EXPORT = 'mutation ($input: ExportOrgUnitsInput!) { exportOrgUnits(input: $input) { id } }';

/** What `/ready` misses, once it misses something: for a moment it gives its last answer again. */
async function missingSoon(client: Client): Promise<string[]> {
  for (;;) {
    const response = await client.fetch('ready');
    if (response.status === 503) return ((await response.json()) as { missing: string[] }).missing;
    await pause(100);
  }
}

describe('gateway, subgraphs and workers in processes of their own', () => {
  let database: Database;
  let account: SeededAccount;
  let apart: ProcessesApart;
  let administrator: Client;

  beforeAll(async () => {
    const url = await testDatabaseUrl();
    database = new Database({ url, name: 'test' });
    ({ account } = await seedTwins(database));
    apart = await startApart(url);
    administrator = new Client(apart.url, account.administrator.apiToken);
  });

  afterAll(async () => {
    await apart?.stop();
    await database?.close();
  });

  it('are ready, and the gateway asks each', async () => {
    const response = await administrator.fetch('ready');
    const { parts } = (await response.json()) as { parts: { name: string; ok: boolean }[] };
    expect(parts.filter(({ ok }) => !ok)).toEqual([]);
    expect(parts.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'database',
        'subgraph identity',
        'subgraph georegistry',
        'subgraph submissions',
      ]),
    );
  });

  it('sign a person in, who is then known to every subgraph', async () => {
    const { email, password } = account.administrator;
    const { signIn } = await new Client(apart.url).data(
      'mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { accessToken } }',
      { email, password },
    );
    const { me } = await new Client(apart.url, signIn.accessToken).data('{ me { account { id } } }');
    expect(me.account.id).toBe(account.accountId);
  });

  it('run the journey of one process: a tree, a job of the workers, a file through the gateway', async () => {
    const tree = await smallTree(administrator);
    const { exportOrgUnits } = await administrator.data(EXPORT, {
      input: { versionId: tree.versionId, format: 'CSV' },
    });
    const { fileId, units } = await administrator.result(exportOrgUnits.id);
    expect(units).toBe(2);
    const { file } = await administrator.data('query ($id: ID!) { file(id: $id) { downloadUrl } }', {
      id: fileId,
    });
    expect(file.downloadUrl.startsWith(apart.url)).toBe(true);
    expect(await (await fetch(file.downloadUrl)).text()).toContain('République');
  });

  it('take an upload through the gateway', async () => {
    const content = Buffer.alloc(3_000_000, 'name,reference\n');
    expect(await administrator.upload('units.csv', content, 'text/csv')).toMatchObject({
      size: content.length,
    });
  });

  it.each([
    ['the gateway', () => apart.url],
    ['identity itself, for other routers', () => apart.identityUrl],
  ])('follow the log from its beginning over a WebSocket of %s', async (_, url) => {
    const sockets = socketClient(url(), account.administrator.apiToken);
    const subscriber = overSocket(sockets, {
      query: 'subscription { changes(filter: { actions: ["CREATE"] }) { cursor subjectType } }',
    });
    const [first] = await subscriber.until(2);
    expect(first).toEqual({
      data: { changes: { cursor: expect.any(String), subjectType: expect.any(String) } },
    });
    await subscriber.stop();
    await sockets.dispose();
  });

  it('name the subgraph that is gone, keep answering from the others, and stop in order', async () => {
    await apart.kill('submissions');
    expect(await missingSoon(administrator)).toEqual(['subgraph submissions']);
    expect((await administrator.data('{ me { account { id } } }')).me.account.id).toBe(account.accountId);
    const codes = await apart.stop();
    expect(codes).toEqual({
      workers: 0,
      identity: 0,
      georegistry: 0,
      datasets: 0,
      submissions: null,
      gateway: 0,
    });
  });
});
