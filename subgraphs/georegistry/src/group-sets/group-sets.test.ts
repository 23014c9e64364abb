import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const SET = 'id name revision membership groups { name } deletedAt';

async function group(dataSourceId: string, name: string): Promise<Data> {
  const { createGroup } = await registry.data(
    'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id name revision } }',
    { input: { dataSourceId, name } },
  );
  return createGroup;
}

const tryCreate = (input: Record<string, unknown>) =>
  registry.ask(`mutation ($input: CreateGroupSetInput!) { createGroupSet(input: $input) { ${SET} } }`, {
    input,
  });

const tryUpdate = (of: Data, input: Record<string, unknown>) =>
  registry.ask(
    `mutation ($id: ID!, $revision: Int!, $input: UpdateGroupSetInput!) {
      updateGroupSet(id: $id, expectedRevision: $revision, input: $input) { ${SET} } }`,
    { id: of.id, revision: of.revision, input },
  );

async function ownership() {
  const source = await story.source();
  const [state, church] = [await group(source.id, 'Public'), await group(source.id, 'Church')];
  const groupIds = [state.id, church.id];
  const { data, errors } = await tryCreate({
    dataSourceId: source.id,
    name: 'Ownership',
    membership: 'SINGLE',
    groupIds,
  });
  expect(errors).toEqual([]);
  return { source, state, church, groupIds, set: data.createGroupSet };
}

it('defect 4: SINGLE membership is enforced: a unit is in one group of the set at most', async () => {
  const { source, state, groupIds, set } = await ownership();
  expect(set).toMatchObject({ membership: 'SINGLE', groups: [{ name: 'Church' }, { name: 'Public' }] });
  const unit = await story.unit(source.id, { name: 'A', groupIds: [state.id] });
  const both = await story.tryEdit(unit, { groupIds });
  expect(both.code).toBe('BAD_USER_INPUT');
  expect(both.errors[0]?.message).toMatch(/one group only/);
});

it('a set becomes SINGLE, and takes another group, only while units keep to it', async () => {
  const { source, groupIds, set } = await ownership();
  const open = (await tryUpdate(set, { membership: 'MULTIPLE' })).data.updateGroupSet;
  const unit = await story.unit(source.id, { name: 'A', groupIds });
  expect((await tryUpdate(open, { membership: 'SINGLE' })).code).toBe('CONFLICT');
  await story.edit(unit, { groupIds: groupIds.slice(0, 1) });
  const single = (await tryUpdate(open, { membership: 'SINGLE' })).data.updateGroupSet;
  const private_ = await group(source.id, 'Private');
  await story.unit(source.id, { name: 'B', groupIds: [private_.id, groupIds[1] as string] });
  expect((await tryUpdate(single, { groupIds: [...groupIds, private_.id] })).code).toBe('CONFLICT');
});

it('of a unit entering a second group and a set becoming SINGLE at once one is refused', async () => {
  for (let round = 0; round < 5; round++) {
    const { source, groupIds, set } = await ownership();
    const open = (await tryUpdate(set, { membership: 'MULTIPLE' })).data.updateGroupSet;
    const unit = await story.unit(source.id, { name: 'A', groupIds: groupIds.slice(0, 1) });
    const answers = await Promise.all([
      tryUpdate(open, { membership: 'SINGLE' }),
      story.tryEdit(unit, { groupIds }),
    ]);
    expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1);
  }
});

it('a set takes groups of its own source only', async () => {
  const [one, other] = [await story.source(), await story.source()];
  const foreign = await group(other.id, 'G');
  const answer = await tryCreate({ dataSourceId: one.id, name: 'S', groupIds: [foreign.id] });
  expect(answer.code).toBe('BAD_USER_INPUT');
});

it('a deleted set binds nobody, and comes back only while units keep to it', async () => {
  const { source, groupIds, set } = await ownership();
  const remove = await registry.ask(
    `mutation ($id: ID!, $revision: Int!) { deleteGroupSet(id: $id, expectedRevision: $revision) { ${SET} } }`,
    { id: set.id, revision: set.revision },
  );
  expect(remove.data.deleteGroupSet.deletedAt).not.toBeNull();
  const unit = await story.unit(source.id, { name: 'A', groupIds });
  const restore = () =>
    registry.ask(`mutation ($id: ID!) { restoreGroupSet(id: $id) { ${SET} } }`, { id: set.id });
  expect((await restore()).code).toBe('CONFLICT');
  await story.edit(unit, { groupIds: [] });
  expect((await restore()).data.restoreGroupSet.deletedAt).toBeNull();
  const lists = await registry.data(
    'query ($s: ID!) { groupSets(dataSource: $s) { nodes { id } totalCount } }',
    { s: source.id },
  );
  expect(lists.groupSets).toEqual({ nodes: [{ id: set.id }], totalCount: 1 });
});

it('a group with units in it is not deleted; an empty one goes and comes back', async () => {
  const { source, state } = await ownership();
  const unit = await story.unit(source.id, { name: 'A', groupIds: [state.id] });
  const remove = () =>
    registry.ask(
      'mutation ($id: ID!) { deleteGroup(id: $id, expectedRevision: 1) { id deletedAt revision } }',
      {
        id: state.id,
      },
    );
  expect((await remove()).code).toBe('CONFLICT');
  const free = await story.edit(unit, { groupIds: [] });
  expect((await remove()).code).toBe(undefined);
  expect((await story.tryEdit(free, { groupIds: [state.id] })).code).toBe('BAD_USER_INPUT');
  const back = await registry.ask('mutation ($id: ID!) { restoreGroup(id: $id) { deletedAt } }', {
    id: state.id,
  });
  expect(back.data.restoreGroup).toEqual({ deletedAt: null });
  await story.edit(free, { groupIds: [state.id] });
});
