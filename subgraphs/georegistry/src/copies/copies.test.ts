import { ended, resultOf } from '../testing/jobs';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(60_000);
let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const COPY = 'mutation ($input: CopyVersionInput!) { copyVersion(input: $input) { id } }';

async function copied(versionId: string, dataSourceId: string, more: object = {}): Promise<Data> {
  const { copyVersion } = await registry.data(COPY, { input: { versionId, dataSourceId, ...more } });
  return resultOf(registry, copyVersion.id);
}

const triangle = {
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

/** A released country with a district in a group, a clinic in it, and a post. */
async function country() {
  const source = await story.source();
  const { createGroup } = await registry.data(
    'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }',
    { input: { dataSourceId: source.id, name: 'Rural', reference: 'rural' } },
  );
  const root = await story.unit(source.id, { name: 'Country', reference: 'country', shape: triangle });
  const district = await story.unit(source.id, {
    name: 'District',
    reference: 'district',
    parentId: root.unitId,
    groupIds: [createGroup.id],
    attributes: [{ key: 'population', value: '1000' }],
  });
  const clinic = await story.unit(source.id, {
    name: 'Clinic',
    reference: 'clinic',
    aliases: ['Dispensaire'],
    parentId: district.unitId,
    location: { longitude: 0, latitude: 0 },
  });
  const post = await story.unit(source.id, { name: 'Post', parentId: root.unitId });
  const released = await story.release(source.id);
  return { source, root, district, clinic, post, released };
}

const contents = async (version: string) =>
  (await story.states(version))
    .map(({ name, reference, aliases, location, hasShape, parent, groups, attributes }: Data) => ({
      name,
      reference,
      aliases,
      location,
      hasShape,
      parent: parent?.name,
      groups: groups.map((group: Data) => group.name),
      attributes,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

it('a copy is a tree of its own with the same content, also parents and groups', async () => {
  const { released, district } = await country();
  const target = await story.source();
  const report = await copied(released.id, target.id);
  expect(report).toMatchObject({ units: { added: 4, changed: 0, removed: 0 }, groups: { added: 1 } });
  expect(await contents(report.version.id)).toEqual(await contents(released.id));
  const [own] = await story.states(report.version.id, { references: ['district'] });
  expect(own.unitId).not.toBe(district.unitId);
  expect(own.groups[0].id).not.toBe(district.groups[0].id);
  expect(await story.names(report.version.id, { text: 'dispensaire' })).toEqual(['Clinic']);
  expect(await story.names(report.version.id, { subtree: own.unitId })).toEqual(['Clinic', 'District']);
});

it('sets of groups and accepted links go along, as the target’s own', async () => {
  const { source, released, district, clinic, post } = await country();
  const { createGroupSet } = await registry.data(
    'mutation ($input: CreateGroupSetInput!) { createGroupSet(input: $input) { id } }',
    {
      input: {
        dataSourceId: source.id,
        name: 'Setting',
        reference: 'setting',
        membership: 'SINGLE',
        groupIds: [district.groups[0].id],
      },
    },
  );
  const third = await story.source();
  const there = await story.unit(third.id, { name: 'Clinic elsewhere' });
  const post2 = await story.unit(third.id, { name: 'Post elsewhere' });
  const link = (one: Data, other: Data, status: string) =>
    registry.data('mutation ($input: CreateLinkInput!) { createLink(input: $input) { id } }', {
      input: { unitId: one.unitId, otherUnitId: other.unitId, status },
    });
  await link(clinic, there, 'ACCEPTED');
  await link(post, post2, 'PROPOSED');
  const target = await story.source();
  const report = await copied(released.id, target.id);
  expect(report).toMatchObject({ groupSets: { added: 1 }, links: { added: 1 } });
  const { groupSets } = await registry.data(
    'query ($id: ID!) { groupSets(dataSource: $id) { nodes { id reference membership groups { id name } } } }',
    { id: target.id },
  );
  const [own] = await story.states(report.version.id, { references: ['district'] });
  expect(groupSets.nodes).toMatchObject([
    { reference: 'setting', membership: 'SINGLE', groups: [{ id: own.groups[0].id, name: 'Rural' }] },
  ]);
  expect(groupSets.nodes[0].id).not.toBe(createGroupSet.id);
  const { links } = await registry.data(
    'query ($id: ID!) { links(filter: { dataSourceId: $id }) { nodes { status firstUnitId secondUnitId } } }',
    { id: target.id },
  );
  const [copy] = await story.states(report.version.id, { references: ['clinic'] });
  expect(links.nodes).toHaveLength(1);
  expect([links.nodes[0].firstUnitId, links.nodes[0].secondUnitId].sort()).toEqual(
    [copy.unitId, there.unitId].sort(),
  );
  // Again, nothing is there twice.
  expect(await copied(released.id, target.id)).toMatchObject({
    groupSets: { added: 0 },
    links: { added: 0 },
  });
});

it('copying again changes nothing, and copying what changed writes what changed', async () => {
  const { source, released, clinic, post } = await country();
  const target = await story.source();
  await copied(released.id, target.id);
  await story.release(target.id);
  expect((await copied(released.id, target.id)).units).toEqual({ added: 0, changed: 0, removed: 0 });
  await story.edit(clinic, { name: 'Clinic II' });
  await story.remove(post);
  await story.unit(source.id, { name: 'Ward', parentId: clinic.unitId });
  const second = await story.release(source.id);
  const update = await copied(second.id, target.id, { absentUnits: 'REMOVE' });
  expect(update.units).toEqual({ added: 1, changed: 1, removed: 1 });
  expect(await contents(update.version.id)).toEqual(await contents(second.id));
});

it('a copy of a reference that became another is still the same unit', async () => {
  const { source, released, clinic } = await country();
  const target = await story.source();
  await copied(released.id, target.id);
  await registry.db.execute(registry.db.sql`
    UPDATE georegistry.org_unit u SET reference = 'new reference'
    WHERE u.account_id = ${registry.db.account} AND u.id = ${clinic.unitId}`);
  await story.edit(clinic, { name: 'Clinic II' });
  const second = await story.release(source.id);
  const { units, version } = await copied(second.id, target.id);
  expect(units).toEqual({ added: 0, changed: 1, removed: 0 });
  const [copy] = await story.states(version.id, { references: ['clinic'] });
  expect(copy.name).toBe('Clinic II');
  expect(await story.names(version.id, { text: 'clinic ii' })).toEqual(['Clinic II']);
});

it('units that the copied version does not hold stay unless they shall go', async () => {
  const { released } = await country();
  const target = await story.source();
  await story.unit(target.id, { name: 'Own' });
  const { version } = await copied(released.id, target.id);
  expect(await story.names(version.id)).toContain('Own');
  expect((await copied(released.id, target.id, { absentUnits: 'REMOVE' })).units.removed).toBe(1);
});

describe('a subtree', () => {
  it('hangs below the counterpart of its parent, or below the unit that is named', async () => {
    const { released, clinic, district } = await country();
    const target = await story.source();
    const root = await story.unit(target.id, { name: 'Country of others', reference: 'country' });
    const other = await story.unit(target.id, { name: 'Elsewhere', parentId: root.unitId });
    const first = await copied(released.id, target.id, { subtree: district.unitId });
    expect(first.units.added).toBe(2);
    const parents = async () =>
      Object.fromEntries(
        (await story.states(first.version.id)).map(({ name, parent }: Data) => [name, parent?.name]),
      );
    expect(await parents()).toMatchObject({ District: 'Country of others', Clinic: 'District' });
    const second = await copied(released.id, target.id, { subtree: clinic.unitId, parentId: other.unitId });
    expect(second.units).toEqual({ added: 0, changed: 1, removed: 0 });
    expect(await parents()).toMatchObject({ Clinic: 'Elsewhere' });
  });

  it('defect 11: without a place in the target is refused, never made a root', async () => {
    const { released, district } = await country();
    const target = await story.source();
    await story.unit(target.id, { name: 'Own' });
    const { copyVersion } = await registry.data(COPY, {
      input: { versionId: released.id, dataSourceId: target.id, subtree: district.unitId },
    });
    const job = await ended(registry, copyVersion.id);
    expect(job).toMatchObject({ status: 'FAILED', error: { code: 'CONFLICT' } });
    expect(await story.names(target.draft.id)).toEqual(['Own']);
  });
});

describe('what cannot be copied', () => {
  const refused = async (input: object) => (await registry.ask(COPY, { input })).code;

  it('a draft, a version into its own source, into a read-only one, and records that never were', async () => {
    const { source, released, clinic } = await country();
    const draft = await story.source();
    const target = await story.source();
    const right = { versionId: released.id, dataSourceId: target.id };
    expect(await refused({ ...right, versionId: draft.draft.id })).toBe('CONFLICT');
    expect(await refused({ ...right, dataSourceId: source.id })).toBe('BAD_USER_INPUT');
    expect(await refused({ ...right, subtree: 'no id' })).toBe('NOT_FOUND');
    expect(await refused({ ...right, subtree: clinic.unitId, parentId: clinic.unitId })).toBe('NOT_FOUND');
    expect(await refused({ ...right, versionId: 'no id' })).toBe('NOT_FOUND');
    expect(await refused({ ...right, subtree: clinic.unitId, absentUnits: 'REMOVE' })).toBe('BAD_USER_INPUT');
    await registry.db.execute(registry.db.sql`
      UPDATE georegistry.data_source d SET read_only = true
      WHERE d.account_id = ${registry.db.account} AND d.id = ${target.id}`);
    expect(await refused(right)).toBe('CONFLICT');
  });

  it('what types do not allow', async () => {
    const { source, clinic, district } = await country();
    const type = async (name: string) =>
      (
        await registry.data(
          'mutation ($n: String!) { createOrgUnitType(input: { name: $n }) { id revision } }',
          {
            n: `${name} ${Math.random()}`,
          },
        )
      ).createOrgUnitType;
    const [outer, inner] = [await type('Outer'), await type('Inner')];
    await story.edit(district, { typeId: outer.id });
    await story.edit(clinic, { typeId: inner.id });
    const released = await story.release(source.id);
    await registry.data(
      'mutation ($id: ID!, $r: Int!) { updateOrgUnitType(id: $id, expectedRevision: $r, input: { subTypeIds: [] }) { id } }',
      { id: outer.id, r: outer.revision },
    );
    const target = await story.source();
    const { copyVersion } = await registry.data(COPY, {
      input: { versionId: released.id, dataSourceId: target.id },
    });
    expect(await ended(registry, copyVersion.id)).toMatchObject({
      status: 'FAILED',
      error: { code: 'BAD_USER_INPUT' },
    });
    expect(await story.names(target.draft.id)).toEqual([]);
  });
});
