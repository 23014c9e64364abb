/** Change requests many at once: found by filters, decided on by jobs, written to files. */
import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import { fileOf, resultOf } from '../testing/jobs';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';
import { decideBatch } from './decide-many-job';

jest.setTimeout(120_000);
let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const DECIDE = 'mutation ($input: DecideChangeRequestsInput!) { decideChangeRequests(input: $input) { id } }';
const EXPORT = 'mutation ($input: ExportChangeRequestsInput!) { exportChangeRequests(input: $input) { id } }';

const propose = async (unit: Data, input: object): Promise<Data> =>
  (
    await registry.data(
      `mutation ($id: ID!, $input: UpdateOrgUnitInput!) {
        proposeOrgUnitChange(unitId: $id, input: $input, comment: "Seen") { id } }`,
      { id: unit.unitId, input },
    )
  ).proposeOrgUnitChange;

const proposeNew = async (input: object): Promise<Data> =>
  (
    await registry.data('mutation ($input: ProposeOrgUnitInput!) { proposeOrgUnit(input: $input) { id } }', {
      input,
    })
  ).proposeOrgUnit;

/** A released country with two districts, a clinic in the one and a post in the other. */
async function country() {
  const source = await story.source();
  const root = await story.unit(source.id, { name: 'Country' });
  const north = await story.unit(source.id, { name: 'North', parentId: root.unitId });
  const south = await story.unit(source.id, { name: 'South', parentId: root.unitId });
  const clinic = await story.unit(source.id, { name: 'Clinic', code: 'C1', parentId: north.unitId });
  const post = await story.unit(source.id, {
    name: 'Poste de santé',
    parentId: south.unitId,
    location: { longitude: 0, latitude: 0 },
  });
  const version = await story.release(source.id);
  return { source, root, north, south, clinic, post, version };
}

const decided = async (filter: object, decision: string, more: object = {}): Promise<Data> => {
  const { decideChangeRequests } = await registry.data(DECIDE, { input: { filter, decision, ...more } });
  return resultOf(registry, decideChangeRequests.id);
};

const idsOf = async (filter: object): Promise<string[]> => {
  const { changeRequests } = await registry.data(
    'query ($filter: ChangeRequestFilter) { changeRequests(filter: $filter) { totalCount nodes { id } } }',
    { filter },
  );
  expect(changeRequests.totalCount).toBe(changeRequests.nodes.length);
  return changeRequests.nodes.map(({ id }: Data) => id);
};

const one = async (id: string): Promise<Data> =>
  (
    await registry.data(
      'query ($id: ID!) { changeRequest(id: $id) { status appliedFields decisionReason decidedBy { id } } }',
      { id },
    )
  ).changeRequest;

describe('a job decides on all requests of a filter', () => {
  it('and tells how many were approved and why others were not; a stale one is a CONFLICT and stays open', async () => {
    const { source, clinic, post, root } = await country();
    const good = await propose(post, { name: 'Post' });
    const stale = await propose(clinic, { name: 'Clinic II' });
    const elsewhere = await propose(root, { code: 'R' });
    await story.edit(clinic, { name: 'Clinic of others' });
    const report = await decided({ dataSource: source.id, fields: ['NAME'] }, 'APPROVE', { reason: 'Right' });
    expect(report).toEqual({
      selected: 2,
      approved: 1,
      rejected: 0,
      skipped: [
        {
          code: 'CONFLICT',
          count: 1,
          examples: [{ id: stale.id, message: expect.stringContaining('changed since') }],
        },
      ],
    });
    expect(await one(good.id)).toMatchObject({
      status: 'APPROVED',
      decisionReason: 'Right',
      decidedBy: { id: registry.account.administrator.userId },
    });
    expect(await one(stale.id)).toMatchObject({ status: 'PROPOSED' });
    expect(await one(elsewhere.id)).toMatchObject({ status: 'PROPOSED' });
    expect(await decided({ ids: [stale.id] }, 'REJECT', { reason: 'Old' })).toMatchObject({ rejected: 1 });
    expect(await one(stale.id)).toMatchObject({ status: 'REJECTED', decisionReason: 'Old' });
  });

  it('for some fields of each, and skips what proposes none of them', async () => {
    const { source, clinic, post } = await country();
    const both = await propose(clinic, { name: 'Clinic II', code: 'C2' });
    await propose(post, { code: 'P' });
    const report = await decided({ dataSource: source.id }, 'APPROVE', { fields: ['NAME'] });
    expect(report).toMatchObject({ approved: 1, skipped: [{ code: 'BAD_USER_INPUT', count: 1 }] });
    expect(await one(both.id)).toMatchObject({ appliedFields: ['NAME'] });
  });

  it('but on none that came after it was asked for', async () => {
    const { source, clinic, post } = await country();
    await propose(post, { name: 'Post' });
    const { decideChangeRequests } = await registry.data(DECIDE, {
      input: { filter: { dataSource: source.id }, decision: 'APPROVE' },
    });
    const late = await propose(clinic, { name: 'Clinic II' });
    expect(await resultOf(registry, decideChangeRequests.id)).toMatchObject({ selected: 1, approved: 1 });
    expect(await one(late.id)).toMatchObject({ status: 'PROPOSED' });
  });

  it('what cannot be meant is refused at once', async () => {
    const refused = async (input: object) => (await registry.ask(DECIDE, { input })).code;
    expect(await refused({ filter: {}, decision: 'REJECT' })).toBe('BAD_USER_INPUT');
    expect(await refused({ filter: {}, decision: 'REJECT', reason: 'x', fields: ['NAME'] })).toBe(
      'BAD_USER_INPUT',
    );
    expect(await refused({ filter: {}, decision: 'APPROVE', fields: [] })).toBe('BAD_USER_INPUT');
    expect(await refused({ filter: { text: 'x'.repeat(256) }, decision: 'APPROVE' })).toBe('BAD_USER_INPUT');
    expect(await refused({ filter: {}, decision: 'APPROVE', reason: 'x'.repeat(2001) })).toBe(
      'BAD_USER_INPUT',
    );
  });
});

it('defect 24: two bulk approvals at once approve each request once, and the other finds it decided', async () => {
  const { clinic, post, north, south } = await country();
  const requests = [];
  for (const unit of [clinic, post, north, south])
    requests.push(await propose(unit, { code: `${unit.name} 2` }));
  const ids = requests.map(({ id }) => id).sort();
  const batch = () =>
    registry.db.transaction((tx) =>
      decideBatch(tx, ids, { decision: 'APPROVE', fields: null, reason: null }),
    );
  const outcomes = (await Promise.all([batch(), batch()])).map((decisions) =>
    decisions.map(({ outcome }) => outcome.code),
  );
  expect(outcomes).toContainEqual([null, null, null, null]);
  expect(outcomes).toContainEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT']);
  const { rows } = await registry.database.pool.query(
    `SELECT subject_id AS id, count(*)::int AS count FROM platform.change_event
     WHERE subject_type = 'OrgUnit' AND subject_id = ANY($1) AND action = 'UPDATE' GROUP BY 1`,
    [[clinic, post, north, south].map(({ unitId }) => unitId)],
  );
  expect(rows.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
});

it('a list is filtered by text, type, group, place, location, version, people and plan', async () => {
  const { source, clinic, post, north, south, root, version } = await country();
  const { createOrgUnitType } = await registry.data(
    'mutation { createOrgUnitType(input: { name: "Dispensary" }) { id } }',
  );
  const { createGroup } = await registry.data(
    'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }',
    { input: { dataSourceId: source.id, name: 'Rural' } },
  );
  const named = await propose(clinic, { name: 'Dispensaire Été' });
  const moved = await propose(post, { parentId: north.unitId });
  const typed = await propose(root, { typeId: createOrgUnitType.id, groupIds: [createGroup.id] });
  const added = await proposeNew({ dataSourceId: source.id, name: 'Ward', parentId: clinic.unitId });
  const below = await proposeNew({ dataSourceId: source.id, name: 'Bed', parentRequestId: added.id });
  const own = (filter: object) => idsOf({ dataSource: source.id, ...filter });
  expect(await own({ text: 'ete' })).toEqual([named.id]);
  expect(await own({ text: 'sante' })).toEqual([moved.id]);
  expect(await own({ types: [createOrgUnitType.id, 'no id'] })).toEqual([typed.id]);
  expect(await own({ groups: [createGroup.id] })).toEqual([typed.id]);
  // Where it stands, where it shall stand, and below what is not made yet.
  expect(await own({ subtrees: [north.unitId] })).toEqual([below.id, added.id, moved.id, named.id]);
  expect(await own({ subtrees: [south.unitId] })).toEqual([moved.id]);
  expect(await own({ subtrees: [newId()] })).toEqual([]);
  expect(await own({ hasLocation: true })).toEqual([moved.id]);
  expect(await own({ hasLocation: false })).toEqual([below.id, added.id, typed.id, named.id]);
  expect(await own({ version: version.id, kinds: ['CREATE'] })).toEqual([below.id, added.id]);
  expect(await own({ version: newId() })).toEqual([]);
  expect(await own({ ids: [typed.id, 'no id'] })).toEqual([typed.id]);
  expect(await own({ mergePlan: newId() })).toEqual([]);
  expect(await own({ proposedByAny: [registry.account.administrator.userId, newId()] })).toHaveLength(5);
  expect(await own({ decidedByAny: [registry.account.administrator.userId] })).toEqual([]);
  expect(
    (
      await registry.ask(
        '{ changeRequests(filter: { proposedFrom: "2020-01-02T00:00:00Z", proposedBefore: "2020-01-01T00:00:00Z" }) { totalCount } }',
      )
    ).code,
  ).toBe('BAD_USER_INPUT');
});

describe('a file of requests', () => {
  const exported = async (input: object) => {
    const { exportChangeRequests } = await registry.data(EXPORT, { input });
    const report = await resultOf(registry, exportChangeRequests.id);
    return { report, content: await fileOf(registry, report.fileId) };
  };
  const square = {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    ],
  };

  it('has of each field what was, what shall be and what became of it; shapes by their area', async () => {
    const { source, clinic, north } = await country();
    const request = await propose(clinic, { name: '=Clinic II', code: 'C2', shape: square });
    await proposeNew({ dataSourceId: source.id, name: 'Ward', parentId: north.unitId });
    await registry.data('mutation ($id: ID!) { approveChangeRequest(id: $id, fields: [CODE]) { id } }', {
      id: request.id,
    });
    const { report, content } = await exported({ filter: { dataSource: source.id }, format: 'CSV' });
    expect(report).toMatchObject({ requests: 2, name: 'change requests.csv' });
    const [header = '', ward = '', change = ''] = content
      .toString()
      .replace('\ufeff', '')
      .trim()
      .split('\r\n');
    const columns = header.split(',');
    const cell = (line: string, name: string) => line.split(',')[columns.indexOf(name)];
    expect(columns).toHaveLength(14 + 36);
    expect(cell(change, 'status')).toBe('APPROVED');
    expect(['before', 'after', 'conclusion'].map((part) => cell(change, `name ${part}`))).toEqual([
      'Clinic',
      "'=Clinic II",
      'NOT_APPROVED',
    ]);
    expect(['before', 'after', 'conclusion'].map((part) => cell(change, `code ${part}`))).toEqual([
      'C1',
      'C2',
      'APPROVED',
    ]);
    expect(cell(change, 'shape after')).toMatch(/^\d+(\.\d+)? m2$/);
    expect(content.toString()).not.toContain('POLYGON');
    expect(cell(ward, 'unit name')).toBe('Ward');
    expect(cell(ward, 'name conclusion')).toBe('PROPOSED');
    const sheet = await exported({ filter: { dataSource: source.id }, format: 'XLSX' });
    expect(sheet.content.subarray(0, 2).toString()).toBe('PK');
  });

  it('tells nothing to another account, and needs the right to read requests', async () => {
    const { source, clinic } = await country();
    await propose(clinic, { name: 'Clinic II' });
    const input = { filter: { dataSource: source.id }, format: 'CSV' };
    const nobody = await seedMember(registry.database, registry.account.accountId, {
      permissions: ['org_units.read'],
    });
    expect((await registry.ask(EXPORT, { input }, nobody)).code).toBe('FORBIDDEN');
    const { data } = await registry.ask(
      'query ($id: ID!) { changeRequests(filter: { dataSource: $id }) { totalCount } }',
      { id: source.id },
      registry.twin.administrator,
    );
    expect(data.changeRequests.totalCount).toBe(0);
  });
});
