import { newId } from '@iroko/database';
import { type SeededMember, seedMember } from '@iroko/testing';
import { CREATE, type Proposing, proposing, REJECT, REMOVE } from '../testing/proposing';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(60_000);
let registry: TestRegistry;
let story: Story;
let proposer: SeededMember;
let proposed: Proposing['proposed'];
let propose: Proposing['propose'];
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
  ({ proposed, propose, approved, country, inDraft, refused } = proposing(registry, proposer));
});
afterAll(() => registry.close());

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
