/**
 * Defects of the systems that came before, each shown to be impossible here. What they did with the id of another
 * account or of another district is shown for every operation by `cross-account.test.ts` and `scope.test.ts`; these are
 * the others.
 */
import { type SeededMember, seedMember } from '@iroko/testing';
import type { Permission } from '@iroko/viewer';
import { type GraphQLInputType, getNamedType, isEnumType, isInputObjectType } from 'graphql';
import { unconnectedSubgraphs } from '../schema/committed';
import { operationsOf } from '../testing/api-walk/operations';
import { type SeededRecords, seedRecords } from '../testing/api-walk/seeds';
import { openStage, type Stage } from '../testing/api-walk/stage';

jest.setTimeout(120_000);

const subgraphs = unconnectedSubgraphs();
const operations = subgraphs.flatMap(({ schema }) => operationsOf(schema));

let stage: Stage;
let records: SeededRecords;

beforeAll(async () => {
  stage = await openStage();
  records = await seedRecords(stage);
});
afterAll(() => stage?.close());

const member = (permissions: Permission[]): Promise<SeededMember> =>
  seedMember(stage.services.platform, records.account.accountId, { permissions });

async function codeOf(subgraph: string, query: string, as?: SeededMember, variables: object = {}) {
  const request = { query, variables: { id: records.ids.get('OrgUnit'), ...variables } };
  return (await stage.ask(subgraph, request, as?.accessToken)).errors[0]?.code;
}

const EDIT_UNIT =
  'mutation ($id: ID!) { updateOrgUnit(id: $id, expectedRevision: 1, input: { name: "Mine" }) { id } }';

it('29: whoever may see forms or submissions, or units, does not edit units', async () => {
  for (const permission of ['forms.edit', 'submissions.edit', 'org_units.read'] as const) {
    expect(await codeOf('georegistry', EDIT_UNIT, await member([permission]))).toBe('FORBIDDEN');
  }
});

it('28: being signed in is not enough for any mutation but those on oneself', async () => {
  const nobody = await member([]);
  expect(await codeOf('georegistry', EDIT_UNIT, nobody)).toBe('FORBIDDEN');
  const REPLAY = 'mutation { replaySubmissions(items: []) { outcome { ok } } }';
  expect(await codeOf('submissions', REPLAY, nobody)).toBe('FORBIDDEN');
});

it('32: nobody in particular sees a tree by the id of its source', async () => {
  const TREE = 'query ($source: ID!) { orgUnits(dataSource: $source) { nodes { id } } }';
  const source = records.ids.get('DataSource');
  expect(await codeOf('georegistry', TREE, undefined, { source })).toBe('UNAUTHENTICATED');
});

it('31, 33 and Solidata 2: what is sorted by or run is chosen from a closed list, never named in a text', () => {
  const isText = (type: GraphQLInputType) => getNamedType(type).name === 'String';
  const named = /^(sort|order|orderBy|recipe|matcher|algorithm|functionClass)$/;
  const texts = operations.flatMap(({ coordinate, field }) =>
    field.args
      .filter(({ name, type }) => named.test(name) && isText(type))
      .map(({ name }) => `${coordinate}(${name})`),
  );
  expect(texts).toEqual([]);
  const sorts = operations.flatMap(({ field }) => field.args.filter(({ name }) => name === 'sort'));
  expect(sorts.length).toBeGreaterThan(0);
  for (const { type } of sorts) {
    const kind = getNamedType(type);
    expect(isEnumType(kind) || isInputObjectType(kind)).toBe(true);
  }
});

it('34: no answer has a field for a password or a secret that was stored', () => {
  const fields = subgraphs.flatMap(({ schema }) =>
    Object.values(schema.getTypeMap()).flatMap((type) =>
      'getFields' in type && !isInputObjectType(type)
        ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
        : [],
    ),
  );
  const secret = fields.filter((field) =>
    /\.(password|passwordHash|secret|tokenHash|privateKey)$/i.test(field),
  );
  // Each is an answer that shows what was made in that very moment.
  expect(secret).toEqual(secret.filter((field) => /^(Created|Rotated|WebhookWithSecret)/.test(field)));
});

it('Solidata 1: nobody makes themselves an administrator, by no field of their profile and by no role', async () => {
  const schema = subgraphs.find(({ name }) => name === 'identity')?.schema;
  const profile = schema?.getType('UpdateProfileInput');
  const fields = isInputObjectType(profile) ? Object.keys(profile.getFields()) : [];
  expect(fields).not.toEqual([]);
  expect(fields.filter((field) => /role|permission|scope|account|password|email/i.test(field))).toEqual([]);
  const manager = await member(['roles.manage', 'users.manage']);
  const GIVE = 'mutation ($user: ID!, $role: ID!) { giveRole(userId: $user, roleId: $role) { id } }';
  const role = records.account.administratorRoleId;
  expect(await codeOf('identity', GIVE, manager, { user: manager.userId, role })).toBe('FORBIDDEN');
});

it('Solidata 5: users are seen by those who may see users, and addresses by nobody else', async () => {
  const USERS = '{ users { nodes { email } } }';
  expect(await codeOf('identity', USERS)).toBe('UNAUTHENTICATED');
  const colleague = await member(['org_units.read']);
  expect(await codeOf('identity', USERS, colleague)).toBe('FORBIDDEN');
  const one = await stage.ask(
    'identity',
    {
      query:
        'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on User { id email phone } } }',
      variables: { refs: [{ __typename: 'User', id: records.account.administrator.userId }] },
    },
    colleague.accessToken,
  );
  expect(JSON.stringify(one.data)).not.toContain('@');
});
