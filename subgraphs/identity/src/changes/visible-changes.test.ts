import { recordChange, sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
import { type SeededAccount, seedAccount, seedMember, seedReleasedUnits } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const CHANGES = `query ($filter: ChangeFilterInput) { changes(filter: $filter) { nodes { subjectId } } }`;

interface Page {
  nodes: { subjectId: string }[];
}

let identity: IdentityUnderTest;
let account: SeededAccount;

beforeEach(async () => {
  identity = await identityUnderTest();
  account = await seedAccount(identity.database);
});
afterEach(() => identity.close());

async function record(of: SeededAccount, subjectId: string, more: object = {}): Promise<void> {
  await identity.database.forAccount(of.actor).transaction((tx) =>
    recordChange(tx, {
      subjectType: 'OrgUnit',
      subjectId,
      action: 'UPDATE',
      before: null,
      after: { name: 'new' },
      ...more,
    }),
  );
  await sealAll(identity.database.system, of.accountId);
}

const read = (variables: Record<string, unknown>, token: string) =>
  identity.ask(CHANGES, { token, variables });
const subjects = (page: Page) => page.nodes.map((node) => node.subjectId);

it('of a type that the reader may not see, the log says nothing', async () => {
  await record(account, 'a');
  await record(account, 'b', { subjectType: 'Form' });
  const member = await seedMember(identity.database, account.accountId, {
    permissions: ['audit.read', 'forms.read'],
  });
  const { data } = await read({}, member.accessToken);
  expect(subjects(data?.changes as Page)).toEqual(['b']);
});

it('a reader whose scope ends at some units sees nothing of the others, and of records at no unit', async () => {
  const db = identity.database.forAccount(account.actor);
  const { dataSourceId: source, unitIds } = await seedReleasedUnits(db, ['kasai', 'kivu']);
  const [kasai, kivu] = unitIds as [string, string];
  await record(account, kasai, { unitId: kasai });
  await record(account, kivu, { unitId: kivu });
  await record(account, 'nowhere');
  await record(account, source, { subjectType: 'DataSource' });
  await record(account, 'sent', { subjectType: 'Submission', unitId: kivu });
  const member = await seedMember(identity.database, account.accountId, {
    permissions: ['audit.read', 'org_units.read', 'submissions.read', 'sources.read'],
  });
  await identity.database.pool.query('UPDATE identity.membership SET unit_ids = $2 WHERE user_id = $1', [
    member.userId,
    [kasai],
  ]);
  const seen = async (filter: unknown) => {
    const { data } = await read({ filter }, member.accessToken);
    return subjects(data?.changes as Page);
  };
  expect(await seen(null)).toEqual([kasai, source]);
  expect(await seen({ unitId: kivu })).toEqual([]);
  expect(await seen({ subtree: kivu })).toEqual([]);
  expect(await seen({ subtree: kasai })).toEqual([kasai]);
});

it('a reader with a limited scope sees of people only those whose whole scope lies within it', async () => {
  const db = identity.database.forAccount(account.actor);
  const { unitIds } = await seedReleasedUnits(db, ['kasai', 'kivu']);
  const [kasai, kivu] = unitIds as [string, string];
  const limitedTo = (id: string) =>
    seedMember(identity.database, account.accountId, {
      permissions: ['audit.read', 'users.read'],
      scope: { unitIds: [id] },
    });
  const [reader, near, far] = [await limitedTo(kasai), await limitedTo(kasai), await limitedTo(kivu)];
  for (const { userId, apiTokenId } of [reader, near, far]) {
    await record(account, userId, { subjectType: 'Membership', after: { unitIds: [kivu] } });
    await record(account, userId, { subjectType: 'User' });
    await record(account, apiTokenId, { subjectType: 'ApiToken' });
  }
  await record(account, account.administrator.userId, { subjectType: 'Membership' });
  await record(account, newId(), { subjectType: 'Invitation' });
  const { data } = await read({}, reader.accessToken);
  expect(subjects(data?.changes as Page)).toEqual(
    [reader, near].flatMap(({ userId, apiTokenId }) => [userId, userId, apiTokenId]),
  );
});
