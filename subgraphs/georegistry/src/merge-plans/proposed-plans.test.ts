import { seedMember } from '@iroko/testing';
import { ended, resultOf } from '../testing/jobs';
import { manyUnitsBelow } from '../testing/many-units';
import { countryAndCopy, Merging } from '../testing/merging';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(120_000);
let registry: TestRegistry;
let story: Story;
let merging: Merging;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  merging = new Merging(registry);
});
afterAll(() => registry.close());

it('a plan becomes change requests, which are approved in their order', async () => {
  const { source, north, clinic, post, copy, own } = await countryAndCopy(merging);
  await story.edit(clinic, { name: 'Clinic II' });
  await story.remove(post);
  const ward = await story.unit(source.id, { name: 'Ward', reference: 'ward', parentId: north.unitId });
  await story.unit(source.id, { name: 'Bed', reference: 'bed', parentId: ward.unitId });
  const plan = await merging.planOf(await story.release(source.id), copy);
  const { proposeMergePlan } = await registry.data(
    'mutation ($id: ID!) { proposeMergePlan(id: $id) { id } }',
    {
      id: plan.id,
    },
  );
  expect(await resultOf(registry, proposeMergePlan.id)).toMatchObject({ requests: 4 });
  const { changeRequests } = await registry.data(
    'query ($id: ID!) { changeRequests(filter: { dataSource: $id }) { nodes { id kind fields { field } } } }',
    { id: copy.id },
  );
  expect(changeRequests.nodes.map(({ kind }: Data) => kind).sort()).toEqual([
    'CHANGE',
    'CREATE',
    'CREATE',
    'REMOVE',
  ]);
  expect((await own('clinic')).name).toBe('Clinic');
  const { approveChangeRequests } = await registry.data(
    'mutation ($ids: [ID!]!) { approveChangeRequests(ids: $ids) { outcome { ok message } } }',
    { ids: changeRequests.nodes.map(({ id }: Data) => id) },
  );
  expect(approveChangeRequests.every(({ outcome }: Data) => outcome.ok)).toBe(true);
  expect(await own('bed')).toMatchObject({ parent: { name: 'Ward' } });
  expect(await own('clinic')).toMatchObject({ name: 'Clinic II' });
  expect(await own('post')).toBeUndefined();
});

const proposed = async (plan: Data): Promise<Data[]> => {
  const { proposeMergePlan } = await registry.data(
    'mutation ($id: ID!) { proposeMergePlan(id: $id) { id } }',
    { id: plan.id },
  );
  await resultOf(registry, proposeMergePlan.id);
  const { changeRequests } = await registry.data(
    `query ($plan: ID!) { changeRequests(filter: { mergePlan: $plan }, first: 1000) {
      totalCount nodes { id kind reference fields { field } unit { name } } } }`,
    { plan: plan.id },
  );
  return changeRequests.nodes;
};
const approve = (request: Data | undefined, fields?: string[]) =>
  registry.data(
    'mutation ($id: ID!, $fields: [OrgUnitField!]) { approveChangeRequest(id: $id, fields: $fields) { id } }',
    {
      id: request?.id,
      fields,
    },
  );
const offered = (plan: Data) =>
  Object.fromEntries(
    plan.rows.nodes.map((row: Data) => [
      (row.source ?? row.target).name,
      row.action === 'UPDATE' ? row.fields.map(({ field }: Data) => field) : row.action,
    ]),
  );
const byName = (requests: Data[]) =>
  new Map(requests.map((request) => [request.unit?.name ?? request.reference, request]));

describe('the merge after a proposed one', () => {
  it('takes as ancestor what was approved, field by field; what is open or rejected is offered again', async () => {
    const { source, clinic, post, shop, north, copy, own } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic II', code: 'C2' });
    await story.edit(shop, { name: 'Shop II' });
    await story.remove(post);
    await story.unit(source.id, { name: 'Ward', reference: 'ward', parentId: north.unitId });
    await story.unit(source.id, { name: 'Well', reference: 'well', parentId: north.unitId });
    const second = await story.release(source.id);
    const requests = byName(await proposed(await merging.planOf(second, copy)));
    const all = {
      'Clinic II': ['NAME', 'CODE'],
      'Shop II': ['NAME'],
      Post: 'REMOVE',
      Ward: 'CREATE',
      Well: 'CREATE',
    };
    expect(offered(await merging.planOf(second, copy))).toEqual(all);
    await approve(requests.get('Clinic'), ['CODE']);
    await approve(requests.get('ward'));
    await approve(requests.get('Post'));
    await registry.data('mutation ($id: ID!) { rejectChangeRequest(id: $id, reason: "No") { id } }', {
      id: requests.get('Shop')?.id,
    });
    const next = await merging.planOf(second, copy);
    expect(offered(next)).toEqual({ 'Clinic II': ['NAME'], 'Shop II': ['NAME'], Well: 'CREATE' });
    expect(next.rows.nodes.every(({ isConflict }: Data) => !isConflict)).toBe(true);
    // What was approved is agreed: of the code only the target wants another one now.
    await story.edit(await own('clinic'), { code: 'C3' });
    expect(offered(await merging.planOf(second, copy))).toMatchObject({ 'Clinic II': ['NAME'] });
  });

  it('offers again what was approved into a draft that was discarded', async () => {
    const { source, clinic, copy } = await countryAndCopy(merging);
    await story.release(copy.id);
    await story.edit(clinic, { name: 'Clinic II' });
    const second = await story.release(source.id);
    const [request] = await proposed(await merging.planOf(second, copy));
    await approve(request);
    expect(offered(await merging.planOf(second, copy))).toEqual({});
    await registry.data('mutation ($id: ID!) { discardDraft(dataSource: $id) { changedUnits } }', {
      id: copy.id,
    });
    expect(offered(await merging.planOf(second, copy))).toEqual({ 'Clinic II': ['NAME'] });
  });

  it('knows a unit that an approval made, also where it bears another reference', async () => {
    const { source, north, copy, own } = await countryAndCopy(merging);
    await story.unit(source.id, { name: 'Ward', reference: 'ward', parentId: north.unitId });
    await story.unit(copy.id, { name: 'Other', reference: 'ward', parentId: (await own('north')).unitId });
    await registry.db.execute(registry.db.sql`
      UPDATE georegistry.org_unit u SET reference = 'ward 2'
      WHERE u.account_id = ${registry.db.account} AND u.data_source_id = ${source.id} AND u.reference = 'ward'`);
    const second = await story.release(source.id);
    await registry.db.execute(registry.db.sql`
      UPDATE georegistry.org_unit u SET reference = 'ward 2'
      WHERE u.account_id = ${registry.db.account} AND u.data_source_id = ${copy.id} AND u.reference = 'north'`);
    const plan = await merging.planOf(second, copy);
    const ward = (of: Data) => of.rows.nodes.filter((row: Data) => row.source?.name === 'Ward');
    expect(ward(plan)).toMatchObject([{ action: 'CREATE' }]);
    for (const request of await proposed(plan)) await approve(request);
    expect(ward(await merging.planOf(second, copy))).toEqual([]);
  });
});

it('a new unit below another new one is in the scope of whoever reviews what stands above both', async () => {
  const { source, north, copy, own } = await countryAndCopy(merging);
  const ward = await story.unit(source.id, { name: 'Ward', reference: 'ward', parentId: north.unitId });
  await story.unit(source.id, { name: 'Bed', reference: 'bed', parentId: ward.unitId });
  const requests = await proposed(await merging.planOf(await story.release(source.id), copy));
  const local = await seedMember(registry.database, registry.account.accountId, {
    permissions: ['change_requests.read'],
    scope: { unitIds: [(await own('north')).unitId] },
  });
  const { data } = await registry.ask('{ changeRequests { nodes { id } } }', {}, local);
  expect(data.changeRequests.nodes.map(({ id }: Data) => id)).toEqual(requests.map(({ id }) => id));
});

it('a plan of more rows than a batch is proposed whole, what stands above first, and decided on by a job', async () => {
  const { source, north, copy, own } = await countryAndCopy(merging);
  const ward = await story.unit(source.id, { name: 'Ward', reference: 'ward', parentId: north.unitId });
  await manyUnitsBelow(registry, source.id, ward.unitId, 520);
  const plan = await merging.planOf(await story.release(source.id), copy);
  const { proposeMergePlan } = await registry.data(
    'mutation ($id: ID!) { proposeMergePlan(id: $id) { id } }',
    { id: plan.id },
  );
  const job = await ended(registry, proposeMergePlan.id);
  expect(job).toMatchObject({ status: 'SUCCEEDED', result: { requests: 521 } });
  const { decideChangeRequests } = await registry.data(
    'mutation ($input: DecideChangeRequestsInput!) { decideChangeRequests(input: $input) { id } }',
    { input: { filter: { mergePlan: plan.id }, decision: 'APPROVE' } },
  );
  expect(await resultOf(registry, decideChangeRequests.id)).toEqual({
    selected: 521,
    approved: 521,
    rejected: 0,
    skipped: [],
  });
  expect(await own('leaf 10')).toMatchObject({ parent: { name: 'Ward' } });
});
