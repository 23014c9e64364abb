/** Edits of roles, projects, teams and the account are taken back, each under the rules of such an edit. */
import { type ChangeEvent, readChanges, sealAll } from '@iroko/changes';
import { type SeededAccount, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;
beforeAll(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterAll(() => identity.close());

const ask = (
  query: string,
  variables: Record<string, unknown> = {},
  token = account.administrator.accessToken,
) => identity.ask(query, { token, variables });

async function done(query: string, variables: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { data, errors } = await ask(query, variables);
  expect(errors).toEqual([]);
  return Object.values(data ?? {})[0] as Record<string, unknown>;
}

async function lastChange(subjectType: string): Promise<ChangeEvent> {
  await sealAll(identity.database.system, account.accountId);
  const db = identity.database.forAccount(account.actor);
  const event = (await readChanges(db, 0, 1000, { subjectType })).at(-1);
  if (!event) throw new Error('There is no event.');
  return event;
}

const revert = (type: string, event: string, token?: string) =>
  ask(
    `mutation ($event: ID!) { revert${type}Change(event: $event, reason: "a mistake") { id } }`,
    { event },
    token,
  );

interface Kind {
  type: string;
  create: () => Promise<Record<string, unknown>>;
  edit: Record<string, unknown>;
  was: Record<string, unknown>;
}

const KINDS: Kind[] = [
  {
    type: 'Role',
    create: () =>
      done('mutation { createRole(input: { name: "Clerk", permissions: ["org_units.read"] }) { id } }', {}),
    edit: { name: 'Editor', permissions: ['org_units.edit', 'org_units.read'] },
    was: { name: 'Clerk', permissions: ['org_units.read'] },
  },
  {
    type: 'Project',
    create: () => done('mutation { createProject(input: { name: "Survey", appId: "s" }) { id } }', {}),
    edit: { name: 'Survey 2', appId: null },
    was: { name: 'Survey', appId: 's' },
  },
  {
    type: 'Team',
    create: () => done('mutation { createTeam(input: { name: "North", kind: USERS }) { id } }', {}),
    edit: { name: 'South', description: 'Of the south' },
    was: { name: 'North', description: '' },
  },
];

describe.each(KINDS)('an edit of a $type', ({ type, create, edit, was }) => {
  it('is taken back as a new change that names it, unless it was changed again; a creation is none', async () => {
    const { id } = await create();
    const created = await lastChange(type);
    await done(`mutation ($input: Update${type}Input!) { update${type}(input: $input) { id } }`, {
      input: { id, expectedRevision: 1, ...edit },
    });
    const edited = await lastChange(type);
    expect((await revert(type, edited.id)).errors).toEqual([]);
    expect(await lastChange(type)).toMatchObject({
      subjectId: id,
      action: 'REVERT',
      reason: 'a mistake',
      before: edit,
      after: { ...was, reverts: edited.id },
    });
    const again = await revert(type, edited.id);
    expect(again.code).toBe('CONFLICT');
    expect(again.errors[0]?.extensions?.details).toMatchObject({
      fields: expect.arrayContaining(Object.keys(was)),
    });
    expect((await revert(type, created.id)).code).toBe('BAD_USER_INPUT');
    const other = KINDS.find((kind) => kind.type !== type)?.type ?? '';
    expect((await revert(other, edited.id)).code).toBe('NOT_FOUND');
    expect((await revert(type, edited.id, twin.administrator.accessToken)).code).toBe('NOT_FOUND');
  });
});

it('by taking back an edit of a role nobody gives or takes what they do not hold', async () => {
  const { id } = await done(
    'mutation { createRole(input: { name: "Keeper", permissions: ["users.read", "org_units.read"] }) { id } }',
    {},
  );
  const update = 'mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { id } }';
  await done(update, { input: { id, expectedRevision: 1, permissions: ['org_units.read'] } });
  const edited = await lastChange('Role');
  const manager = await seedMember(identity.database, account.accountId, {
    permissions: ['roles.manage', 'org_units.read'],
  });
  expect((await revert('Role', edited.id, manager.accessToken)).code).toBe('FORBIDDEN');
  const role = '{ roles(first: 100) { nodes { id permissions } } }';
  expect((await done(role, {})).nodes).toContainEqual({ id, permissions: ['org_units.read'] });
  expect((await revert('Role', edited.id)).errors).toEqual([]);
});

it('settings of the account come back as they were, all its modules, its words and its look included', async () => {
  const update = 'mutation ($input: UpdateAccountInput!) { updateAccount(input: $input) { name } }';
  const settings =
    '{ me { account { name settings { languages modules labels { language label text } theme { title } revision } } } }';
  const read = async () =>
    ((await done(settings, {})).account as { settings: { revision: number } }).settings;
  const change = async (input: object) => {
    const { revision } = await read();
    await done(update, { input: { expectedRevision: revision, ...input } });
    return lastChange('Account');
  };
  await change({ theme: { title: 'Health' }, labels: [{ language: 'en', label: 'unit', text: 'clinic' }] });
  const { revision: _, ...before } = await read();
  const edited = await change({
    modules: [],
    labels: [],
    theme: { primaryColour: '#102030' },
  });
  expect(Object.keys(edited.after ?? {}).sort()).toEqual(['labels', 'modules', 'theme']);
  expect((await revert('Account', edited.id)).errors).toEqual([]);
  const { revision: __, ...after } = await read();
  expect(after).toEqual(before);
  expect(await lastChange('Account')).toMatchObject({ action: 'REVERT', after: { reverts: edited.id } });
});
