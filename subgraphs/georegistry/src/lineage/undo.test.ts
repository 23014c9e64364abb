import { readChanges, sealAll } from '@iroko/changes';
import { seedMember } from '@iroko/testing';
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

describe('an operation of a draft', () => {
  const undo = (id: string) =>
    registry.ask('mutation ($id: ID!) { undoLineage(id: $id, reason: "too soon") { job { id } } }', { id });
  const tree = async (version: string) =>
    (await story.states(version)).map(({ name, parent, closedDate, groups, aliases, openingDate }) => ({
      name,
      parent: parent?.name,
      closedDate,
      groups,
      aliases,
      openingDate,
    }));

  it.each([
    [
      'split',
      (place: Country) =>
        lineage.split(place.mira, [{ create: { name: 'A' } }, { unit: named(place.sola) }], {
          otherChildrenTo: 1,
        }),
    ],
    [
      'split that keeps',
      (place: Country) =>
        lineage.split(place.mira, [{ create: { name: 'A' } }], { ending: 'KEPT', otherChildrenTo: 0 }),
    ],
    [
      'merge',
      (place: Country) => lineage.merge([place.mira], { unit: named(place.sola) }, { ending: 'REMOVED' }),
    ],
    [
      'replacement',
      (place: Country) => lineage.replace(place.mira, { create: { name: 'A' } }, { ending: 'REMOVED' }),
    ],
    ['closing', (place: Country) => lineage.close(place.mira, { children: 'CLOSE' })],
    [
      'closing that moves',
      (place: Country) => lineage.close(place.mira, { children: 'MOVE', moveChildrenTo: place.sola.unitId }),
    ],
  ])('(a %s) is taken back whole: the tree is as before', async (_what, operate) => {
    const place = await country(story);
    const { dataSource } = await registry.data(
      'query ($id: ID!) { dataSource(id: $id) { currentVersion { id } } }',
      { id: place.source.id },
    );
    const done = await operate(place);
    expect(await tree(done.version.id)).not.toEqual(await tree(dataSource.currentVersion.id));
    expect((await undo(done.id)).errors).toEqual([]);
    expect(await tree(done.version.id)).toEqual(await tree(dataSource.currentVersion.id));
    expect(await lineage.of(place.mira.unitId, done.version.id)).toMatchObject({ operations: [] });
    expect((await undo(done.id)).code).toBe('NOT_FOUND');
  });

  it('is not taken back once released, built upon, or changed since', async () => {
    const { source, mira, sola } = await country(story);
    const first = await lineage.replace(mira, { create: { name: 'A' } });
    const [a] = await story.states(first.version.id, { ids: [first.successors[0].unitId] });
    const second = await lineage.merge([sola], { unit: named(a) });
    expect((await undo(first.id)).errors[0]?.message).toContain('A later MERGE builds upon it');
    const [, merged] = [
      await story.names(first.version.id),
      (await story.states(first.version.id, { ids: [a.unitId] }))[0],
    ];
    await story.edit(merged, { name: 'A2' });
    const changed = await undo(second.id);
    expect([changed.code, changed.errors[0]?.message]).toEqual(['CONFLICT', expect.stringContaining('"A2"')]);
    await story.release(source.id);
    expect((await undo(second.id)).errors[0]?.message).toContain('was released');
  });

  it('is seen by those alone who see drafts, and an edit of it is not taken back alone', async () => {
    const { mira } = await country(story);
    const done = await lineage.close(mira, { children: 'CLOSE' });
    await sealAll(registry.database.system, registry.account.accountId);
    const events = await readChanges(registry.db, 0, 10_000);
    const event = events.find(({ subjectId, action }) => subjectId === mira.unitId && action === 'CLOSE');
    const { code, errors } = await registry.ask(
      'mutation ($event: ID!) { revertOrgUnitChange(event: $event) { id } }',
      { event: event?.id },
    );
    expect([code, errors[0]?.message]).toEqual(['BAD_USER_INPUT', expect.stringContaining('undoLineage')]);
    const reader = await seedMember(registry.database, registry.account.accountId, {
      permissions: ['org_units.read', 'sources.read'],
    });
    const query = 'query ($id: ID!) { lineage(id: $id) { id } }';
    expect((await registry.ask(query, { id: done.id }, reader)).data.lineage).toBeNull();
  });
});
