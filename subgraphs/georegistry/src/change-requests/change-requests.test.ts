import { newId } from '@iroko/database';
import { type SeededMember, seedMember } from '@iroko/testing';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(60_000);
let registry: TestRegistry;
let story: Story;
let proposer: SeededMember;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  proposer = await seedMember(registry.database, registry.account.accountId, {
    permissions: ['org_units.read', 'sources.read', 'change_requests.propose', 'change_requests.read'],
  });
});
afterAll(() => registry.close());

const REQUEST = `id kind status comment reference withDescendants appliedFields decisionReason
  proposedBy { id } decidedBy { id } dataSource { id } unit { id name }
  fields { field seen current proposed isStale }`;
const PROPOSE = `mutation ($unitId: ID!, $input: UpdateOrgUnitInput!, $comment: String) {
  proposeOrgUnitChange(unitId: $unitId, input: $input, comment: $comment) { ${REQUEST} } }`;
const CREATE = `mutation ($input: ProposeOrgUnitInput!) { proposeOrgUnit(input: $input) { ${REQUEST} } }`;
const REMOVE = `mutation ($unitId: ID!, $all: Boolean!) {
  proposeOrgUnitRemoval(unitId: $unitId, withDescendants: $all) { ${REQUEST} } }`;
const APPROVE = `mutation ($id: ID!, $fields: [OrgUnitField!], $overwrite: [OrgUnitField!], $reason: String) {
  approveChangeRequest(id: $id, fields: $fields, overwrite: $overwrite, reason: $reason) { ${REQUEST} } }`;
const REJECT = `mutation ($id: ID!, $reason: String!) { rejectChangeRequest(id: $id, reason: $reason) { ${REQUEST} } }`;
const ONE = `query ($id: ID!) { changeRequest(id: $id) { ${REQUEST} } }`;

/** What was asked as the proposer, who may not edit; fails the test unless it is answered. */
async function proposed(query: string, variables: Record<string, unknown>): Promise<Data> {
  const { data, errors } = await registry.ask(query, variables, proposer);
  expect(errors).toEqual([]);
  return Object.values(data)[0];
}
const propose = (unit: Data, input: object, comment?: string) =>
  proposed(PROPOSE, { unitId: unit.unitId, input, comment });
const approve = (request: Data, more: object = {}) => registry.ask(APPROVE, { id: request.id, ...more });

async function approved(request: Data, more: object = {}): Promise<Data> {
  const { data, errors } = await approve(request, more);
  expect(errors).toEqual([]);
  return data.approveChangeRequest;
}

/** A released country with a district, a clinic in it and a post. */
async function country() {
  const source = await story.source();
  const root = await story.unit(source.id, { name: 'Country' });
  const district = await story.unit(source.id, { name: 'District', parentId: root.unitId });
  const clinic = await story.unit(source.id, { name: 'Clinic', code: 'C1', parentId: district.unitId });
  const post = await story.unit(source.id, { name: 'Post', parentId: root.unitId });
  await story.release(source.id);
  return { source, root, district, clinic, post };
}

const inDraft = async (source: { id: string }, reference: string): Promise<Data> => {
  const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
    id: source.id,
  });
  const [state] = await story.states(dataSource.draft.id, { references: [reference] });
  return state;
};

const refused = async (request: Data, more: object = {}) =>
  (await approve(request, more)).errors[0]?.extensions;

it('who may only propose changes nothing, and what is approved is an edit of whoever approves', async () => {
  const { source, clinic } = await country();
  const request = await propose(clinic, { name: 'Clinic II', code: 'C2' }, 'New sign');
  expect(request).toMatchObject({
    kind: 'CHANGE',
    status: 'PROPOSED',
    comment: 'New sign',
    proposedBy: { id: proposer.userId },
    fields: [
      { field: 'NAME', seen: 'Clinic', current: 'Clinic', proposed: 'Clinic II', isStale: false },
      { field: 'CODE', seen: 'C1', current: 'C1', proposed: 'C2', isStale: false },
    ],
  });
  const edit = await registry.ask(
    'mutation ($id: ID!) { updateOrgUnit(id: $id, expectedRevision: 1, input: { name: "X" }) { id } }',
    { id: clinic.unitId },
    proposer,
  );
  expect(edit.code).toBe('FORBIDDEN');
  expect((await registry.ask(APPROVE, { id: request.id }, proposer)).code).toBe('FORBIDDEN');
  const done = await approved(request);
  expect(done).toMatchObject({
    status: 'APPROVED',
    appliedFields: ['NAME', 'CODE'],
    decidedBy: { id: registry.account.administrator.userId },
  });
  expect(await inDraft(source, clinic.reference)).toMatchObject({
    name: 'Clinic II',
    code: 'C2',
    revision: 2,
  });
});

it('some fields are approved and others are not', async () => {
  const { source, clinic } = await country();
  const request = await propose(clinic, { name: 'Clinic II', code: 'C2', status: 'VALID' });
  expect((await approved(request, { fields: ['CODE'] })).appliedFields).toEqual(['CODE']);
  expect(await inDraft(source, clinic.reference)).toMatchObject({
    name: 'Clinic',
    code: 'C2',
    status: 'NEW',
  });
});

it('fields that are not proposed, and none, are not approved', async () => {
  const { clinic } = await country();
  const request = await propose(clinic, { code: 'C2' });
  expect(await refused(request, { fields: ['NAME'] })).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await refused(request, { fields: [] })).toMatchObject({ code: 'BAD_USER_INPUT' });
});

describe('a unit that somebody changed since', () => {
  it('is a conflict that names the fields with what was seen, what is and what is proposed', async () => {
    const { source, clinic } = await country();
    const request = await propose(clinic, { name: 'Clinic II', code: 'C2', status: 'VALID' });
    await story.edit(clinic, { name: 'Clinic of others', status: 'VALID' });
    const [name, , status] = (await registry.data(ONE, { id: request.id })).changeRequest.fields;
    expect(name).toMatchObject({ field: 'NAME', current: 'Clinic of others', isStale: true });
    // What both want is no conflict.
    expect(status).toMatchObject({ isStale: false });
    expect(await refused(request)).toMatchObject({
      code: 'CONFLICT',
      details: {
        fields: ['NAME'],
        values: { NAME: { seen: 'Clinic', current: 'Clinic of others', proposed: 'Clinic II' } },
      },
    });
    expect(await inDraft(source, clinic.reference)).toMatchObject({ name: 'Clinic of others', code: 'C1' });
    await approved(request, { fields: ['CODE', 'STATUS'] });
    expect(await inDraft(source, clinic.reference)).toMatchObject({ name: 'Clinic of others', code: 'C2' });
  });

  it('is overwritten where whoever approves says so', async () => {
    const { source, clinic } = await country();
    const request = await propose(clinic, { name: 'Clinic II' });
    await story.edit(clinic, { name: 'Clinic of others' });
    await approved(request, { overwrite: ['NAME'] });
    expect(await inDraft(source, clinic.reference)).toMatchObject({ name: 'Clinic II' });
  });

  it('of two requests for one field the second conflicts, also when both are approved at once', async () => {
    const { clinic } = await country();
    const requests = [await propose(clinic, { name: 'One' }), await propose(clinic, { name: 'Other' })];
    const codes = (await Promise.all(requests.map((request) => approve(request)))).map(({ code }) => code);
    expect(codes.sort()).toEqual(['CONFLICT', undefined]);
  });
});

it('one request is decided once, also when two decide at once', async () => {
  const { clinic } = await country();
  const request = await propose(clinic, { name: 'Clinic II' });
  const answers = await Promise.all([
    approve(request),
    registry.ask(REJECT, { id: request.id, reason: 'No' }),
  ]);
  expect(answers.map(({ code }) => code).sort()).toEqual(['CONFLICT', undefined]);
});

it('a rejection has a reason and changes nothing', async () => {
  const { clinic } = await country();
  const request = await propose(clinic, { name: 'Clinic II' });
  expect((await registry.ask(REJECT, { id: request.id, reason: '  ' })).code).toBe('BAD_USER_INPUT');
  const { rejectChangeRequest } = await registry.data(REJECT, { id: request.id, reason: 'Not so' });
  expect(rejectChangeRequest).toMatchObject({
    status: 'REJECTED',
    decisionReason: 'Not so',
    appliedFields: null,
  });
  expect(await refused(request)).toMatchObject({ code: 'CONFLICT' });
});

describe('a new unit', () => {
  it('is made when it is approved, and no row of it is there before', async () => {
    const { source, district } = await country();
    const input = {
      dataSourceId: source.id,
      name: 'Ward',
      code: 'W',
      parentId: district.unitId,
      reference: 'ward',
      location: { longitude: 0, latitude: 0 },
      shape: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      },
    };
    const request = await proposed(CREATE, { input });
    expect(request).toMatchObject({ kind: 'CREATE', unit: null });
    // Every field that was given is a field of the request.
    expect(request.fields.map(({ field }: Data) => field)).toEqual([
      'NAME',
      'CODE',
      'PARENT',
      'LOCATION',
      'SHAPE',
    ]);
    const units = () =>
      registry.db.rows(registry.db.sql`
        SELECT u.id FROM georegistry.org_unit u
        WHERE u.account_id = ${registry.db.account} AND u.data_source_id = ${source.id}`);
    expect(await units()).toHaveLength(4);
    await approved(request, { fields: ['CODE', 'SHAPE'] });
    expect(await inDraft(source, 'ward')).toMatchObject({
      name: 'Ward',
      code: 'W',
      parent: { name: 'District' },
      location: null,
      hasShape: true,
    });
  });

  it('below a unit that is not made yet waits for the request that makes it', async () => {
    const { source, root } = await country();
    const ward = await proposed(CREATE, {
      input: { dataSourceId: source.id, name: 'Ward', reference: 'w1', parentId: root.unitId },
    });
    const bed = await proposed(CREATE, {
      input: { dataSourceId: source.id, name: 'Bed', reference: 'b1', parentRequestId: ward.id },
    });
    expect(await refused(bed)).toMatchObject({ code: 'CONFLICT', details: { requestId: ward.id } });
    const { approveChangeRequests } = await registry.data(
      'mutation ($ids: [ID!]!) { approveChangeRequests(ids: $ids) { id outcome { ok code } request { status } } }',
      { ids: [bed.id, ward.id] },
    );
    expect(approveChangeRequests.map(({ outcome }: Data) => outcome.ok)).toEqual([true, true]);
    expect(await inDraft(source, 'b1')).toMatchObject({ parent: { name: 'Ward' } });
  });
});

describe('a move', () => {
  it('is a request of its own kind', async () => {
    const { source, clinic, root } = await country();
    const request = await propose(clinic, { parentId: root.unitId });
    expect(request.kind).toBe('MOVE');
    await approved(request);
    expect(await inDraft(source, clinic.reference)).toMatchObject({ parent: { name: 'Country' } });
  });

  it('never makes a cycle, not even by a second request approved later', async () => {
    const { district, clinic, post } = await country();
    const first = await propose(post, { parentId: clinic.unitId });
    const second = await propose(district, { parentId: post.unitId });
    await approved(first);
    expect(await refused(second)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('a removal', () => {
  it('takes the unit, with what stood below it when that was proposed', async () => {
    const { source, district, clinic } = await country();
    expect((await registry.ask(REMOVE, { unitId: district.unitId, all: false }, proposer)).code).toBe(
      'CONFLICT',
    );
    await approved(await proposed(REMOVE, { unitId: district.unitId, all: true }));
    expect(await inDraft(source, clinic.reference)).toBeUndefined();
  });

  it('is a conflict when something else stands below now, or the unit changed', async () => {
    const { source, district, post } = await country();
    const request = await proposed(REMOVE, { unitId: district.unitId, all: true });
    await story.unit(source.id, { name: 'Late', parentId: district.unitId });
    expect(await refused(request)).toMatchObject({ code: 'CONFLICT', details: { fields: ['CHILDREN'] } });
    const other = await proposed(REMOVE, { unitId: post.unitId, all: false });
    await story.edit(post, { name: 'Post II' });
    expect(await refused(other)).toMatchObject({ code: 'CONFLICT', details: { fields: ['NAME'] } });
    await approved(other, { overwrite: ['NAME'] });
  });
});

describe('what cannot be proposed', () => {
  it.each([
    ['nothing', () => ({ name: 'Clinic' })],
    ['no name', () => ({ name: ' ' })],
    ['a type that never was', () => ({ typeId: newId() })],
    ['a group that never was', () => ({ groupIds: [newId()] })],
    ['a parent that never was', () => ({ parentId: newId() })],
    ['a closing before the opening', () => ({ openingDate: '2002-01-01', closedDate: '2001-01-01' })],
  ])('%s', async (_what, input) => {
    const { clinic } = await country();
    const answer = await registry.ask(PROPOSE, { unitId: clinic.unitId, input: input() }, proposer);
    expect(answer.code).toBe('BAD_USER_INPUT');
  });

  it('a parent of another source', async () => {
    const [one, other] = [await country(), await country()];
    const { code } = await registry.ask(
      PROPOSE,
      { unitId: one.clinic.unitId, input: { parentId: other.root.unitId } },
      proposer,
    );
    expect(code).toBe('BAD_USER_INPUT');
  });
});

it('many are decided at once, each with its outcome', async () => {
  const { clinic, post } = await country();
  const good = await propose(post, { name: 'Post II' });
  const stale = await propose(clinic, { name: 'Clinic II' });
  await story.edit(clinic, { name: 'Clinic of others' });
  const ids = [good.id, stale.id, newId(), 'no id'];
  const { approveChangeRequests } = await registry.data(
    'mutation ($ids: [ID!]!) { approveChangeRequests(ids: $ids) { id outcome { ok code } } }',
    { ids },
  );
  expect(approveChangeRequests).toEqual([
    { id: good.id, outcome: { ok: true, code: null } },
    { id: stale.id, outcome: { ok: false, code: 'CONFLICT' } },
    { id: ids[2], outcome: { ok: false, code: 'NOT_FOUND' } },
    { id: 'no id', outcome: { ok: false, code: 'NOT_FOUND' } },
  ]);
  const { rejectChangeRequests } = await registry.data(
    'mutation ($ids: [ID!]!) { rejectChangeRequests(ids: $ids, reason: "Old") { outcome { ok } request { status } } }',
    { ids: [stale.id] },
  );
  expect(rejectChangeRequests).toEqual([{ outcome: { ok: true }, request: { status: 'REJECTED' } }]);
});

it('a list is filtered by status, kind, source, unit, field and person, in pages without repetition', async () => {
  const { source, clinic, post, root } = await country();
  const [a, b, c] = [
    await propose(clinic, { name: 'A' }),
    await propose(post, { parentId: clinic.unitId }),
    await propose(root, { code: 'R' }),
  ];
  await registry.data(REJECT, { id: c.id, reason: 'No' });
  const LIST = `query ($filter: ChangeRequestFilter, $first: Int, $after: String) {
    changeRequests(filter: $filter, first: $first, after: $after) {
      totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`;
  const ids = async (filter: object) => {
    const { changeRequests } = await registry.data(LIST, { filter: { dataSource: source.id, ...filter } });
    expect(changeRequests.totalCount).toBe(changeRequests.nodes.length);
    return changeRequests.nodes.map(({ id }: Data) => id);
  };
  expect(await ids({})).toEqual([c.id, b.id, a.id]);
  expect(await ids({ statuses: ['PROPOSED'] })).toEqual([b.id, a.id]);
  expect(await ids({ kinds: ['MOVE'] })).toEqual([b.id]);
  expect(await ids({ units: [clinic.unitId, 'no id'] })).toEqual([a.id]);
  expect(await ids({ fields: ['NAME', 'CODE'] })).toEqual([c.id, a.id]);
  expect(await ids({ proposedBy: registry.account.administrator.userId })).toEqual([]);
  expect(await ids({ proposedBefore: '2000-01-01T00:00:00Z' })).toEqual([]);
  expect(await ids({ dataSource: 'no id' })).toEqual([]);
  const first = (await registry.data(LIST, { filter: { dataSource: source.id }, first: 2 })).changeRequests;
  const second = (
    await registry.data(LIST, {
      filter: { dataSource: source.id },
      first: 2,
      after: first.pageInfo.endCursor,
    })
  ).changeRequests;
  expect(second).toMatchObject({ nodes: [{ id: a.id }], pageInfo: { hasNextPage: false } });
});

describe('scope', () => {
  it('a reviewer of one district decides there and sees nothing of another', async () => {
    const { district, clinic, post } = await country();
    const local = await seedMember(registry.database, registry.account.accountId, {
      permissions: ['org_units.read', 'sources.read', 'change_requests.read', 'change_requests.review'],
      scope: { unitIds: [district.unitId] },
    });
    const [inside, outside] = [await propose(clinic, { name: 'In' }), await propose(post, { name: 'Out' })];
    const leaving = await propose(clinic, { parentId: post.unitId });
    const ask = (query: string, id: string) => registry.ask(query, { id }, local);
    expect((await ask(ONE, outside.id)).code).toBe('NOT_FOUND');
    expect((await ask(APPROVE, outside.id)).code).toBe('NOT_FOUND');
    expect((await ask(APPROVE, leaving.id)).code).toBe('BAD_USER_INPUT');
    expect((await ask(APPROVE, inside.id)).errors).toEqual([]);
    const { data } = await registry.ask('{ changeRequests(first: 1000) { nodes { id } } }', {}, local);
    const seen = data.changeRequests.nodes.map(({ id }: Data) => id);
    expect(seen).toEqual(expect.arrayContaining([inside.id, leaving.id]));
    expect(seen).not.toContain(outside.id);
  });

  it('who may write some types approves nothing of another', async () => {
    const { clinic } = await country();
    const limited = await seedMember(registry.database, registry.account.accountId, {
      permissions: ['org_units.read', 'change_requests.read', 'change_requests.review'],
      scope: { writableTypeIds: [newId()] },
    });
    const request = await propose(clinic, { name: 'Clinic II' });
    expect((await registry.ask(APPROVE, { id: request.id }, limited)).code).toBe('FORBIDDEN');
  });
});

it('a read-only source takes no approval', async () => {
  const { source, clinic } = await country();
  const request = await propose(clinic, { name: 'Clinic II' });
  await registry.db.execute(registry.db.sql`
    UPDATE georegistry.data_source d SET read_only = true
    WHERE d.account_id = ${registry.db.account} AND d.id = ${source.id}`);
  expect(await refused(request)).toMatchObject({ code: 'CONFLICT' });
});

it('a request of another account is not found', async () => {
  const { clinic } = await country();
  const request = await propose(clinic, { name: 'Clinic II' });
  for (const [query, more] of [
    [ONE, {}],
    [APPROVE, {}],
    [REJECT, { reason: 'No' }],
  ] as const) {
    const { code } = await registry.ask(query, { id: request.id, ...more }, registry.twin.administrator);
    expect(code).toBe('NOT_FOUND');
  }
});
