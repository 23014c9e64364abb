/** Defects of the synchroniser that came before (requirements, georegistry), each shown to be impossible here. */
import { ended, resultOf } from '../testing/jobs';
import { countryAndCopy, Merging, rowsByName } from '../testing/merging';
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

const group = async (dataSourceId: string, name: string, reference: string): Promise<Data> =>
  (
    await registry.data('mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }', {
      input: { dataSourceId, name, reference },
    })
  ).createGroup;

const proposing = async (plan: Data) => {
  const { proposeMergePlan } = await registry.data(
    'mutation ($id: ID!) { proposeMergePlan(id: $id) { id } }',
    { id: plan.id },
  );
  return ended(registry, proposeMergePlan.id);
};

const requestsOf = async (plan: Data): Promise<Data[]> =>
  (
    await registry.data(
      `query ($plan: ID!) { changeRequests(filter: { mergePlan: $plan }) {
        nodes { id kind unit { name } fields { field seen proposed } } } }`,
      { plan: plan.id },
    )
  ).changeRequests.nodes;

const approveAll = async (plan: Data): Promise<Data> => {
  const { decideChangeRequests } = await registry.data(
    'mutation ($input: DecideChangeRequestsInput!) { decideChangeRequests(input: $input) { id } }',
    { input: { filter: { mergePlan: plan.id }, decision: 'APPROVE' } },
  );
  return resultOf(registry, decideChangeRequests.id);
};

const fieldOf = (request: Data | undefined, name: string) =>
  request?.fields.find(({ field }: Data) => field === name);

it('defect 10: groups of a changed unit are proposed as the target’s own, and the approval takes them', async () => {
  const { source, clinic, copy, own } = await countryAndCopy(merging);
  const [ruralThere, nightThere] = [
    await group(source.id, 'Rural', 'rural'),
    await group(source.id, 'Night', 'n'),
  ];
  const ruralHere = await group(copy.id, 'Rural areas', 'rural');
  await story.edit(clinic, { groupIds: [ruralThere.id, nightThere.id] });
  const plan = await merging.planOf(await story.release(source.id), copy);
  expect((await proposing(plan)).result).toMatchObject({ requests: 1, groups: { added: 1 } });
  const [request] = await requestsOf(plan);
  const ids = fieldOf(request, 'GROUPS').proposed.map(({ id }: Data) => id);
  expect(ids).toContain(ruralHere.id);
  expect(ids).not.toContain(ruralThere.id);
  expect(ids).not.toContain(nightThere.id);
  expect(await approveAll(plan)).toMatchObject({ approved: 1, skipped: [] });
  expect((await own('clinic')).groups.map(({ name }: Data) => name).sort()).toEqual(['Night', 'Rural areas']);
});

it('defect 11: a unit whose new parent has no counterpart is a question, and no approval makes it a root', async () => {
  const { source, clinic, north, post, copy, own } = await countryAndCopy(merging);
  const ward = await story.unit(source.id, { name: 'Ward', reference: 'ward', parentId: north.unitId });
  await story.edit(clinic, { parentId: ward.unitId, name: 'Clinic II' });
  // And one that the source made a root itself.
  await story.edit(post, { parentId: null });
  const plan = await merging.planOf(await story.release(source.id), copy);
  const rows = rowsByName(plan);
  expect(rows.Post).toMatchObject({ asksForParent: true, isOpen: true });
  await merging.decide(plan.id, [
    { position: rows.Ward?.position, apply: false },
    { position: rows.Post?.position, take: [] },
  ]);
  expect(await proposing(plan)).toMatchObject({ status: 'FAILED', error: { code: 'CONFLICT' } });
  expect((await ended(registry, await merging.apply(plan.id))).error).toMatchObject({ code: 'CONFLICT' });
  await merging.decide(plan.id, [{ position: rows['Clinic II']?.position, take: ['NAME'] }]);
  expect((await proposing(plan)).status).toBe('SUCCEEDED');
  await approveAll(plan);
  expect(await own('clinic')).toMatchObject({ name: 'Clinic II', parent: { name: 'North' } });
  expect(await own('post')).toMatchObject({ parent: { name: 'North' } });
});

it('defect 12: a new unit is proposed with type, location, shape and code, and no row of it is there before', async () => {
  const { source, north, copy, version, own } = await countryAndCopy(merging);
  const { createOrgUnitType } = await registry.data(
    'mutation { createOrgUnitType(input: { name: "Ward" }) { id } }',
  );
  await story.unit(source.id, {
    name: 'Ward',
    reference: 'ward',
    code: 'W1',
    parentId: north.unitId,
    typeId: createOrgUnitType.id,
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
  });
  const plan = await merging.planOf(await story.release(source.id), copy);
  const before = (await story.states(version.id)).length;
  await proposing(plan);
  const [request] = await requestsOf(plan);
  expect(request?.fields.map(({ field }: Data) => field)).toEqual([
    'NAME',
    'CODE',
    'TYPE',
    'PARENT',
    'LOCATION',
    'SHAPE',
  ]);
  expect(await story.states(version.id)).toHaveLength(before);
  const { rows } = await registry.database.pool.query(
    `SELECT 1 FROM georegistry.org_unit WHERE data_source_id = $1 AND reference = 'ward'`,
    [copy.id],
  );
  expect(rows).toEqual([]);
  await approveAll(plan);
  expect(await own('ward')).toMatchObject({
    code: 'W1',
    hasShape: true,
    location: { longitude: 0, latitude: 0 },
    type: { id: createOrgUnitType.id },
  });
});

it('defect 13: units that the source removed, and changes of type, aliases, status and attributes, are part of the plan', async () => {
  const { source, clinic, post, copy, own } = await countryAndCopy(merging);
  const { createOrgUnitType } = await registry.data(
    'mutation { createOrgUnitType(input: { name: "Hospital" }) { id } }',
  );
  await story.remove(post);
  await story.edit(clinic, {
    typeId: createOrgUnitType.id,
    aliases: ['Dispensary'],
    status: 'VALID',
    attributes: [{ key: 'beds', value: '3' }],
  });
  const plan = await merging.planOf(await story.release(source.id), copy);
  const rows = rowsByName(plan);
  expect(rows.Post).toMatchObject({ action: 'REMOVE', isApplied: true });
  expect(rows.Clinic?.fields.map(({ field }: Data) => field)).toEqual([
    'ALIASES',
    'TYPE',
    'STATUS',
    'ATTRIBUTES',
  ]);
  await proposing(plan);
  expect(await approveAll(plan)).toMatchObject({ approved: 2 });
  expect(await own('post')).toBeUndefined();
  expect(await own('clinic')).toMatchObject({ aliases: ['Dispensary'], status: 'VALID' });
});

it('defect 19: two groups of one name stay two, in a copy and in a merge', async () => {
  const { source, clinic, post, copy, own } = await countryAndCopy(merging);
  const [one, other] = [await group(source.id, 'Rural', 'g1'), await group(source.id, 'Rural', 'g2')];
  await group(copy.id, 'Rural', 'g1');
  await story.edit(clinic, { groupIds: [one.id] });
  await story.edit(post, { groupIds: [other.id] });
  const second = await story.release(source.id);
  const fresh = await story.source();
  const { version } = await merging.copy(second.id, fresh.id);
  const groupsOf = async (reference: string) =>
    (await story.states(version.id, { references: [reference] }))[0].groups;
  expect((await groupsOf('clinic'))[0].id).not.toBe((await groupsOf('post'))[0].id);
  await resultOf(registry, await merging.apply((await merging.planOf(second, copy)).id));
  const [ofClinic, ofPost] = [(await own('clinic')).groups, (await own('post')).groups];
  expect([ofClinic, ofPost]).toMatchObject([[{ name: 'Rural' }], [{ name: 'Rural' }]]);
  expect(ofClinic[0].id).not.toBe(ofPost[0].id);
});

it('defect 24: an approval of what changed since is a CONFLICT, in a bulk as alone', async () => {
  const { source, clinic, copy, own } = await countryAndCopy(merging);
  await story.edit(clinic, { name: 'Clinic II' });
  const plan = await merging.planOf(await story.release(source.id), copy);
  await proposing(plan);
  await story.edit(await own('clinic'), { name: 'Clinic of the copy' });
  const [request] = await requestsOf(plan);
  const alone = await registry.ask('mutation ($id: ID!) { approveChangeRequest(id: $id) { id } }', {
    id: request?.id,
  });
  expect(alone.code).toBe('CONFLICT');
  expect(await approveAll(plan)).toMatchObject({ approved: 0, skipped: [{ code: 'CONFLICT', count: 1 }] });
  expect((await own('clinic')).name).toBe('Clinic of the copy');
});
