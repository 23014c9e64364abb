/** From what the next merge goes on: what was taken over is agreed, what was left out is offered again. */
import { resultOf } from '../testing/jobs';
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

const offered = (plan: Data) =>
  Object.fromEntries(
    plan.rows.nodes.map((row: Data) => [
      (row.source ?? row.target).name,
      row.action === 'UPDATE' ? row.fields.map(({ field }: Data) => field) : row.action,
    ]),
  );
const applied = async (plan: Data) => resultOf(registry, await merging.apply(plan.id));
const discard = (source: { id: string }) =>
  registry.data('mutation ($id: ID!) { discardDraft(dataSource: $id) { changedUnits } }', { id: source.id });

it('a field that was left out is offered again with the ancestor it had, and what was taken is not', async () => {
  const { source, clinic, copy, own } = await countryAndCopy(merging);
  await story.edit(clinic, { name: 'Clinic II', code: 'C2' });
  const second = await story.release(source.id);
  const plan = await merging.planOf(second, copy);
  await merging.decide(plan.id, [{ position: plan.rows.nodes[0].position, take: ['NAME'] }]);
  await applied(plan);
  const again = await merging.planOf(second, copy);
  expect(again.rows.nodes).toMatchObject([
    { isConflict: false, fields: [{ field: 'CODE', source: 'C2', target: 'C1', base: 'C1', isTaken: true }] },
  ]);
  const clinicOfTarget = await own('clinic');
  expect(clinicOfTarget).toMatchObject({ name: 'Clinic II', code: 'C1' });
  // Both changed the code since they agreed; of the name only the target wants another one now.
  await story.edit(clinicOfTarget, { name: 'Clinic III', code: 'C3' });
  expect((await merging.planOf(second, copy)).rows.nodes).toMatchObject([
    {
      isConflict: true,
      fields: [{ field: 'CODE', source: 'C2', target: 'C3', base: 'C1', isConflict: true }],
    },
  ]);
});

it('what was left out twice keeps the ancestor it had at first', async () => {
  const { source, clinic, copy } = await countryAndCopy(merging);
  const edited = await story.edit(clinic, { code: 'C2' });
  const leaveOut = async (version: { id: string }, take: string[]) => {
    const plan = await merging.planOf(version, copy);
    await merging.decide(plan.id, [{ position: plan.rows.nodes[0].position, take }]);
    await applied(plan);
  };
  await leaveOut(await story.release(source.id), []);
  await story.edit(edited, { name: 'Clinic II' });
  const third = await story.release(source.id);
  await leaveOut(third, ['NAME']);
  expect((await merging.planOf(third, copy)).rows.nodes).toMatchObject([
    { fields: [{ field: 'CODE', base: 'C1', isConflict: false }] },
  ]);
});

it('units that were not applied are offered again: new ones, changed ones and removed ones', async () => {
  const { source, clinic, shop, north, copy } = await countryAndCopy(merging);
  await story.edit(clinic, { name: 'Clinic II' });
  await story.remove(shop);
  await story.unit(source.id, { name: 'Ward', reference: 'ward', parentId: north.unitId });
  const second = await story.release(source.id);
  const plan = await merging.planOf(second, copy);
  const all = offered(plan);
  expect(all).toEqual({ 'Clinic II': ['NAME'], Shop: 'REMOVE', Ward: 'CREATE' });
  await merging.decide(
    plan.id,
    plan.rows.nodes.map(({ position }: Data) => ({ position, apply: false })),
  );
  expect((await applied(plan)).units).toEqual({ added: 0, changed: 0, removed: 0 });
  const again = await merging.planOf(second, copy);
  expect(offered(again)).toEqual(all);
  expect(again.rows.nodes.every(({ isConflict }: Data) => !isConflict)).toBe(true);
});

it('a conflict that was decided for the target stays decided until the source changes it again', async () => {
  const { source, clinic, copy, own } = await countryAndCopy(merging);
  const edited = await story.edit(clinic, { name: 'Theirs' });
  await story.edit(await own('clinic'), { name: 'Ours' });
  const second = await story.release(source.id);
  const plan = await merging.planOf(second, copy);
  await merging.decide(plan.id, [], 'TARGET');
  await applied(plan);
  expect(offered(await merging.planOf(second, copy))).toEqual({});
  await story.edit(edited, { name: 'Theirs again' });
  expect((await merging.planOf(await story.release(source.id), copy)).rows.nodes).toMatchObject([
    { fields: [{ base: 'Theirs', target: 'Ours', source: 'Theirs again', isConflict: true }] },
  ]);
});

it('what a merge left out of the source is not taken for a change of the target on the way back', async () => {
  const { source, clinic, post, copy, own } = await countryAndCopy(merging);
  await story.edit(clinic, { name: 'Clinic II', code: 'C2' });
  const second = await story.release(source.id);
  const plan = await merging.planOf(second, copy);
  await merging.decide(plan.id, [{ position: plan.rows.nodes[0].position, take: ['NAME'] }]);
  await applied(plan);
  await story.edit(await own('post'), { name: 'Post of the copy' });
  const back = await merging.planOf(await story.release(copy.id), source);
  // The older code that the copy still has is no edit of the copy.
  expect(offered(back)).toEqual({ 'Post of the copy': ['NAME'] });
  await applied(back);
  expect(post.name).toBe('Post');
});

it('a draft that is discarded takes the merge back, and everything is offered again', async () => {
  const { source, clinic, copy } = await countryAndCopy(merging);
  await story.release(copy.id);
  await story.edit(clinic, { name: 'Clinic II', code: 'C2' });
  const second = await story.release(source.id);
  const plan = await merging.planOf(second, copy);
  await merging.decide(plan.id, [{ position: plan.rows.nodes[0].position, take: ['NAME'] }]);
  await applied(plan);
  await discard(copy);
  expect(offered(await merging.planOf(second, copy))).toEqual({ 'Clinic II': ['NAME', 'CODE'] });
});

it('an older version is not merged after a newer one', async () => {
  const { source, clinic, copy } = await countryAndCopy(merging);
  const edited = await story.edit(clinic, { name: 'Clinic II' });
  const second = await story.release(source.id);
  const old = await merging.planOf(second, copy);
  await merging.decide(old.id, [{ position: old.rows.nodes[0].position, apply: false }]);
  await story.edit(edited, { code: 'C3' });
  const newer = await merging.planOf(await story.release(source.id), copy);
  await applied(newer);
  await expect(applied(old)).rejects.toThrow('CONFLICT');
});

describe('a plan that is limited', () => {
  const comparedPlan = async (from: { id: string }, to: { id: string }, more: object) => {
    const { compareVersions } = await registry.data(
      'mutation ($input: CompareVersionsInput!) { compareVersions(input: $input) { id job { id } } }',
      { input: { from: from.id, to: to.id, matchBy: 'ORIGIN', ...more } },
    );
    await resultOf(registry, compareVersions.job.id);
    return merging.plan({ comparisonId: compareVersions.id });
  };

  it.each([
    [
      'the fields',
      { compare: ['NAME'] },
      { 'Clinic II': ['NAME'], 'Shop II': ['NAME'] },
      { 'Clinic II': ['CODE'], 'Shop II': ['STATUS'] },
    ],
    [
      'the fields that are not ignored',
      { ignore: ['NAME'] },
      { 'Clinic II': ['CODE'], 'Shop II': ['STATUS'] },
      { 'Clinic II': ['NAME'], 'Shop II': ['NAME'] },
    ],
    [
      'the subtree',
      { subtrees: ['north'] },
      { 'Clinic II': ['NAME', 'CODE'] },
      { 'Shop II': ['NAME', 'STATUS'] },
    ],
    [
      'the statuses',
      { unitStatuses: ['VALID'] },
      { 'Shop II': ['NAME', 'STATUS'] },
      { 'Clinic II': ['NAME', 'CODE'] },
    ],
  ])(
    'by %s of its comparison offers what that showed, and the next one offers the rest',
    async (_what, limits, shown, rest) => {
      const { source, clinic, shop, north, copy, version } = await countryAndCopy(merging);
      await story.edit(clinic, { name: 'Clinic II', code: 'C2' });
      await story.edit(shop, { name: 'Shop II', status: 'VALID' });
      const second = await story.release(source.id);
      const plan = await comparedPlan(
        version,
        second,
        'subtrees' in limits ? { subtrees: [north.unitId] } : limits,
      );
      expect(offered(plan)).toEqual(shown);
      await applied(plan);
      expect(offered(await merging.planOf(second, copy))).toEqual(rest);
    },
  );

  it('by tolerances offers no small differences, and leaves them out', async () => {
    const { source, clinic, post, copy, version } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'CLÍNIC' });
    await story.edit(post, { name: 'Post office', location: { longitude: 0, latitude: 0 } });
    const second = await story.release(source.id);
    const plan = await comparedPlan(version, second, { ignoreNameStyle: true, locationToleranceMetres: 10 });
    expect(offered(plan)).toEqual({ 'Post office': ['NAME', 'LOCATION'] });
    await applied(plan);
    expect(offered(await merging.planOf(second, copy))).toEqual({ CLÍNIC: ['NAME'] });
  });

  it('by types keeps units of others out, and new ones whose parent is kept out ask where they belong', async () => {
    const { source, north, copy, version } = await countryAndCopy(merging);
    const { createOrgUnitType } = await registry.data(
      'mutation { createOrgUnitType(input: { name: "Bed" }) { id } }',
    );
    const ward = await story.unit(source.id, { name: 'Ward', reference: 'ward', parentId: north.unitId });
    await story.unit(source.id, {
      name: 'Bed',
      reference: 'bed',
      parentId: ward.unitId,
      typeId: createOrgUnitType.id,
    });
    const second = await story.release(source.id);
    const plan = await comparedPlan(version, second, { types: [createOrgUnitType.id] });
    expect(plan.rows.nodes).toMatchObject([
      { source: { name: 'Bed' }, action: 'CREATE', asksForParent: true },
    ]);
    expect(copy.id).toBeDefined();
  });
});

it('what a plan of accepted links made is not made again by the next one', async () => {
  const [source, target] = [await story.source(), await story.source()];
  const there = await story.unit(source.id, { name: 'Country', reference: 'x' });
  const district = await story.unit(source.id, {
    name: 'District',
    reference: 'taken',
    parentId: there.unitId,
  });
  const here = await story.unit(target.id, { name: 'Country', reference: 'y' });
  await story.unit(target.id, { name: 'Another', reference: 'taken', parentId: here.unitId });
  await registry.data('mutation ($input: CreateLinkInput!) { createLink(input: $input) { id } }', {
    input: { unitId: there.unitId, otherUnitId: here.unitId },
  });
  const released = await story.release(source.id);
  const plan = await merging.planOf(released, target, { matchBy: 'LINKS' });
  expect(rowsByName(plan).District).toMatchObject({ action: 'CREATE' });
  await applied(plan);
  await story.edit(district, { name: 'District II' });
  const second = await story.release(source.id);
  for (const matchBy of ['LINKS', 'CODE', 'REFERENCE']) {
    const next = rowsByName(await merging.planOf(second, target, { matchBy }));
    if (matchBy !== 'REFERENCE') {
      expect(next['District II']).toMatchObject({ action: 'UPDATE', target: { name: 'District' } });
    }
    expect(next['District II']?.action).not.toBe('CREATE');
  }
});

it('a copy of a subtree is an ancestor of what was copied alone', async () => {
  const { source, north, clinic, shop, first } = await countryAndCopy(merging);
  const other = await story.source();
  const root = await story.unit(other.id, { name: 'Country', reference: 'country' });
  await story.unit(other.id, { name: 'Shop of others', reference: 'shop', parentId: root.unitId });
  const { copyVersion } = await registry.data(
    'mutation ($input: CopyVersionInput!) { copyVersion(input: $input) { id } }',
    { input: { versionId: first.id, dataSourceId: other.id, subtree: north.unitId } },
  );
  const { version } = await resultOf(registry, copyVersion.id);
  const [own] = await story.states(version.id, { references: ['clinic'] });
  await story.edit(own, { name: 'Clinic of the copy' });
  await story.edit(clinic, { code: 'C2' });
  await story.edit(shop, { status: 'VALID' });
  const plan = await merging.planOf(await story.release(source.id), other);
  const rows = rowsByName(plan);
  // Copied: only the source changed the code, only the copy the name. Not copied: nobody knows an ancestor.
  expect(rows.Clinic).toMatchObject({ isConflict: false, fields: [{ field: 'CODE' }] });
  expect(rows.South).toMatchObject({ action: 'CREATE' });
  expect(rows.Shop.fields).toMatchObject([
    { field: 'NAME', isConflict: true },
    { field: 'STATUS' },
    { field: 'PARENT' },
  ]);
});
