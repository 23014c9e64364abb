import { newId } from '@iroko/database';
import { type SeededAccount, seedMember, seedTwins } from '@iroko/testing';
import { type IdentityUnderTest, identityUnderTest } from '../testing/identity-under-test';

const SHOWN = `id name appId colour description needsAuthentication minVersion revision deletedAt
  featureFlags { code configuration }`;
const CREATE = `mutation ($input: CreateProjectInput!) { project: createProject(input: $input) { ${SHOWN} } }`;
const UPDATE = `mutation ($input: UpdateProjectInput!) { project: updateProject(input: $input) { ${SHOWN} } }`;
const ONE = `query ($id: ID!) { project(id: $id) { ${SHOWN} } }`;
const ALL = '{ projects { totalCount nodes { name } } }';
const DELETE = `mutation ($id: ID!, $revision: Int!) { project: deleteProject(id: $id, expectedRevision: $revision) { deletedAt } }`;
const RESTORE = `mutation ($id: ID!) { project: restoreProject(id: $id) { ${SHOWN} } }`;

interface Project {
  id: string;
  name: string;
  revision: number;
  featureFlags: object[];
}

let identity: IdentityUnderTest;
let account: SeededAccount;
let twin: SeededAccount;

beforeEach(async () => {
  identity = await identityUnderTest();
  ({ account, twin } = await seedTwins(identity.database));
});
afterEach(() => identity.close());

const ask = (query: string, variables: object = {}, token = account.administrator.accessToken) =>
  identity.ask(query, { token, variables: variables as Record<string, unknown> });

async function project(query: string, variables: object): Promise<Project> {
  const { data, errors } = await ask(query, variables);
  expect(errors).toEqual([]);
  return data?.project as Project;
}

const SURVEYS = {
  name: 'Surveys',
  appId: 'org.example.surveys',
  colour: '#A1B2C3',
  description: 'Household surveys',
  minVersion: 12,
  featureFlags: [
    { code: 'TAKE_GPS_ON_FORM', configuration: { accuracyMetres: 20 } },
    { code: 'INSTANT_EXPORT' },
  ],
};

it('a project is made, read and changed, and what is left out stays', async () => {
  const made = await project(CREATE, { input: SURVEYS });
  const whole = {
    ...SURVEYS,
    id: made.id,
    colour: '#a1b2c3',
    needsAuthentication: true,
    featureFlags: [
      { code: 'INSTANT_EXPORT', configuration: {} },
      { code: 'TAKE_GPS_ON_FORM', configuration: { accuracyMetres: 20 } },
    ],
    revision: 1,
    deletedAt: null,
  };
  expect(made).toEqual(whole);
  expect(await project(ONE, { id: made.id })).toEqual(whole);
  const input = { id: made.id, expectedRevision: 1, colour: null, featureFlags: [{ code: 'HOME_OFFLINE' }] };
  expect(await project(UPDATE, { input })).toEqual({
    ...whole,
    colour: null,
    featureFlags: [{ code: 'HOME_OFFLINE', configuration: {} }],
    revision: 2,
  });
  const late = await ask(UPDATE, { input });
  expect(late.errors[0]?.extensions).toMatchObject({
    code: 'CONFLICT',
    details: { expectedRevision: 1, actualRevision: 2 },
  });
});

it('a name and an appId are taken once in an account, whatever others call theirs', async () => {
  await project(CREATE, { input: SURVEYS });
  expect((await ask(CREATE, { input: { name: 'SÚRVEYS' } })).errors[0]?.extensions).toMatchObject({
    code: 'CONFLICT',
    details: { fields: ['name'] },
  });
  const sameApp = await ask(CREATE, { input: { name: 'Other', appId: SURVEYS.appId } });
  expect(sameApp.errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', details: { fields: ['appId'] } });
  expect((await ask(CREATE, { input: SURVEYS }, twin.administrator.accessToken)).errors).toEqual([]);
});

it.each<[string, object]>([
  ['an empty name', { name: ' ' }],
  ['an appId with a space', { name: 'A', appId: 'my app' }],
  ['an appId of 101 characters', { name: 'A', appId: 'a'.repeat(101) }],
  ['a colour by name', { name: 'A', colour: 'red' }],
  ['a version below 0', { name: 'A', minVersion: -1 }],
  ['a description of 10,000 characters', { name: 'A', description: 'x'.repeat(10_000) }],
  ['a feature flag that is none', { name: 'A', featureFlags: [{ code: 'FLY' }] }],
  [
    'a configuration that does not fit its flag',
    { name: 'A', featureFlags: [{ code: 'HOME_OFFLINE', configuration: { page: 1 } }] },
  ],
  [
    'a flag that needs authentication where there is none',
    { name: 'A', needsAuthentication: false, featureFlags: [{ code: 'INSTANT_EXPORT' }] },
  ],
])('a project with %s is refused, and nothing is made', async (_, input) => {
  expect((await ask(CREATE, { input })).code).toBe('BAD_USER_INPUT');
  expect((await ask(ALL)).data).toEqual({ projects: { totalCount: 0, nodes: [] } });
});

it('authentication is not switched off while a flag needs it', async () => {
  const { id } = await project(CREATE, { input: SURVEYS });
  const input = { id, expectedRevision: 1, needsAuthentication: false };
  expect((await ask(UPDATE, { input })).code).toBe('BAD_USER_INPUT');
});

it('a deleted project is gone, its name is free, and it comes back within 30 days', async () => {
  const { id } = await project(CREATE, { input: SURVEYS });
  await project(DELETE, { id, revision: 1 });
  expect((await ask(ONE, { id })).data).toEqual({ project: null });
  expect((await ask(UPDATE, { input: { id, expectedRevision: 2, name: 'x' } })).code).toBe('NOT_FOUND');
  const other = await project(CREATE, { input: { name: SURVEYS.name } });
  expect((await ask(RESTORE, { id })).code).toBe('CONFLICT');
  await project(DELETE, { id: other.id, revision: 1 });
  expect(await project(RESTORE, { id })).toMatchObject({
    name: 'Surveys',
    appId: SURVEYS.appId,
    revision: 3,
  });
  await project(DELETE, { id, revision: 3 });
  await identity.database.pool.query(
    "UPDATE identity.project SET deleted_at = now() - interval '31 days' WHERE id = $1",
    [id],
  );
  expect((await ask(RESTORE, { id })).code).toBe('NOT_FOUND');
});

describe('a member who is limited to some projects', () => {
  it('sees those alone, changes no other and makes none', async () => {
    const { id } = await project(CREATE, { input: SURVEYS });
    const other = await project(CREATE, { input: { name: 'Elections' } });
    const { accessToken } = await seedMember(identity.database, account.accountId, {
      permissions: ['projects.read', 'projects.edit'],
      scope: { projectIds: [id] },
    });
    const asLimited = (query: string, variables: object = {}) => ask(query, variables, accessToken);
    expect((await asLimited(ALL)).data).toEqual({
      projects: { totalCount: 1, nodes: [{ name: 'Surveys' }] },
    });
    const never = newId();
    for (const [query, variables] of [
      [ONE, {}],
      [DELETE, { revision: 1 }],
      [RESTORE, {}],
    ] as const) {
      const text = async (asked: string) =>
        JSON.stringify(await asLimited(query, { id: asked, ...variables })).replaceAll(asked, '<id>');
      expect(await text(other.id)).toBe(await text(never));
    }
    expect((await asLimited(CREATE, { input: { name: 'Mine' } })).errors[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      details: { scope: 'PROJECTS' },
    });
  });
});

it('the list of feature flags is open to everybody', async () => {
  const { data } = await identity.ask('{ featureFlags { code requiresAuthentication configurationSchema } }');
  expect(data?.featureFlags).toContainEqual({
    code: 'INSTANT_EXPORT',
    requiresAuthentication: true,
    configurationSchema: expect.objectContaining({ type: 'object' }),
  });
});
