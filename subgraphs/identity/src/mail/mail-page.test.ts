import type { HttpRequest } from '@iroko/http';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';
import { mailPageRoute } from './mail-page';
import { Mailbox, readMailbox } from './mailbox';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await identityUnderTest();
  await new Mailbox(identity.database).deliver({
    id: '01890000-0000-7000-8000-000000000001',
    to: 'ada@example.org',
    subject: '<b>Confirm</b>',
    text: 'Confirm:\nhttps://iroko.example/link#confirm=abc\n',
    html: '<p>Confirm</p>',
  });
});
afterAll(() => identity.close());

const ask = (request: Partial<HttpRequest>) =>
  mailPageRoute(identity.database).handler({
    remoteAddress: '127.0.0.1',
    headers: { host: '127.0.0.1:4000' },
    ...request,
  } as HttpRequest);

it('shows the mails to a browser on this machine, their links to follow and their words as text', async () => {
  const { body, status } = await ask({});
  expect(status).toBeUndefined();
  expect(body).toContain('&#60;b&#62;Confirm&#60;/b&#62;');
  expect(body).toContain('<a href="https://iroko.example/link#confirm=abc" rel="noreferrer">');
});

it.each<[string, Partial<HttpRequest>]>([
  ['another machine', { remoteAddress: '192.0.2.7' }],
  ['a page that made its own name lead here', { headers: { host: 'evil.example:4000' } }],
  ['a proxy', { headers: { host: 'localhost', 'x-forwarded-for': '192.0.2.7' } }],
  ['nobody in particular', { headers: {} }],
])('shows nothing to %s', async (_, request) => {
  expect(await ask(request)).toEqual({ status: 404, body: '' });
});

it('no route of the subgraph leads to it', () => {
  expect(identity.subgraph.routes.map(({ path }) => path)).not.toContain('/mail');
});

it('a mail delivered twice is kept once, and old ones go', async () => {
  const mailbox = new Mailbox(identity.database);
  const mail = { to: 'grace@example.org', subject: 's', text: 't', html: 'h' };
  await mailbox.deliver({ ...mail, id: '01890000-0000-7000-8000-000000000002' });
  await mailbox.deliver({ ...mail, id: '01890000-0000-7000-8000-000000000002' });
  expect(await readMailbox(identity.database, { to: 'GRACE@example.org', limit: 10 })).toHaveLength(1);
  await identity.database.pool.query(
    `UPDATE identity.mailbox_mail SET at = now() - interval '31 days' WHERE to_address = 'grace@example.org'`,
  );
  await mailbox.deliver({ ...mail, id: '01890000-0000-7000-8000-000000000003' });
  expect(
    (await readMailbox(identity.database, { to: 'grace@example.org', limit: 10 })).map(({ id }) => id),
  ).toEqual(['01890000-0000-7000-8000-000000000003']);
});
