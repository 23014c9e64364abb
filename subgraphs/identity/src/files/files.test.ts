import { newId } from '@iroko/database';
import { enqueueScheduled, runJobsUntilIdle } from '@iroko/jobs';
import { bearer, codeOf, FILE, FilesDoor } from '../testing/files-door';

let at: FilesDoor;
beforeAll(async () => {
  at = await FilesDoor.open();
});
afterAll(() => at.close());

describe('a download', () => {
  it('answers the bytes with headers that let nothing run', async () => {
    const file = await at.uploaded('<html><script>alert(1)</script>', 'page "é".html');
    const response = await fetch(await at.linkTo(file.id));
    expect(await response.text()).toBe('<html><script>alert(1)</script>');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/xml',
      'content-length': '31',
      'content-disposition': `attachment; filename="page _e_.html"; filename*=UTF-8''page%20%22%C3%A9%22.html`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'accept-ranges': 'bytes',
      etag: `"${file.sha256}"`,
    });
    const head = await fetch(await at.linkTo(file.id), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '31']);
  });

  it.each([
    ['bytes=2-4', 206, 'cde', 'bytes 2-4/10'],
    ['bytes=7-', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=-2', 206, 'ij', 'bytes 8-9/10'],
    ['bytes=5-100', 206, 'fghij', 'bytes 5-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=4-2', 200, 'abcdefghij', null],
    ['lines=1-2', 200, 'abcdefghij', null],
  ])('takes the range %s', async (range, status, body, contentRange) => {
    const { id } = await at.uploaded('abcdefghij');
    const response = await fetch(await at.linkTo(id), { headers: { range } });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  it('by a changed link, or one for another file or account, finds nothing, as for an id that never was', async () => {
    const { id } = await at.uploaded();
    const other = await at.uploaded();
    const link = new URL(await at.linkTo(id));
    const changed = (change: (url: URL) => void) => {
      const url = new URL(link);
      change(url);
      return url;
    };
    for (const url of [
      changed((each) => each.searchParams.set('account', at.twin.accountId)),
      changed((each) => each.searchParams.set('expires', '99999999999')),
      changed((each) => each.searchParams.set('signature', 'AAAA')),
      changed((each) => each.searchParams.delete('signature')),
      changed((each) => {
        each.pathname = `/files/${other.id}`;
      }),
      changed((each) => {
        each.pathname = `/files/${newId()}`;
      }),
      changed((each) => {
        each.pathname = '/files/no-id';
      }),
    ]) {
      const response = await fetch(url, { headers: bearer(at.member) });
      expect([response.status, await codeOf(response)]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('by a link whose time is over says so', async () => {
    const { id } = await at.uploaded();
    const path = at.identity.files.links.pathFor(
      { accountId: at.account.accountId, id },
      Date.now() - 901_000,
    );
    const response = await fetch(at.door + path);
    expect([response.status, await codeOf(response)]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('a file', () => {
  it('is answered to whoever uploaded it and to nobody else', async () => {
    const { id } = await at.uploaded('a,b\n1,2\n', 'x.csv');
    const { data } = await at.identity.ask(FILE, { token: at.member.accessToken, variables: { id } });
    expect(data?.file).toMatchObject({ id, name: 'x.csv', size: 8, expiresAt: expect.any(String) });
    for (const who of [at.account.administrator, at.twin.administrator]) {
      const answer = await at.identity.ask(FILE, { token: who.accessToken, variables: { id } });
      expect(answer.errors[0]?.extensions).toEqual({ code: 'NOT_FOUND', details: { type: 'File', id } });
    }
    expect((await at.identity.ask(FILE, { variables: { id } })).code).toBe('UNAUTHENTICATED');
  });

  it('that nothing keeps is removed with its bytes, as is what a dead process left; a kept one stays', async () => {
    const [kept, forgotten] = [await at.uploaded('kept'), await at.uploaded('forgotten')];
    const db = at.identity.database.forAccount(at.member.actor);
    await db.transaction((tx) => at.identity.files.keep(tx, kept.id));
    await expect(
      at.identity.database.forAccount(at.twin.actor).transaction((tx) => at.identity.files.keep(tx, kept.id)),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await at.identity.database.pool.query(
      "UPDATE platform.file SET expires_at = now() - interval '1 second' WHERE id <> $1",
      [kept.id],
    );
    expect(
      (
        await fetch(
          at.door +
            at.identity.files.links.pathFor(
              { accountId: at.account.accountId, id: forgotten.id },
              Date.now(),
            ),
        )
      ).status,
    ).toBe(404);
    await enqueueScheduled(at.identity.database, at.identity.subgraph.jobs);
    await enqueueScheduled(at.identity.database, at.identity.subgraph.jobs);
    const ran = await runJobsUntilIdle({
      database: at.identity.database,
      viewers: at.identity.viewers,
      jobs: at.identity.subgraph.jobs,
    });
    expect(ran).toBe(1);
    expect(await at.stored()).toBe(1);
    expect(await (await fetch(await at.linkTo(kept.id))).text()).toBe('kept');
  });
});
