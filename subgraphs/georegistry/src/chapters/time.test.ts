import { sealAll } from '@iroko/changes';
import { newId } from '@iroko/database';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { STATE, Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

const restore = (unit: { unitId: string }, version: { id: string }, revision: number, reason = 'a mistake') =>
  registry.ask(
    `mutation ($id: ID!, $version: ID!, $revision: Int!, $reason: String) {
      restoreOrgUnitState(id: $id, version: $version, expectedRevision: $revision, reason: $reason) { ${STATE} } }`,
    { id: unit.unitId, version: version.id, revision, reason },
  );

/** As if the version had been released then. */
async function releasedAt(version: { id: string }, at: string): Promise<void> {
  const client = await registry.database.pool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query('UPDATE georegistry.source_version SET released_at = $2 WHERE id = $1', [
      version.id,
      at,
    ]);
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
}

/** Three versions: born, renamed, gone. */
async function story3() {
  const source = await story.source();
  const unit = await story.unit(source.id, { name: 'Born' });
  const first = await story.release(source.id);
  const renamed = await story.edit(unit, { name: 'Renamed', code: 'r' });
  const second = await story.release(source.id);
  await story.remove(renamed);
  const third = await story.release(source.id);
  return { source, unit, renamed, first, second, third };
}

describe('a day', () => {
  const namesOn = async (source: { id: string }, asOf: string): Promise<string[]> => {
    const { orgUnitStatesAsOf } = await registry.data(
      'query ($s: ID!, $d: Date!) { orgUnitStatesAsOf(dataSource: $s, asOf: $d) { nodes { name } } }',
      { s: source.id, d: asOf },
    );
    return orgUnitStatesAsOf.nodes.map(({ name }: Data) => name);
  };

  const zone = (source: { id: string }, revision: number, timeZone: string) =>
    registry.data(
      `mutation ($id: ID!, $r: Int!, $z: String!) {
        updateDataSource(id: $id, expectedRevision: $r, input: { timeZone: $z }) { id } }`,
      { id: source.id, r: revision, z: timeZone },
    );

  it('answers with the newest version released by its end, in the time zone of the source', async () => {
    const { source, unit, first, second, third } = await story3();
    await releasedAt(first, '2025-01-10T12:00:00Z');
    await releasedAt(second, '2025-06-30T23:30:00Z');
    await releasedAt(third, '2026-01-01T00:00:00Z');
    await zone(source, 1, 'UTC');
    expect(await namesOn(source, '2025-01-09')).toEqual([]);
    expect(await namesOn(source, '2025-01-10')).toEqual(['Born']);
    expect(await namesOn(source, '2025-06-30')).toEqual(['Renamed']);
    expect(await namesOn(source, '2026-03-01')).toEqual([]);
    await zone(source, 2, 'Africa/Lubumbashi');
    expect(await namesOn(source, '2025-06-30')).toEqual(['Born']);
    const { orgUnitStateAsOf, dataSource } = await registry.data(
      `query ($u: ID!, $s: ID!) {
        orgUnitStateAsOf(unit: $u, asOf: "2025-07-01") { name version { number } }
        dataSource(id: $s) { versionAsOf(asOf: "2025-07-01") { number } } }`,
      { u: unit.unitId, s: source.id },
    );
    expect(orgUnitStateAsOf).toEqual({ name: 'Renamed', version: { number: 2 } });
    expect(dataSource.versionAsOf).toEqual({ number: 2 });
  });
});

it('the history of a unit has each version that changed it, what changed, who did it and why', async () => {
  const { unit, first } = await story3();
  await restore(unit, first, 2, 'it was there all the time');
  await sealAll(registry.database.system, registry.account.accountId);
  const { orgUnitChapters } = await registry.data(
    `query ($u: ID!) { orgUnitChapters(unit: $u) { totalCount nodes {
      state { name version { number } } changedFields isRemoved until { number }
      edits { action reason fields by { id } } } } }`,
    { u: unit.unitId },
  );
  const by = { id: registry.account.administrator.userId };
  expect(orgUnitChapters.totalCount).toBe(3);
  expect(orgUnitChapters.nodes).toMatchObject([
    {
      state: { name: 'Born', version: { number: 4 } },
      changedFields: ['name', 'code'],
      isRemoved: false,
      until: null,
      edits: [{ action: 'RESTORE', reason: 'it was there all the time', by }],
    },
    {
      state: { name: 'Renamed', version: { number: 2 } },
      changedFields: ['name', 'code'],
      isRemoved: true,
      until: { number: 3 },
      edits: [{ action: 'UPDATE', fields: ['code', 'name'], by }],
    },
    {
      state: { name: 'Born', version: { number: 1 } },
      isRemoved: false,
      until: { number: 2 },
      edits: [{ action: 'CREATE' }],
    },
  ]);
  const page = await registry.data(
    'query ($u: ID!) { orgUnitChapters(unit: $u, first: 1) { nodes { changedFields } pageInfo { hasNextPage } } }',
    { u: unit.unitId },
  );
  expect(page.orgUnitChapters).toEqual({
    nodes: [{ changedFields: ['name', 'code'] }],
    pageInfo: { hasNextPage: true },
  });
});

describe('restoring an earlier state', () => {
  it('is a new change in the draft, and leaves what was released', async () => {
    const source = await story.source();
    const unit = await story.unit(source.id, { name: 'A', attributes: [{ key: 'beds', value: '3' }] });
    const first = await story.release(source.id);
    const changed = await story.edit(unit, { name: 'B', attributes: [] });
    const second = await story.release(source.id);
    const { data } = await restore(unit, first, changed.revision);
    expect(data.restoreOrgUnitState).toMatchObject({
      name: 'A',
      revision: 3,
      attributes: [{ key: 'beds', value: '3' }],
      version: { number: 3, status: 'DRAFT' },
    });
    expect(await story.names(second.id)).toEqual(['B']);
  });

  it('brings back a removed unit with its id, below the parent of then', async () => {
    const source = await story.source();
    const land = await story.unit(source.id, { name: 'Land' });
    const post = await story.unit(source.id, { name: 'Post', parentId: land.unitId });
    const first = await story.release(source.id);
    await story.remove(post);
    expect((await restore(post, first, 9)).code).toBe('CONFLICT');
    const back = await restore(post, first, 1);
    expect(back.data.restoreOrgUnitState).toMatchObject({
      unitId: post.unitId,
      parent: { name: 'Land' },
      revision: 2,
    });
  });

  it('is refused by name where parent or type are no more, and where the version holds no such unit', async () => {
    const source = await story.source();
    const land = await story.unit(source.id, { name: 'Land' });
    const post = await story.unit(source.id, { name: 'Post', parentId: land.unitId });
    const first = await story.release(source.id);
    await story.remove(land, true);
    const answer = await restore(post, first, 1);
    expect([answer.code, answer.errors[0]?.extensions]).toEqual([
      'BAD_USER_INPUT',
      { code: 'BAD_USER_INPUT', details: { path: ['parentId'] } },
    ]);
    const never = await restore({ unitId: newId() }, first, 1);
    expect(never.code).toBe('NOT_FOUND');
  });
});

it('releases bear names, of which a source has each once', async () => {
  const { source, first, second } = await story3();
  const name = (version: { id: string }, text: string) =>
    registry.ask('mutation ($id: ID!, $n: String) { nameSourceVersion(id: $id, name: $n) { name } }', {
      id: version.id,
      n: text,
    });
  expect((await name(first, 'Official 2026')).data.nameSourceVersion.name).toBe('Official 2026');
  expect((await name(second, 'OFFICIÁL 2026')).code).toBe('CONFLICT');
  const { dataSource } = await registry.data(
    'query ($s: ID!) { dataSource(id: $s) { versions(named: true) { nodes { number } totalCount } } }',
    { s: source.id },
  );
  expect(dataSource.versions).toEqual({ nodes: [{ number: 1 }], totalCount: 1 });
});
