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

const fieldsOf = (row: Data) => row.fields.map(({ field, isConflict }: Data) => [field, isConflict]);

const decisions = async (planId: string) =>
  (
    await registry.database.pool.query(
      "SELECT fields_after AS after FROM platform.change_event WHERE subject_id = $1 AND action = 'DECIDE'",
      [planId],
    )
  ).rows;

describe('with a common ancestor', () => {
  it('takes what the source changed, keeps what the target changed, and lists exactly the conflicts', async () => {
    const { source, clinic, post, shop, north, south, copy, version, own } = await countryAndCopy(merging);
    await story.edit(clinic, { name: 'Clinic of the source', code: 'C2', status: 'VALID' });
    await story.edit(shop, { parentId: north.unitId });
    await story.edit(south, { name: 'South' });
    const second = await story.release(source.id);
    await story.edit(await own('clinic'), {
      name: 'Clinic of the target',
      status: 'VALID',
      aliases: ['Mine'],
    });
    await story.edit(await own('post'), { name: 'Post of the target' });
    const plan = await merging.planOf(second, copy);
    expect(plan.base).not.toBeNull();
    const rows = rowsByName(plan);
    expect(Object.keys(rows).sort()).toEqual(['Clinic of the source', 'Shop']);
    // What both want (the status) is no row, what only the target wants (the alias) stays.
    expect(fieldsOf(rows['Clinic of the source'])).toEqual([
      ['NAME', true],
      ['CODE', false],
    ]);
    expect(rows['Clinic of the source'].fields[0]).toMatchObject({
      source: 'Clinic of the source',
      target: 'Clinic of the target',
      base: 'Clinic',
      isTaken: false,
    });
    expect(rows.Shop).toMatchObject({ action: 'UPDATE', isOpen: false, parent: { name: 'North' } });
    expect((await ended(registry, await merging.apply(plan.id))).error).toMatchObject({ code: 'CONFLICT' });
    expect((await own('shop')).parent.name).toBe('South');
    const { position } = rows['Clinic of the source'];
    await merging.decide(plan.id, [{ position, take: ['CODE'] }]);
    expect(await decisions(plan.id)).toEqual([{ after: { positions: [position], rest: null } }]);
    const { units } = await resultOf(registry, await merging.apply(plan.id));
    expect(units).toEqual({ added: 0, changed: 2, removed: 0 });
    expect(await own('clinic')).toMatchObject({
      name: 'Clinic of the target',
      code: 'C2',
      aliases: ['Mine'],
    });
    expect((await own('shop')).parent.name).toBe('North');
    expect((await own('post')).name).toBe('Post of the target');
    expect(await story.names(version.id, { text: 'mine' })).toEqual(['Clinic of the target']);
    expect(post.name).toBe('Post');
    // A merge is the next ancestor: the same version again brings nothing, and the decision is kept.
    expect((await merging.planOf(second, copy)).rows.nodes).toEqual([]);
  });

  it('new units come with what stands above them, and groups they are in are told in the target’s own', async () => {
    const { source, north, copy, version, own } = await countryAndCopy(merging);
    const { createGroup } = await registry.data(
      'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }',
      { input: { dataSourceId: source.id, name: 'Rural', reference: 'rural' } },
    );
    const ward = await story.unit(source.id, { name: 'Ward', reference: 'ward', parentId: north.unitId });
    await story.unit(source.id, {
      name: 'Bed',
      reference: 'bed',
      parentId: ward.unitId,
      groupIds: [createGroup.id],
      location: { longitude: 0, latitude: 0 },
    });
    const second = await story.release(source.id);
    const plan = await merging.planOf(second, copy);
    const rows = rowsByName(plan);
    expect(rows.Ward).toMatchObject({ action: 'CREATE', isOpen: false, parent: { name: 'North' } });
    expect(rows.Bed).toMatchObject({ action: 'CREATE', isOpen: false, parent: null });
    await resultOf(registry, await merging.apply(plan.id));
    const bed = await own('bed');
    expect(bed).toMatchObject({
      parent: { name: 'Ward' },
      groups: [{ name: 'Rural' }],
      location: { longitude: 0 },
    });
    expect(bed.groups[0].id).not.toBe(createGroup.id);
    expect(await story.names(version.id, { subtree: (await own('north')).unitId })).toContain('Bed');
  });

  it('what the source removed goes, unless the target changed it; what the target removed stays away, unless the source changed it', async () => {
    const { source, clinic, post, shop, copy, own } = await countryAndCopy(merging);
    await story.remove(post);
    await story.remove(shop);
    await story.edit(clinic, { name: 'Clinic II' });
    const second = await story.release(source.id);
    await story.edit(await own('shop'), { name: 'Shop of the target' });
    await story.remove(await own('clinic'));
    const plan = await merging.planOf(second, copy);
    const rows = rowsByName(plan);
    expect(rows.Post).toMatchObject({ action: 'REMOVE', isConflict: false, isApplied: true });
    expect(rows['Shop of the target']).toMatchObject({ action: 'REMOVE', isConflict: true, isOpen: true });
    expect(rows['Clinic II']).toMatchObject({ action: 'CREATE', isConflict: true, isOpen: true });
    expect(plan.rows.totalCount).toBe(3);
    await merging.decide(plan.id, [{ position: rows['Clinic II'].position, apply: true }], 'TARGET');
    const { units } = await resultOf(registry, await merging.apply(plan.id));
    expect(units).toEqual({ added: 1, changed: 0, removed: 1 });
    expect(await own('post')).toBeUndefined();
    expect(await own('shop')).toMatchObject({ name: 'Shop of the target' });
    expect(await own('clinic')).toMatchObject({ name: 'Clinic II', parent: { name: 'North' } });
  });

  it('a unit that stays below one that goes keeps the whole plan from being applied', async () => {
    const { source, south, shop, copy, own } = await countryAndCopy(merging);
    await story.remove(shop);
    await story.remove(south);
    const second = await story.release(source.id);
    await story.unit(copy.id, { name: 'Mill', parentId: (await own('south')).unitId });
    const plan = await merging.planOf(second, copy);
    const job = await ended(registry, await merging.apply(plan.id));
    expect(job).toMatchObject({ status: 'FAILED', error: { code: 'CONFLICT' } });
    expect(job.error?.message).toContain('"Mill"');
    expect(await own('shop')).toBeDefined();
  });
});

describe('without a common ancestor', () => {
  async function strangers() {
    const [source, target] = [await story.source(), await story.source()];
    const root = await story.unit(source.id, { name: 'Country', reference: 'x' });
    const district = await story.unit(source.id, { name: 'District', reference: 'd', parentId: root.unitId });
    await story.unit(source.id, { name: 'Clinic', reference: 'c', parentId: district.unitId });
    const own = await story.unit(target.id, { name: 'Pays', reference: 'pays' });
    await story.unit(target.id, { name: 'Clinique', reference: 'c', code: 'C1', parentId: own.unitId });
    return { source, target, own };
  }

  it('an unmatched parent is a question, never a new root, and the answer is where the unit comes', async () => {
    const { source, target, own } = await strangers();
    const plan = await merging.planOf(source.draft, target, { compare: ['NAME', 'CODE'] });
    expect(plan.base).toBeNull();
    const rows = rowsByName(plan);
    expect(rows.Country).toMatchObject({ action: 'CREATE', asksForParent: true, isOpen: true });
    expect(rows.District).toMatchObject({ action: 'CREATE', asksForParent: false });
    expect((await ended(registry, await merging.apply(plan.id))).error).toMatchObject({ code: 'CONFLICT' });
    await merging.decide(plan.id, [{ position: rows.Country.position, apply: false }]);
    // Now what stands below it has nowhere to stand.
    expect((await ended(registry, await merging.apply(plan.id))).error).toMatchObject({ code: 'CONFLICT' });
    await merging.decide(plan.id, [{ position: rows.District.position, parentId: own.unitId }]);
    await resultOf(registry, await merging.apply(plan.id));
    const states = await story.states(target.draft.id);
    const parents = Object.fromEntries(states.map(({ name, parent }: Data) => [name, parent?.name ?? null]));
    // The empty code of the source took nothing away, and the clinic stayed where it was.
    expect(parents).toEqual({ Pays: null, District: 'Pays', Clinic: 'Pays' });
    expect(states.find(({ name }: Data) => name === 'Clinic').code).toBe('C1');
  });

  it('a unit becomes a root where somebody says so', async () => {
    const { source, target } = await strangers();
    const plan = await merging.planOf(source.draft, target);
    await merging.decide(plan.id, [{ position: rowsByName(plan).Country.position, asRoot: true }]);
    await resultOf(registry, await merging.apply(plan.id));
    expect(await story.names(target.draft.id, { isRoot: true })).toEqual(['Country', 'Pays']);
  });

  it('units that the source does not hold stay, or go where that is asked', async () => {
    const { source, target } = await strangers();
    const kept = rowsByName(await merging.planOf(source.draft, target));
    expect(kept.Pays).toMatchObject({ action: 'REMOVE', isApplied: false });
    const gone = rowsByName(await merging.planOf(source.draft, target, { absentUnits: 'REMOVE' }));
    expect(gone.Pays).toMatchObject({ action: 'REMOVE', isApplied: true });
  });
});

describe('from accepted links, and from a comparison', () => {
  it('what is linked is one unit, whatever it is called', async () => {
    const [source, target] = [await story.source(), await story.source()];
    const there = await story.unit(source.id, { name: 'Country', reference: 'x', code: 'C' });
    const here = await story.unit(target.id, { name: 'Pays', reference: 'y' });
    await registry.data('mutation ($input: CreateLinkInput!) { createLink(input: $input) { id } }', {
      input: { unitId: there.unitId, otherUnitId: here.unitId },
    });
    const { compareVersions } = await registry.data(
      'mutation ($input: CompareVersionsInput!) { compareVersions(input: $input) { id job { id } } }',
      { input: { from: target.draft.id, to: source.draft.id, matchBy: 'LINKS', ignore: ['NAME'] } },
    );
    await resultOf(registry, compareVersions.job.id);
    const plan = await merging.plan({ comparisonId: compareVersions.id });
    expect(plan.rows.nodes).toHaveLength(1);
    expect(plan.rows.nodes[0]).toMatchObject({
      action: 'UPDATE',
      fields: [{ field: 'CODE', source: 'C', target: '', isTaken: true }],
    });
  });
});
