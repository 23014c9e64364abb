import { type StackUnderTest, stackUnderTest } from '../testing/stack-under-test';

describe('a person over HTTP', () => {
  let iroko: StackUnderTest;
  beforeAll(async () => {
    iroko = await stackUnderTest();
  });
  afterAll(() => iroko.close());

  it('signs in, and is who they are with the token they got', async () => {
    const { email, password } = iroko.account.administrator;
    const { signIn } = await iroko.anonymous.data(
      `mutation ($email: String!, $password: String!) { signIn(email: $email, password: $password) { accessToken } }`,
      { email, password },
    );
    const { me } = await iroko
      .client(signIn.accessToken)
      .data('{ me { user { email } account { id slug } } }');
    expect(me).toEqual({
      user: { email },
      account: { id: iroko.account.accountId, slug: iroko.account.slug },
    });
  });

  it('is told what is wrong with a token that is not theirs, by code', async () => {
    expect(await iroko.client('iroko_made_up').code('{ me { user { id } } }')).toBe('UNAUTHENTICATED');
    expect(await iroko.client('a.b.c').code('{ me { user { id } } }')).toBe('UNAUTHENTICATED');
  });

  it('finds the parts of the service ready, and the id of the request in every answer', async () => {
    const response = await iroko.anonymous.fetch('ready', {
      headers: { 'x-request-id': 'a-request-of-mine' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toBe('a-request-of-mine');
    expect(await response.json()).toMatchObject({
      status: 'ready',
      parts: expect.arrayContaining([
        expect.objectContaining({ name: 'database', ok: true }),
        expect.objectContaining({ name: 'queue', ok: true }),
        expect.objectContaining({ name: 'subgraph identity', ok: true }),
      ]),
    });
  });
});
