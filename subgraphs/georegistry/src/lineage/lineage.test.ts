import { type Country, country, LineageStory, named, square } from '../testing/lineage';
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

const childrenOf = async (version: string, unitId: string) =>
  (await story.names(version, { parent: unitId })).sort();

describe('a split', () => {
  it('closes the unit, opens its parts, and children go where they lie or are told', async () => {
    const { mira, clinics } = await country(story);
    const done = await lineage.split(
      mira,
      [
        { create: { name: 'Mira Ouest', shape: square(0) } },
        { create: { name: 'Mira Est', shape: square(1), code: 'D1E' } },
      ],
      { children: [{ unitId: clinics[2]?.unitId, to: 1 }] },
    );
    expect(done).toMatchObject({ kind: 'SPLIT', ending: 'CLOSED', movedUnits: 3, closedAlong: 0, number: 1 });
    expect(done.predecessors).toMatchObject([{ unitId: mira.unitId, name: 'Mira', code: 'D1', ended: true }]);
    expect(done.successors.map(({ name }: Data) => name)).toEqual(['Mira Ouest', 'Mira Est']);
    const [west, east] = done.successors;
    const version = done.version.id;
    expect(await childrenOf(version, west.unitId)).toEqual(['West']);
    expect(await childrenOf(version, east.unitId)).toEqual(['East', 'Nowhere']);
    const [old, part] = await story.states(version, { ids: [mira.unitId, west.unitId] });
    expect([old, part]).toMatchObject([
      { name: 'Mira', closedDate: '2026-05-01', status: 'VALID' },
      { name: 'Mira Ouest', openingDate: '2026-05-01', status: 'VALID', parent: { name: 'Kelandi' } },
    ]);
  });

  it('may keep the unit: what nothing places stays below it', async () => {
    const { mira } = await country(story);
    const done = await lineage.split(mira, [{ create: { name: 'Mira Est', shape: square(1) } }], {
      ending: 'KEPT',
    });
    expect(done).toMatchObject({ ending: 'KEPT', movedUnits: 1, predecessors: [{ ended: false }] });
    expect(await childrenOf(done.version.id, mira.unitId)).toEqual(['Nowhere', 'West']);
    expect(await lineage.of(mira.unitId, done.version.id)).toMatchObject({
      isStanding: true,
      endedBy: null,
      standing: [{ unitId: mira.unitId }],
    });
    expect(await lineage.of(done.successors[0].unitId, done.version.id)).toMatchObject({
      predecessors: [{ name: 'Mira' }],
    });
  });

  it('may take the unit out, into units that are there', async () => {
    const { mira, sola, country: root, source } = await country(story);
    const third = await story.unit(source.id, { name: 'Tala', parentId: root.unitId });
    const done = await lineage.split(mira, [{ unit: named(sola) }, { unit: named(third) }], {
      ending: 'REMOVED',
      otherChildrenTo: 1,
    });
    expect(await childrenOf(done.version.id, third.unitId)).toEqual(['East', 'Nowhere', 'West']);
    expect(await story.names(done.version.id, { ids: [mira.unitId] })).toEqual([]);
    const [state] = await story.states(done.version.id, { ids: [sola.unitId] });
    expect(state).toMatchObject({ revision: sola.revision, groups: [], aliases: [] });
  });

  it.each([
    [
      'shapes that overlap',
      [
        { name: 'A', shape: square(0) },
        { name: 'B', shape: square(0.9) },
      ],
      /overlap by about/,
    ],
    ['one part', [{ name: 'A' }], /two or more/],
    ['a child that nothing places', [{ name: 'A' }, { name: 'B' }], /"East", "Nowhere", "West"|Nothing says/],
  ])('is refused for %s, and nothing is written', async (_what, parts, message) => {
    const { mira, source } = await country(story);
    const { code, errors } = await lineage.try('splitOrgUnit', {
      unit: named(mira),
      into: parts.map((create) => ({ create })),
    });
    expect(code).toBe('BAD_USER_INPUT');
    expect(errors[0]?.message).toMatch(message);
    const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
      id: source.id,
    });
    expect(dataSource.draft).toBeNull();
  });

  it('takes shapes that overlap within the tolerance that is asked for', async () => {
    const { mira } = await country(story);
    const into = [{ create: { name: 'A', shape: square(0) } }, { create: { name: 'B', shape: square(0.9) } }];
    const done = await lineage.split(mira, into, { otherChildrenTo: 0, overlapTolerance: 0.2 });
    expect(done.successors).toHaveLength(2);
  });

  it.each([
    ['a child that stands elsewhere', ({ clinics }: Country) => [{ unitId: clinics[3]?.unitId, to: 0 }]],
    [
      'a child placed twice',
      ({ clinics }: Country) => [0, 1].map((to) => ({ unitId: clinics[0]?.unitId, to })),
    ],
    ['a part that is not there', ({ clinics }: Country) => [{ unitId: clinics[0]?.unitId, to: 2 }]],
  ])('refuses %s', async (_what, children) => {
    const place = await country(story);
    const { code } = await lineage.try('splitOrgUnit', {
      unit: named(place.mira),
      into: [{ create: { name: 'A' } }, { create: { name: 'B' } }],
      otherChildrenTo: 0,
      children: children(place),
    });
    expect(code).toBe('BAD_USER_INPUT');
  });
});

describe('a merge', () => {
  it('brings children, groups and names of all into one', async () => {
    const { source, mira, sola } = await country(story);
    const group = async (name: string) =>
      (
        await registry.data('mutation ($input: CreateGroupInput!) { createGroup(input: $input) { id } }', {
          input: { dataSourceId: source.id, name },
        })
      ).createGroup.id;
    const [rural, urban, poor] = [await group('Rural'), await group('Urban'), await group('Poor')];
    await registry.data('mutation ($input: CreateGroupSetInput!) { createGroupSet(input: $input) { id } }', {
      input: { dataSourceId: source.id, name: 'Setting', membership: 'SINGLE', groupIds: [rural, urban] },
    });
    const units = [
      await story.edit(mira, { groupIds: [rural] }),
      await story.edit(sola, { groupIds: [urban, poor] }),
    ];
    const done = await lineage.merge(units as never, { create: { name: 'Mira-Sola' } });
    expect(done).toMatchObject({ kind: 'MERGE', movedUnits: 4 });
    const [unit] = await story.states(done.version.id, { ids: [done.successors[0].unitId] });
    expect(unit.groups.map(({ name }: Data) => name)).toEqual(['Poor', 'Rural']);
    expect(unit.aliases).toEqual(['Mira', 'Sola']);
    expect(await childrenOf(done.version.id, unit.unitId)).toEqual(['East', 'Nowhere', 'South', 'West']);
  });

  it('into a unit that is there keeps what that is', async () => {
    const { mira, sola } = await country(story);
    const done = await lineage.merge([mira], { unit: named(sola) }, { ending: 'REMOVED' });
    const [unit] = await story.states(done.version.id, { ids: [sola.unitId] });
    expect(unit).toMatchObject({ name: 'Sola', code: 'D2', aliases: ['Mira'], revision: sola.revision + 1 });
    expect(await childrenOf(done.version.id, sola.unitId)).toEqual(['East', 'Nowhere', 'South', 'West']);
  });

  it.each([
    ['a unit with the one above it', ({ mira, country: root }: Country) => ({ units: [mira, root] })],
    ['a unit into one below it', ({ mira, clinics }: Country) => ({ units: [mira], into: clinics[0] })],
    ['a unit with itself', ({ mira }: Country) => ({ units: [mira, mira] })],
    ['a unit into itself', ({ mira }: Country) => ({ units: [mira], into: mira })],
    ['a single unit into a new one', ({ mira }: Country) => ({ units: [mira] })],
  ])('of %s is refused', async (_what, of) => {
    const { units, into } = of(await country(story)) as { units: Data[]; into?: Data };
    const { code, errors } = await lineage.try('mergeOrgUnits', {
      units: units.map(named),
      into: into ? { unit: named(into) } : { create: { name: 'X' } },
    });
    expect([code, errors[0]?.message]).toEqual(['BAD_USER_INPUT', expect.any(String)]);
  });

  it('whose new unit would stand below one that ends is refused', async () => {
    const { mira, sola, clinics } = await country(story);
    const { code } = await lineage.try('mergeOrgUnits', {
      units: [mira, sola].map(named),
      into: { create: { name: 'X', parentId: clinics[0]?.unitId } },
    });
    expect(code).toBe('BAD_USER_INPUT');
  });
});

describe('a replacement', () => {
  it('takes over what is not said: place, code, location, groups, children', async () => {
    const { mira } = await country(story);
    const done = await lineage.replace(mira, { create: { name: 'Mira II', reference: `m2-${mira.unitId}` } });
    const [unit] = await story.states(done.version.id, { ids: [done.successors[0].unitId] });
    expect(unit).toMatchObject({
      name: 'Mira II',
      code: 'D1',
      aliases: ['Mira'],
      parent: { name: 'Kelandi' },
    });
    expect(await childrenOf(done.version.id, unit.unitId)).toEqual(['East', 'Nowhere', 'West']);
  });
});

describe('a closing', () => {
  it('is refused while open units stand below, unless they close or move along', async () => {
    const { mira, sola } = await country(story);
    expect((await lineage.try('closeOrgUnit', { unit: named(mira) })).code).toBe('CONFLICT');
    const closed = await lineage.close(mira, { children: 'CLOSE' });
    expect(closed).toMatchObject({ kind: 'CLOSE', closedAlong: 3, movedUnits: 0, successors: [] });
    const states = await story.states(closed.version.id, { parent: mira.unitId });
    expect(states.map(({ closedDate }) => closedDate)).toEqual(Array(3).fill('2026-05-01'));
    expect(await lineage.of(states[0].unitId, closed.version.id)).toMatchObject({
      isStanding: false,
      endedBy: { kind: 'CLOSE' },
      standing: [],
    });
    expect((await lineage.close(sola, { children: 'CLOSE' })).closedAlong).toBe(1);
  });

  it('may bring the units below it elsewhere', async () => {
    const { mira, sola } = await country(story);
    const done = await lineage.close(mira, { children: 'MOVE', moveChildrenTo: sola.unitId });
    expect(done.movedUnits).toBe(3);
    expect(await childrenOf(done.version.id, sola.unitId)).toEqual(['East', 'Nowhere', 'South', 'West']);
  });

  it.each([
    ['below the unit itself', ({ clinics }: Country) => clinics[0]?.unitId],
    ['to a unit that is not there', ({ mira }: Country) => mira.unitId.replace(/.{4}$/, '0000')],
    ['to what is no id', () => 'x'],
  ])('does not move them %s', async (_what, to) => {
    const place = await country(story);
    const { code } = await lineage.try('closeOrgUnit', {
      unit: named(place.mira),
      children: 'MOVE',
      moveChildrenTo: to(place),
    });
    expect(code).toBe('BAD_USER_INPUT');
  });

  it('is refused for units below that open only later', async () => {
    const { mira, source } = await country(story);
    await story.unit(source.id, { name: 'Late', parentId: mira.unitId, openingDate: '2026-06-01' });
    const { code, errors } = await lineage.try('closeOrgUnit', { unit: named(mira), children: 'CLOSE' });
    expect([code, errors[0]?.message]).toEqual(['BAD_USER_INPUT', expect.stringContaining('"Late"')]);
  });
});
