import { newId } from '@iroko/database';
import { type SeededMember, seedMember } from '@iroko/testing';
import { APPROVE, ONE, PROPOSE, type Proposing, proposing, REJECT } from '../testing/proposing';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(60_000);
let registry: TestRegistry;
let story: Story;
let proposer: SeededMember;
let propose: Proposing['propose'];
let approve: Proposing['approve'];
let approved: Proposing['approved'];
let country: Proposing['country'];
let inDraft: Proposing['inDraft'];
let refused: Proposing['refused'];
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  proposer = await seedMember(registry.database, registry.account.accountId, {
    permissions: ['org_units.read', 'sources.read', 'change_requests.propose', 'change_requests.read'],
  });
  ({ propose, approve, approved, country, inDraft, refused } = proposing(registry, proposer));
});
afterAll(() => registry.close());

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
  it('defect 24: is a conflict that names the fields with what was seen, what is and what is proposed', async () => {
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

it('defect 24: one request is decided once, also when two decide at once', async () => {
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
