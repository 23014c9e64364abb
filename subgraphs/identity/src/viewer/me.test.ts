import { type SeededAccount, seedMember, seedMembership, seedTwins } from '@iroko/testing';
import { type Answer, type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;

beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterAll(() => identity.close());

const ME = `{ me {
  kind permissions user { id firstName lastName email language } account { id slug name timeZone language }
  memberships { account { id slug } roles { id name } createdAt }
} }`;

it('an anonymous viewer is told that it is nobody', async () => {
  expect((await identity.ask(ME)).data).toEqual({
    me: { kind: 'ANONYMOUS', permissions: [], user: null, account: null, memberships: [] },
  });
});

it('a viewer is told who they are, where, with which roles and permissions', async () => {
  const { administrator, accountId, slug, name, administratorRoleId } = account;
  const { data } = await identity.ask(ME, { token: administrator.accessToken });
  expect(data).toEqual({
    me: {
      kind: 'USER',
      permissions: expect.arrayContaining(['users.manage', 'org_units.read']),
      user: {
        id: administrator.userId,
        firstName: 'Ada',
        lastName: 'Mbuyi',
        email: administrator.email,
        language: null,
      },
      account: { id: accountId, slug, name, timeZone: 'Africa/Kinshasa', language: 'en' },
      memberships: [
        {
          account: { id: accountId, slug },
          roles: [{ id: administratorRoleId, name: 'Administrator' }],
          createdAt: expect.any(String),
        },
      ],
    },
  });
});

it('a person sees all their accounts, a token of theirs only its own', async () => {
  const member = await seedMember(identity.database, account.accountId);
  await seedMembership(identity.database, { ...member, accountId: twin.accountId });
  const accounts = async (token: string) => {
    const { data } = await identity.ask('{ me { memberships { account { id } } } }', { token });
    return (data as unknown as { me: { memberships: { account: { id: string } }[] } }).me.memberships.map(
      ({ account: { id } }) => id,
    );
  };
  expect((await accounts(member.accessToken)).sort()).toEqual([account.accountId, twin.accountId].sort());
  expect(await accounts(member.apiToken)).toEqual([account.accountId]);
});

describe('by reference from another subgraph', () => {
  const REFERENCES = `query ($references: [_Any!]!) {
    _entities(representations: $references) { ... on User { id firstName email } ... on Account { id slug } }
  }`;
  const entities = (references: object[], token?: string): Promise<Answer> =>
    identity.ask(REFERENCES, { variables: { references }, ...(token ? { token } : {}) });

  it('people and the account come in the order asked, and what is not there is null', async () => {
    const colleague = await seedMember(identity.database, account.accountId);
    const { data } = await entities(
      [
        { __typename: 'User', id: colleague.userId },
        { __typename: 'Account', id: account.accountId },
        { __typename: 'User', id: '01940000-0000-7000-8000-000000000000' },
        { __typename: 'User', id: 'no id' },
        { __typename: 'User', id: account.administrator.userId },
      ],
      account.administrator.accessToken,
    );
    expect(data?._entities).toEqual([
      { id: colleague.userId, firstName: 'Ada', email: colleague.email },
      { id: account.accountId, slug: account.slug },
      null,
      null,
      { id: account.administrator.userId, firstName: 'Ada', email: account.administrator.email },
    ]);
  });

  it('what belongs to another account is not there, nor anything for an anonymous viewer', async () => {
    const references = [
      { __typename: 'User', id: twin.administrator.userId },
      { __typename: 'Account', id: twin.accountId },
    ];
    expect((await entities(references, account.administrator.accessToken)).data?._entities).toEqual([
      null,
      null,
    ]);
    expect((await entities(references)).data?._entities).toEqual([null, null]);
  });

  it('a colleague without users.read sees the name and not the address', async () => {
    const colleague = await seedMember(identity.database, account.accountId);
    const { data } = await entities(
      [
        { __typename: 'User', id: account.administrator.userId },
        { __typename: 'User', id: colleague.userId },
      ],
      colleague.accessToken,
    );
    expect(data?._entities).toEqual([
      { id: account.administrator.userId, firstName: 'Ada', email: null },
      { id: colleague.userId, firstName: 'Ada', email: colleague.email },
    ]);
  });

  it('whoever left is still known by name, since what they did stays', async () => {
    const former = await seedMember(identity.database, account.accountId);
    await identity.database.pool.query('UPDATE identity.membership SET ended_at = now() WHERE user_id = $1', [
      former.userId,
    ]);
    const { data } = await entities(
      [{ __typename: 'User', id: former.userId }],
      account.administrator.accessToken,
    );
    expect(data?._entities).toMatchObject([{ id: former.userId, firstName: 'Ada' }]);
  });
});
