/** Links many at once: decided on by filters, and written to files. */
import { fileOf, resultOf } from '../testing/jobs';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(120_000);
let registry: TestRegistry;
let story: Story;
beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

/** Two released sources of a root with three units each. */
async function twoSources() {
  const make = async () => {
    const source = await story.source();
    const root = await story.unit(source.id, { name: 'Root' });
    const units = [];
    for (const name of ['Alpha', 'Beta', '=Gamma']) {
      units.push(await story.unit(source.id, { name, reference: name, parentId: root.unitId }));
    }
    return { source, root, units, version: await story.release(source.id) };
  };
  return [await make(), await make()] as const;
}

async function link(one: Data, other: Data, score: number): Promise<Data> {
  const { createLink } = await registry.data(
    'mutation ($input: CreateLinkInput!) { createLink(input: $input) { id } }',
    { input: { unitId: one.unitId, otherUnitId: other.unitId, status: 'PROPOSED' } },
  );
  await registry.db.execute(registry.db.sql`
    UPDATE georegistry.link l SET score = ${score} WHERE l.account_id = ${registry.db.account} AND l.id = ${createLink.id}`);
  return createLink;
}

const reviewed = async (filter: object, status: string): Promise<Data> => {
  const { reviewLinksByFilter } = await registry.data(
    'mutation ($input: ReviewLinksByFilterInput!) { reviewLinksByFilter(input: $input) { id } }',
    { input: { filter, status, reason: 'All of them' } },
  );
  return resultOf(registry, reviewLinksByFilter.id);
};

const statuses = async (dataSourceId: string): Promise<Record<string, string>> => {
  const { links } = await registry.data(
    'query ($id: ID!) { links(filter: { dataSourceId: $id }) { nodes { id status } } }',
    { id: dataSourceId },
  );
  return Object.fromEntries(links.nodes.map(({ id, status }: Data) => [id, status]));
};

it('a job accepts all links of a filter, the surest first; what excludes a surer one is skipped with CONFLICT', async () => {
  const [one, other] = await twoSources();
  const [a, b, c] = one.units as [Data, Data, Data];
  const [x, y, z] = other.units as [Data, Data, Data];
  const weak = await link(a, y, 0.7);
  const sure = await link(a, x, 0.9);
  const fair = await link(b, y, 0.8);
  const low = await link(c, z, 0.2);
  const filter = { dataSourceId: one.source.id, statuses: ['PROPOSED'], scoreFrom: 0.5 };
  expect(await reviewed(filter, 'ACCEPTED')).toEqual({
    selected: 3,
    decided: 2,
    skipped: [
      {
        code: 'CONFLICT',
        count: 1,
        examples: [{ id: weak.id, message: expect.stringContaining('accepted link') }],
      },
    ],
  });
  expect(await statuses(one.source.id)).toEqual({
    [sure.id]: 'ACCEPTED',
    [fair.id]: 'ACCEPTED',
    [weak.id]: 'PROPOSED',
    [low.id]: 'PROPOSED',
  });
  expect(await reviewed(filter, 'REJECTED')).toEqual({ selected: 1, decided: 1, skipped: [] });
  expect(await statuses(one.source.id)).toMatchObject({ [weak.id]: 'REJECTED', [low.id]: 'PROPOSED' });
});

it('a list keeps links with an end in a subtree, or in a version', async () => {
  const [one, other] = await twoSources();
  const made = await link(one.units[0], other.units[0], 0.5);
  const ids = async (filter: object) =>
    (
      await registry.data('query ($filter: LinkFilter) { links(filter: $filter) { nodes { id } } }', {
        filter,
      })
    ).links.nodes.map(({ id }: Data) => id);
  expect(await ids({ subtree: one.root.unitId })).toEqual([made.id]);
  expect(await ids({ subtree: one.units[1].unitId })).toEqual([]);
  expect(await ids({ subtree: 'no id' })).toEqual([]);
  expect(await ids({ versionId: other.version.id, dataSourceId: one.source.id })).toEqual([made.id]);
  expect(await ids({ versionId: 'no id' })).toEqual([]);
});

it('a file of links tells both units, and no cell is a formula', async () => {
  const [one, other] = await twoSources();
  await link(one.units[2], other.units[2], 0.25);
  await link(one.units[0], other.units[0], 0.75);
  const exported = async (format: string) => {
    const { exportLinks } = await registry.data(
      'mutation ($input: ExportLinksInput!) { exportLinks(input: $input) { id } }',
      { input: { filter: { dataSourceId: one.source.id }, format } },
    );
    const report = await resultOf(registry, exportLinks.id);
    return { report, content: await fileOf(registry, report.fileId) };
  };
  const { report, content } = await exported('CSV');
  expect(report).toMatchObject({ links: 2, name: 'links.csv' });
  const [header, surest, other2] = content.toString().replace('\ufeff', '').trim().split('\r\n');
  expect(header).toBe(
    'id,status,score,origin,run,first source,first unit id,first reference,first name,second source,second unit id,second reference,second name,decided by,decided at,reason,created at',
  );
  expect(surest).toContain('PROPOSED,0.75,MANUAL');
  expect(surest?.match(/,Alpha,Alpha,/g)).toHaveLength(2);
  expect(other2?.match(/,'=Gamma,'=Gamma,/g)).toHaveLength(2);
  expect((await exported('XLSX')).content.subarray(0, 2).toString()).toBe('PK');
});

it('what cannot be meant is refused at once, and another account decides on nothing here', async () => {
  const REVIEW = 'mutation ($input: ReviewLinksByFilterInput!) { reviewLinksByFilter(input: $input) { id } }';
  const refused = async (input: object) => (await registry.ask(REVIEW, { input })).code;
  expect(await refused({ filter: { scoreFrom: 2 }, status: 'ACCEPTED' })).toBe('BAD_USER_INPUT');
  expect(await refused({ filter: {}, status: 'ACCEPTED', reason: 'x'.repeat(1001) })).toBe('BAD_USER_INPUT');
  const [one, other] = await twoSources();
  const made = await link(one.units[0], other.units[0], 0.5);
  const { data } = await registry.ask(
    REVIEW,
    { input: { filter: { dataSourceId: one.source.id }, status: 'REJECTED' } },
    registry.twin.administrator,
  );
  const twin = registry.database.forAccount(registry.twin.actor);
  expect(data.reviewLinksByFilter.id).toBeDefined();
  await resultOf({ ...registry, db: twin }, data.reviewLinksByFilter.id);
  expect(await statuses(one.source.id)).toEqual({ [made.id]: 'PROPOSED' });
});
