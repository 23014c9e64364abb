import { readChanges, sealAll } from '@iroko/changes';
import { country, LINEAGE, LineageStory, named } from '../testing/lineage';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

let registry: TestRegistry;
let story: Story;
let lineage: LineageStory;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
  lineage = new LineageStory(registry);
});
afterAll(() => registry.close());

it('the operations of a version are listed in their order, by kind, in pages, and go with a discarded draft', async () => {
  const { mira, sola, source } = await country(story);
  const split = await lineage.split(mira, [{ create: { name: 'A' } }, { create: { name: 'B' } }], {
    otherChildrenTo: 0,
  });
  await lineage.close(sola, { children: 'CLOSE' });
  const list = async (more: Record<string, unknown>) =>
    (
      await registry.data(
        `query ($v: ID!, $kinds: [LineageKind!], $first: Int, $after: String) {
          lineages(version: $v, kinds: $kinds, first: $first, after: $after) {
            totalCount nodes { ${LINEAGE} } pageInfo { endCursor hasNextPage } } }`,
        { v: split.version.id, ...more },
      )
    ).lineages;
  const first = await list({ first: 1 });
  expect(first).toMatchObject({ totalCount: 2, nodes: [{ kind: 'SPLIT' }], pageInfo: { hasNextPage: true } });
  expect(await list({ after: first.pageInfo.endCursor })).toMatchObject({ nodes: [{ kind: 'CLOSE' }] });
  expect((await list({ kinds: ['CLOSE'] })).totalCount).toBe(1);
  await registry.data('mutation ($id: ID!) { discardDraft(dataSource: $id) { changedUnits } }', {
    id: source.id,
  });
  const { lineage: gone } = await registry.data('query ($id: ID!) { lineage(id: $id) { id } }', {
    id: split.id,
  });
  expect(gone).toBeNull();
  expect(await lineage.of(mira.unitId)).toMatchObject({ isStanding: true, endedBy: null, operations: [] });
});

it('the log names the operation and the units on the other side, and counts what went along', async () => {
  const { mira } = await country(story);
  const done = await lineage.split(mira, [{ create: { name: 'A' } }, { create: { name: 'B' } }], {
    otherChildrenTo: 0,
  });
  await sealAll(registry.database.system, registry.account.accountId);
  const events = await readChanges(registry.db, 0, 10_000);
  const rows = events.filter(
    ({ subjectId, after }) => after?.lineageId === done.id || subjectId === done.version.id,
  );
  const successorIds = done.successors.map(({ unitId }: Data) => unitId);
  expect(rows).toMatchObject([
    {
      subjectType: 'OrgUnit',
      subjectId: mira.unitId,
      action: 'SPLIT',
      reason: 'reform',
      before: { closedDate: null },
      after: {
        closedDate: '2026-05-01',
        successorIds,
        ending: 'CLOSED',
        units: { moved: 3, closedAlong: 0 },
      },
    },
    { subjectId: successorIds[0], action: 'CREATE', after: { name: 'A', predecessorIds: [mira.unitId] } },
    { subjectId: successorIds[1], action: 'CREATE' },
    { subjectType: 'SourceVersion', action: 'SPLIT', after: { units: { moved: 3, closedAlong: 0 } } },
  ]);
});

const ENDED = `id name isStanding closedDate version { number } endedBy { kind effectiveOn reason }
  successors { id name } predecessors { unitId name reference code }`;

const asked = async (id: string) =>
  (await registry.data(`query ($id: ID!) { orgUnit(id: $id) { ${ENDED} } }`, { id })).orgUnit;

const referred = async (id: string) => {
  const { _entities } = await registry.data(
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on OrgUnit { ${ENDED} } } }`,
    { r: [{ __typename: 'OrgUnit', id }] },
  );
  return _entities[0];
};

describe('asking for a unit that was merged away', () => {
  it('answers it as it was last, with what stands in its place, over any number of operations', async () => {
    const { source, mira, sola } = await country(story);
    const into = { create: { name: 'Mira-Sola' } };
    const merged = await lineage.merge([mira, sola], into, { ending: 'REMOVED' });
    // Nothing holds before the release.
    expect(await asked(mira.unitId)).toMatchObject({ isStanding: true, successors: [], endedBy: null });
    await story.release(source.id);
    const [{ unitId }] = merged.successors;
    const gone = await asked(mira.unitId);
    expect(gone).toMatchObject({
      name: 'Mira',
      isStanding: false,
      version: { number: 1 },
      endedBy: { kind: 'MERGE', effectiveOn: '2026-05-01', reason: 'reform' },
      successors: [{ id: unitId, name: 'Mira-Sola' }],
    });
    expect(await referred(mira.unitId)).toEqual(gone);
    await lineage.split({ unitId, revision: 1 }, [{ create: { name: 'N' } }, { create: { name: 'S' } }], {
      otherChildrenTo: 0,
      effectiveOn: '2027-01-01',
    });
    await story.release(source.id);
    const names = ({ successors }: Data) => successors.map(({ name }: Data) => name).sort();
    expect(names(await asked(mira.unitId))).toEqual(['N', 'S']);
    expect(names(await asked(unitId))).toEqual(['N', 'S']);
    const [north] = (await asked(unitId)).successors;
    expect((await asked(north.id)).predecessors).toMatchObject([
      { name: 'Mira-Sola' },
      { name: 'Mira', code: 'D1' },
      { name: 'Sola', code: 'D2' },
    ]);
    expect(await lineage.of(sola.unitId)).toMatchObject({
      isStanding: false,
      endedBy: { kind: 'MERGE' },
      operations: [{ kind: 'MERGE' }],
    });
  });

  it('of an earlier version, or a day before, answers it as it stood', async () => {
    const { source, mira, sola } = await country(story);
    const done = await lineage.merge([mira], { unit: named(sola) }, { ending: 'REMOVED' });
    await story.release(source.id);
    const { dataSource } = await registry.data(
      'query ($id: ID!) { dataSource(id: $id) { versions { nodes { id number } } } }',
      { id: source.id },
    );
    const [second, first] = dataSource.versions.nodes;
    const { orgUnitState, gone, after } = await registry.data(
      `query ($unit: ID!, $target: ID!, $first: ID!, $second: ID!) {
        orgUnitState(unit: $unit, version: $first) { name closedDate endedBy { id } successors { name } }
        gone: orgUnitState(unit: $unit, version: $second) { name }
        after: orgUnitState(unit: $target, version: $second) { predecessors { name } } }`,
      { unit: mira.unitId, target: sola.unitId, first: first.id, second: second.id },
    );
    expect(orgUnitState).toEqual({ name: 'Mira', closedDate: null, endedBy: null, successors: [] });
    expect(gone).toBeNull();
    expect(after.predecessors).toEqual([{ name: 'Mira' }]);
    expect(await lineage.of(mira.unitId, first.id)).toMatchObject({
      isStanding: true,
      operations: [],
      standing: [{ unitId: mira.unitId }],
    });
    expect(await lineage.of(mira.unitId)).toMatchObject({
      isStanding: false,
      operations: [{ id: done.id }],
      standing: [{ unitId: sola.unitId }],
    });
  });

  it('finds what stands by an id, a reference or a code of old', async () => {
    const { source, mira, sola } = await country(story);
    const done = await lineage.merge([mira, sola], { create: { name: 'One' } });
    const { standingOrgUnits } = await registry.data(
      `query ($s: ID!, $v: ID!, $ids: [ID!]!, $references: [String!]!) {
        standingOrgUnits(dataSource: $s, version: $v, ids: $ids, references: $references, codes: ["D2", "no"]) {
          asked unitId standing { name } } }`,
      { s: source.id, v: done.version.id, ids: [sola.unitId, 'x'], references: [mira.reference] },
    );
    const standing = [{ name: 'One' }];
    expect(standingOrgUnits).toEqual([
      { asked: 'D2', unitId: sola.unitId, standing },
      { asked: sola.unitId, unitId: sola.unitId, standing },
      { asked: mira.reference, unitId: mira.unitId, standing },
    ]);
  });

  it('is null for a unit that was only removed, though what refers to it still tells its name', async () => {
    const { source, clinics } = await country(story);
    await story.remove(clinics[0]);
    await story.release(source.id);
    expect(await asked(clinics[0]?.unitId)).toBeNull();
    expect(await referred(clinics[0]?.unitId)).toMatchObject({
      name: 'West',
      isStanding: false,
      endedBy: null,
      successors: [],
    });
  });
});

it('the difference of two versions says by which operation units came, went and moved', async () => {
  const { source, mira, sola } = await country(story);
  await lineage.merge([mira, sola], { create: { name: 'One' } }, { ending: 'REMOVED' });
  await story.release(source.id);
  const { dataSource } = await registry.data(
    'query ($id: ID!) { dataSource(id: $id) { versions { nodes { id } } } }',
    { id: source.id },
  );
  const [to, from] = dataSource.versions.nodes.map(({ id }: Data) => id);
  const { versionDiff } = await registry.data(
    `query ($from: ID!, $to: ID!) { versionDiff(from: $from, to: $to) {
      units { nodes { kind before { name } after { name } lineage { kind successors { name } } } } } }`,
    { from, to },
  );
  const told = Object.fromEntries(
    versionDiff.units.nodes.map(({ kind, before, after, lineage: [operation, ...more] }: Data) => {
      expect([operation?.kind, more]).toEqual(['MERGE', []]);
      return [(after ?? before).name, kind];
    }),
  );
  expect(told).toEqual({
    Mira: 'REMOVED',
    Sola: 'REMOVED',
    One: 'ADDED',
    West: 'CHANGED',
    East: 'CHANGED',
    Nowhere: 'CHANGED',
    South: 'CHANGED',
  });
});
