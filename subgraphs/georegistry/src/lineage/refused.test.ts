import { type Country, country, LineageStory, named } from '../testing/lineage';
import { type TestRegistry, testRegistry } from '../testing/registry';
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

describe('what every operation refuses', () => {
  it.each([
    [
      'a unit that never was',
      'NOT_FOUND',
      (_: Country) => ({ id: '00000000-0000-7000-8000-000000000000', expectedRevision: 1 }),
    ],
    ['what is no id', 'NOT_FOUND', (_: Country) => ({ id: 'x', expectedRevision: 1 })],
    ['another revision', 'CONFLICT', ({ mira }: Country) => ({ id: mira.unitId, expectedRevision: 7 })],
  ])('%s', async (_what, expected, unit) => {
    const place = await country(story);
    const { code } = await lineage.try('replaceOrgUnit', {
      unit: unit(place),
      by: { create: { name: 'X' } },
    });
    expect(code).toBe(expected);
  });

  it('units of another account or source, and a day that is not after the opening', async () => {
    const { mira } = await country(story);
    const other = await country(story);
    const by = { create: { name: 'X' } };
    const stranger = registry.twin.administrator;
    expect((await lineage.try('replaceOrgUnit', { unit: named(mira), by }, stranger)).code).toBe('NOT_FOUND');
    const mixed = await lineage.try('mergeOrgUnits', { units: [mira, other.mira].map(named), into: by });
    expect([mixed.code, mixed.errors[0]?.message]).toEqual([
      'BAD_USER_INPUT',
      expect.stringContaining('another source'),
    ]);
    const early = { unit: named(mira), by, effectiveOn: '1990-01-01' };
    expect((await lineage.try('replaceOrgUnit', early)).code).toBe('BAD_USER_INPUT');
  });

  it('a unit that ended already, with what is in its place', async () => {
    const { mira, sola } = await country(story);
    const [removed] = [await lineage.replace(mira, { create: { name: 'X' } }, { ending: 'REMOVED' })];
    const again = await lineage.try('replaceOrgUnit', { unit: named(mira), by: { create: { name: 'Y' } } });
    expect(again.code).toBe('CONFLICT');
    expect(again.errors[0]?.extensions?.details).toMatchObject({
      lineageId: removed.id,
      successorIds: [removed.successors[0].unitId],
    });
    const closed = await lineage.replace(sola, { create: { name: 'Z' } });
    const [state] = await story.states(closed.version.id, { ids: [sola.unitId] });
    const into = await lineage.try('mergeOrgUnits', {
      units: [{ id: removed.successors[0].unitId, expectedRevision: 1 }],
      into: { unit: named(state) },
    });
    expect([into.code, into.errors[0]?.message]).toEqual([
      'CONFLICT',
      expect.stringContaining('is closed since'),
    ]);
  });

  it('types that may not stand there, and types that one may not edit', async () => {
    const { mira, source } = await country(story);
    const type = async (input: Record<string, unknown>) =>
      (
        await registry.data(
          'mutation ($input: CreateOrgUnitTypeInput!) { createOrgUnitType(input: $input) { id } }',
          { input },
        )
      ).createOrgUnitType.id;
    const clinic = await type({ name: `Clinic ${source.id}` });
    const strict = await type({ name: `Strict ${source.id}`, subTypeIds: [clinic] });
    const { code, errors } = await lineage.try('replaceOrgUnit', {
      unit: named(mira),
      by: { create: { name: 'X', typeId: strict } },
    });
    expect([code, errors[0]?.extensions?.details]).toEqual([
      'BAD_USER_INPUT',
      expect.objectContaining({ rule: 'TYPE_NOT_ALLOWED_BELOW' }),
    ]);
  });

  it('a read-only source, both or neither of the two ways to name a successor, an empty reason', async () => {
    const { mira, sola, source } = await country(story);
    const both = { unit: named(sola), create: { name: 'X' } };
    for (const by of [both, {}])
      expect((await lineage.try('replaceOrgUnit', { unit: named(mira), by })).code).toBe('BAD_USER_INPUT');
    const input = { unit: named(mira), by: { create: { name: 'X' } } };
    expect((await lineage.try('replaceOrgUnit', { ...input, reason: ' ' })).code).toBe('BAD_USER_INPUT');
    await registry.data(
      'mutation ($id: ID!) { updateDataSource(id: $id, expectedRevision: 1, input: { readOnly: true }) { id } }',
      { id: source.id },
    );
    expect((await lineage.try('replaceOrgUnit', input)).code).toBe('CONFLICT');
  });
});

it('of two requests at once for one unit one is done, and the other is a CONFLICT that leaves nothing', async () => {
  const { mira, source } = await country(story);
  const answers = await Promise.all(
    ['A', 'B'].map((name) =>
      lineage.try('replaceOrgUnit', { unit: named(mira), by: { create: { name } }, ending: 'REMOVED' }),
    ),
  );
  expect(answers.map(({ code }) => code ?? 'OK').sort()).toEqual(['CONFLICT', 'OK']);
  const { dataSource } = await registry.data('query ($id: ID!) { dataSource(id: $id) { draft { id } } }', {
    id: source.id,
  });
  const { lineages } = await registry.data(
    'query ($v: ID!) { lineages(version: $v) { totalCount nodes { kind } } }',
    { v: dataSource.draft.id },
  );
  expect(lineages).toEqual({ totalCount: 1, nodes: [{ kind: 'REPLACE' }] });
  expect(await story.names(dataSource.draft.id, { parent: mira.parent.unitId })).toHaveLength(2);
});
