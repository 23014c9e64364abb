/**
 * Defects of the systems that came before, each shown to be impossible here. What they did with the id of another
 * account or of another district (27, 30) is shown for every operation by `cross-account.test.ts` and `scope.test.ts`,
 * and what could be found out about hidden values (Solidata 3) by `hidden.test.ts`; of those it is said here that they
 * are among what these walk. 34 for credentials, and Solidata 6 and 7, stand beside their code in identity. Solidata 4,
 * who made a dataset, has nothing here yet to be shown of: nothing rebuilds a dataset, and no level depends on its maker.
 */
import { newId } from '@iroko/database';
import { type SeededMember, seedMember } from '@iroko/testing';
import type { Permission } from '@iroko/viewer';
import { type GraphQLInputType, getNamedType, isEnumType, isInputObjectType } from 'graphql';
import { unconnectedSubgraphs } from '../schema/committed';
import { accountFingerprint } from '../testing/api-walk/fingerprint';
import { operationsOf } from '../testing/api-walk/operations';
import { askRoute } from '../testing/api-walk/routes';
import { type SeededRecords, seedRecords } from '../testing/api-walk/seeds';
import { visitXml } from '../testing/api-walk/seeds/submissions';
import { openStage, type Stage } from '../testing/api-walk/stage';

jest.setTimeout(120_000);

const subgraphs = unconnectedSubgraphs();
const operations = subgraphs.flatMap(({ schema }) => operationsOf(schema));

let stage: Stage;
let records: SeededRecords;
/** Of another account, with look-alike records. */
let others: SeededRecords;

beforeAll(async () => {
  stage = await openStage();
  records = await seedRecords(stage);
  others = await seedRecords(stage);
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

/** What a phone with that key sends, and the answer. */
async function sent(key: string, xml: string, file?: { name: string; content: string }): Promise<number> {
  const form = new FormData();
  form.set('xml_submission_file', new Blob([xml], { type: 'text/xml' }), 'visit.xml');
  if (file) form.set(file.name, new Blob([file.content], { type: 'image/jpeg' }), file.name);
  const response = await fetch(`${stage.url}/openrosa/${key}/submission`, {
    method: 'POST',
    headers: { 'x-openrosa-version': '1.0' },
    body: form,
  });
  await response.arrayBuffer();
  return response.status;
}

const keyOf = ({ ids }: SeededRecords) => ids.get('AppUserKey') ?? '';

it('25: without a good key of a phone nothing is taken, and a name that another account knows overwrites nothing there', async () => {
  const instanceId = `uuid:${newId()}`;
  const place = (of: SeededRecords) => of.ids.get('OrgUnit') ?? '';
  const theirs = visitXml(place(others), 'photo.jpg', instanceId);
  expect(await sent(keyOf(others), theirs, { name: 'photo.jpg', content: 'theirs' })).toBe(201);
  const before = await accountFingerprint(stage.services.platform, others.account.accountId);
  expect(await sent('none', theirs)).toBeGreaterThanOrEqual(400);
  // The same instance and the same file name in an account of one's own are one's own.
  const ours = visitXml(place(records), 'photo.jpg', instanceId);
  expect(await sent(keyOf(records), ours, { name: 'photo.jpg', content: 'ours' })).toBe(201);
  // A place of theirs is none: the submission is kept aside, and theirs stays as it is.
  expect(await sent(keyOf(records), visitXml(place(others), ''))).toBeGreaterThanOrEqual(400);
  expect(await accountFingerprint(stage.services.platform, others.account.accountId)).toEqual(before);
});

it('26: who sends a submission is proven by a key, and nothing in the document says who or which one it is', async () => {
  const mine = records.ids.get('Submission') ?? '';
  const before = await stage.services.platform.pool.query(
    'SELECT s.* FROM submissions.submission s WHERE s.id = $1',
    [mine],
  );
  expect(before.rows).toHaveLength(1);
  const instanceId = `uuid:${newId()}`;
  const xml = visitXml(records.ids.get('OrgUnit') ?? '', '', instanceId)
    .replace('<data ', `<data iasoInstance="${mine}" `)
    .replace('</meta>', `<editUserID>${records.account.administrator.userId}</editUserID></meta>`);
  expect(await sent(keyOf(records), xml)).toBe(201);
  const after = await stage.services.platform.pool.query(
    `SELECT s.* FROM submissions.submission s WHERE s.id = $1`,
    [mine],
  );
  expect(after.rows).toEqual(before.rows);
  const { rows } = await stage.services.platform.pool.query(
    `SELECT e.user_id AS "userId" FROM platform.change_event e
     JOIN submissions.submission s ON s.account_id = e.account_id AND s.id::text = e.subject_id
     WHERE s.account_id = $1 AND s.instance_id = $2`,
    [records.account.accountId, instanceId],
  );
  expect(rows).toEqual([{ userId: null }]);
});

it('26: every route that takes something asks for a proof, and nobody writes without one', async () => {
  const writing = subgraphs
    .flatMap(({ routes }) => routes)
    .filter(({ method }) => /POST|PUT|DELETE/.test(method));
  expect(writing.length).toBeGreaterThan(2);
  for (const route of writing) {
    const { status } = await askRoute(stage.url, route, {}, undefined);
    expect({ route: `${route.method} ${route.path}`, refused: status >= 400 }).toEqual({
      route: `${route.method} ${route.path}`,
      refused: true,
    });
  }
});

it('35: a device is told that a submission was stored for what was stored, and for nothing else', async () => {
  const place = records.ids.get('OrgUnit') ?? '';
  const bad = [
    '<data',
    'no XML',
    visitXml('a place that never was', ''),
    visitXml(place, '').replace('id="visit"', 'id="unknown"'),
    visitXml(place, '').replace(/<meta>.*<\/meta>/, ''),
  ];
  for (const xml of bad) {
    const status = await sent(keyOf(records), xml);
    expect({ xml, refused: status >= 400 }).toEqual({ xml, refused: true });
  }
});

it('27 and 30: the walk over accounts asks every operation that these were about, with the id of each record', () => {
  const walked = operations.flatMap(({ coordinate, idPlaces }) =>
    idPlaces.map(({ path }) => `${coordinate}(${path.join('.')})`),
  );
  expect(walked).toEqual(
    expect.arrayContaining([
      'Mutation.createSubmission(input.files.fileId)',
      'Mutation.replaySubmissions(items.orgUnitId)',
      'Query.submission(id)',
      'Mutation.retryJob(id)',
      'Query.job(id)',
      'Query.file(id)',
      'Query.link(id)',
      'Mutation.reviewLinks(links.id)',
      'Query.matchRun(id)',
      'Mutation.openDraft(dataSource)',
      'Mutation.checkExternalCredential(id)',
    ]),
  );
});

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
