import { country, LineageStory, named } from '../testing/lineage';
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

/** A country, and another list of the same districts, linked one to one. */
async function linked() {
  const place = await country(story);
  const other = await story.source();
  const units: Record<string, Data> = {};
  for (const name of ['Mira', 'Sola']) units[name] = await story.unit(other.id, { name: `${name} (list)` });
  await link(place.mira, units.Mira);
  await link(place.sola, units.Sola);
  return { ...place, other, units };
}

const link = async (one: Data, two: Data, status = 'ACCEPTED') =>
  (
    await registry.data('mutation ($input: CreateLinkInput!) { createLink(input: $input) { id } }', {
      input: { unitId: one.unitId, otherUnitId: two.unitId, status },
    })
  ).createLink;

const linksOf = async (unit: Data): Promise<Data[]> => {
  const { links } = await registry.data(
    `query ($id: ID!) { links(filter: { unitId: $id }, sort: NEWEST) { nodes {
      id status origin revision score decidedBy { id } lineage { kind } firstUnitId secondUnitId first { name } second { name } } } }`,
    { id: unit.unitId },
  );
  return links.nodes;
};
const told = (links: Data[]) => links.map(({ status, origin }) => `${status} ${origin}`).sort();

it('the unit that replaces another takes over its link when the version is released, with the decision', async () => {
  const { mira, source, units } = await linked();
  const done = await lineage.replace(mira, { create: { name: 'Mira II' } }, { ending: 'REMOVED' });
  expect(told(await linksOf(units.Mira))).toEqual(['ACCEPTED MANUAL']);
  await story.release(source.id);
  const links = await linksOf(units.Mira);
  expect(told(links)).toEqual(['ACCEPTED LINEAGE', 'ENDED MANUAL']);
  const [following] = links.filter(({ status }) => status === 'ACCEPTED');
  expect(following).toMatchObject({
    score: 1,
    lineage: { kind: 'REPLACE' },
    decidedBy: { id: registry.account.administrator.userId },
  });
  expect([following.firstUnitId, following.secondUnitId]).toContain(done.successors[0].unitId);
  // The link of old still tells what it joined.
  const [ended] = links.filter(({ status }) => status === 'ENDED');
  expect([ended.first.name, ended.second.name].sort()).toEqual(['Mira', 'Mira (list)']);
});

it('of units that merge, and of one that is split, somebody has to look at the links', async () => {
  const { mira, sola, source, units } = await linked();
  await lineage.merge([mira, sola], { create: { name: 'One' } });
  await story.release(source.id);
  for (const unit of [units.Mira, units.Sola])
    expect(told(await linksOf(unit))).toEqual(['ENDED MANUAL', 'PROPOSED LINEAGE']);

  const again = await linked();
  await lineage.split(again.mira, [{ create: { name: 'A' } }, { create: { name: 'B' } }], {
    otherChildrenTo: 0,
  });
  await story.release(again.source.id);
  expect(told(await linksOf(again.units.Mira))).toEqual([
    'ENDED MANUAL',
    'PROPOSED LINEAGE',
    'PROPOSED LINEAGE',
  ]);
});

it('a unit that has a link of its own keeps it, and one that is kept or closed keeps its', async () => {
  const { mira, sola, source, units } = await linked();
  await lineage.merge([mira], { unit: named(sola) });
  await story.release(source.id);
  expect(told(await linksOf(sola))).toEqual(['ACCEPTED MANUAL', 'PROPOSED LINEAGE']);
  expect(told(await linksOf(units.Mira))).toEqual(['ENDED MANUAL', 'PROPOSED LINEAGE']);

  const again = await linked();
  await lineage.split(again.mira, [{ create: { name: 'A' } }], { ending: 'KEPT' });
  await lineage.close(again.sola, { children: 'CLOSE' });
  await story.release(again.source.id);
  for (const unit of [again.mira, again.sola]) expect(told(await linksOf(unit))).toEqual(['ACCEPTED MANUAL']);
});

it('a pair that somebody decided against stays rejected', async () => {
  const { mira, sola, source, units } = await linked();
  const third = await story.unit(source.id, { name: 'Tala', parentId: sola.parent.unitId });
  await link(third, units.Mira, 'REJECTED');
  await lineage.merge([mira], { unit: named(third) });
  await story.release(source.id);
  expect(told(await linksOf(units.Mira))).toEqual(['ENDED MANUAL', 'REJECTED MANUAL']);
});

it('nobody but lineage ends a link', async () => {
  const { mira, units } = await linked();
  const [one] = await linksOf(units.Mira);
  const { code } = await registry.ask(
    `mutation ($links: [ReviewedLinkInput!]!) { reviewLinks(links: $links, status: ENDED) { id } }`,
    { links: [{ id: one.id, expectedRevision: one.revision }] },
  );
  expect(code).toBe('BAD_USER_INPUT');
  const made = await registry.ask(
    'mutation ($input: CreateLinkInput!) { createLink(input: $input) { id } }',
    { input: { unitId: mira.unitId, otherUnitId: units.Sola.unitId, status: 'ENDED' } },
  );
  expect(made.code).toBe('BAD_USER_INPUT');
});
