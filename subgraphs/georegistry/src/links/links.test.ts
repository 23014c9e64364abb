import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import { type Data, type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

const LINK = `id status score origin revision reason firstUnitId secondUnitId decidedBy { id } decidedAt
  first { id name } second { id name } firstSource { id } secondSource { id } features { feature value contribution }`;
const CREATE = `mutation ($input: CreateLinkInput!) { createLink(input: $input) { ${LINK} } }`;
const REVIEW = `mutation ($links: [ReviewedLinkInput!]!, $status: LinkStatus!, $reason: String) {
  reviewLinks(links: $links, status: $status, reason: $reason) { id outcome { ok code message } link { ${LINK} } } }`;

let registry: TestRegistry;
let story: Story;
let sources: { id: string }[];
let units: Data[][];

beforeAll(async () => {
  registry = await testRegistry();
  story = new Story(registry);
});
afterAll(() => registry.close());

/** Two sources of three clinics each, so that tests share nothing. */
beforeEach(async () => {
  sources = [await story.source(), await story.source()];
  units = await Promise.all(
    sources.map(async ({ id }) => {
      const made = [];
      for (const name of ['Mira', 'Sola', 'Tuko']) made.push(await story.unit(id, { name }));
      return made;
    }),
  );
});

const unit = (source: number, index: number): string => units[source]?.[index].unitId;

const create = async (left: string, right: string, status?: string): Promise<Data> =>
  (await registry.data(CREATE, { input: { unitId: left, otherUnitId: right, status } })).createLink;

const review = async (links: Data[], status: string, reason?: string): Promise<Data> =>
  (
    await registry.data(REVIEW, {
      links: links.map(({ id, revision }) => ({ id, expectedRevision: revision })),
      status,
      reason,
    })
  ).reviewLinks;

describe('a link made by hand', () => {
  it('says who made it and when, and is seen from both of its units', async () => {
    const link = await create(unit(0, 0), unit(1, 0));
    expect(link).toMatchObject({ status: 'ACCEPTED', score: 1, origin: 'MANUAL', features: [] });
    expect(link.decidedBy.id).toBe(registry.account.administrator.userId);
    expect(link.decidedAt).not.toBeNull();
    for (const id of [unit(0, 0), unit(1, 0)]) {
      const { orgUnit } = await registry.data(
        'query ($id: ID!) { orgUnit(id: $id) { links { totalCount nodes { id first { name } second { name } } } } }',
        { id },
      );
      expect(orgUnit.links).toEqual({
        totalCount: 1,
        nodes: [{ id: link.id, first: { name: 'Mira' }, second: { name: 'Mira' } }],
      });
    }
  });

  it('is one whichever unit is named first', async () => {
    const link = await create(unit(0, 0), unit(1, 0), 'PROPOSED');
    const again = await registry.ask(CREATE, { input: { unitId: unit(1, 0), otherUnitId: unit(0, 0) } });
    expect(again.code).toBe('CONFLICT');
    expect(again.errors[0]?.extensions?.details).toMatchObject({ linkId: link.id, revision: 1 });
  });

  it('is refused between units of one source', async () => {
    const answer = await registry.ask(CREATE, { input: { unitId: unit(0, 0), otherUnitId: unit(0, 1) } });
    expect(answer.code).toBe('BAD_USER_INPUT');
    expect(answer.errors[0]?.message).toContain('two different sources');
  });

  it.each([
    ['an id that never was', () => newId()],
    ['no id at all', () => "0'; DROP TABLE georegistry.link"],
  ])('is NOT_FOUND for %s', async (_, id) => {
    const answer = await registry.ask(CREATE, { input: { unitId: unit(0, 0), otherUnitId: id() } });
    expect(answer.code).toBe('NOT_FOUND');
  });
});

describe('what is accepted is one to one between two sources', () => {
  it('a second accepted link of a unit is refused and names the first', async () => {
    const first = await create(unit(0, 0), unit(1, 0));
    const second = await create(unit(0, 0), unit(1, 1), 'PROPOSED');
    const [{ outcome, link }] = await review([second], 'ACCEPTED');
    expect(outcome).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(link.status).toBe('PROPOSED');
    await review([first], 'REJECTED');
    expect((await review([second], 'ACCEPTED'))[0]).toMatchObject({ outcome: { ok: true } });
  });

  it('also when two requests accept at once, and the other links of a bulk go on', async () => {
    const rivals = [
      await create(unit(0, 0), unit(1, 0), 'PROPOSED'),
      await create(unit(0, 0), unit(1, 1), 'PROPOSED'),
    ];
    const bystander = await create(unit(0, 2), unit(1, 2), 'PROPOSED');
    const answers = await Promise.all(
      rivals.map((link, index) => review(index === 0 ? [link, bystander] : [link], 'ACCEPTED')),
    );
    const outcomes = answers.map(([{ outcome }]) => outcome.ok);
    expect(outcomes.sort()).toEqual([false, true]);
    expect(answers[0][1].outcome.ok).toBe(true);
  });

  it('the database refuses it whatever the service thinks', async () => {
    await create(unit(0, 0), unit(1, 0));
    const second = await create(unit(0, 0), unit(1, 1), 'PROPOSED');
    await expect(
      registry.database.pool.query(
        `UPDATE georegistry.link SET status = 'ACCEPTED', decided_at = now() WHERE id = $1`,
        [second.id],
      ),
    ).rejects.toMatchObject({ constraint: expect.stringMatching(/^link_accepted_/) });
  });
});

describe('a decision', () => {
  it('keeps who, when and why, and stands in the history of the link', async () => {
    const link = await create(unit(0, 0), unit(1, 0), 'PROPOSED');
    expect(link).toMatchObject({ decidedBy: null, decidedAt: null });
    const [{ link: rejected }] = await review([link], 'REJECTED', ' Another village ');
    expect(rejected).toMatchObject({ status: 'REJECTED', reason: 'Another village', revision: 2 });
    expect(rejected.decidedBy.id).toBe(registry.account.administrator.userId);
    const { rows } = await registry.database.pool.query(
      `SELECT action, fields_before ->> 'status' AS before, fields_after ->> 'status' AS after, reason
       FROM platform.change_event WHERE subject_type = 'Link' AND subject_id = $1 ORDER BY id`,
      [link.id],
    );
    expect(rows).toEqual([
      { action: 'CREATE', before: null, after: 'PROPOSED', reason: null },
      { action: 'REVIEW', before: 'PROPOSED', after: 'REJECTED', reason: 'Another village' },
    ]);
  });

  it('is not touched by deciding the same again', async () => {
    const link = await create(unit(0, 0), unit(1, 0));
    const [{ outcome, link: same }] = await review([link], 'ACCEPTED');
    expect(outcome.ok).toBe(true);
    expect(same).toEqual(link);
  });

  it('is taken back by proposing the link again', async () => {
    const link = await create(unit(0, 0), unit(1, 0));
    const [{ link: open }] = await review([link], 'PROPOSED');
    expect(open).toMatchObject({ status: 'PROPOSED', decidedBy: null, decidedAt: null });
  });

  it('has an outcome per link: of one seen too early, one unknown, one given twice, one good', async () => {
    const link = await create(unit(0, 0), unit(1, 0), 'PROPOSED');
    const seenEarly = await create(unit(0, 1), unit(1, 1), 'PROPOSED');
    await review([seenEarly], 'REJECTED');
    const reviews = await review([seenEarly, { id: newId(), revision: 1 }, link, link], 'ACCEPTED');
    expect(reviews.map(({ outcome }: Data) => outcome.code)).toEqual([
      'CONFLICT',
      'NOT_FOUND',
      null,
      'CONFLICT',
    ]);
  });

  it('takes at most 1,000 links at once, and says where more are decided', async () => {
    const links = Array.from({ length: 1001 }, () => ({ id: newId(), revision: 1 }));
    const answer = await registry.ask(REVIEW, {
      links: links.map(({ id, revision }) => ({ id, expectedRevision: revision })),
      status: 'ACCEPTED',
    });
    expect(answer.code).toBe('LIMIT_EXCEEDED');
    expect(answer.errors[0]?.message).toContain('uploadLinks');
  });
});

describe('links are listed', () => {
  const LIST = `query ($filter: LinkFilter, $sort: LinkSort, $first: Int, $after: String) {
    links(filter: $filter, sort: $sort, first: $first, after: $after) {
      totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`;
  const idsOf = async (filter: object): Promise<string[]> =>
    (await registry.data(LIST, { filter })).links.nodes.map(({ id }: Data) => id);

  it('by source, unit, status, origin, decision, type and text of either side', async () => {
    const a = await create(unit(0, 0), unit(1, 0));
    const b = await create(unit(0, 1), unit(1, 2), 'PROPOSED');
    const dataSourceId = sources[0]?.id;
    expect((await idsOf({ dataSourceId })).sort()).toEqual([a.id, b.id].sort());
    expect((await idsOf({ dataSourceId, otherDataSourceId: sources[1]?.id })).length).toBe(2);
    expect(await idsOf({ dataSourceId, otherDataSourceId: dataSourceId })).toEqual([]);
    expect(await idsOf({ unitId: unit(1, 2) })).toEqual([b.id]);
    expect(await idsOf({ dataSourceId, statuses: ['PROPOSED'] })).toEqual([b.id]);
    expect(await idsOf({ dataSourceId, origins: ['SIMILARITY'] })).toEqual([]);
    expect(await idsOf({ dataSourceId, decidedByPerson: true })).toEqual([a.id]);
    expect(await idsOf({ dataSourceId, decidedById: registry.account.administrator.userId })).toEqual([a.id]);
    expect(await idsOf({ dataSourceId, text: 'TÚKO' })).toEqual([b.id]);
    expect(await idsOf({ dataSourceId, types: [newId()] })).toEqual([]);
    expect(await idsOf({ unitId: 'no id' })).toEqual([]);
  });

  it.each(['SCORE', 'SCORE_DESC', 'NEWEST'])('in pages that have each once, by %s', async (sort) => {
    const made = [];
    for (let index = 0; index < 3; index++) made.push((await create(unit(0, index), unit(1, index))).id);
    const filter = { dataSourceId: sources[0]?.id };
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { links }: Data = await registry.data(LIST, { filter, sort, first: 1, after });
      seen.push(...links.nodes.map(({ id }: Data) => id));
      expect(links.totalCount).toBe(3);
      after = links.pageInfo.hasNextPage ? links.pageInfo.endCursor : null;
    } while (after);
    expect(seen.sort()).toEqual(made.sort());
  });

  it.each([
    [{ scoreFrom: 1.5 }, 'scoreFrom'],
    [{ scoreFrom: 0.9, scoreTo: 0.1 }, 'scoreFrom'],
    [{ text: 'x'.repeat(256) }, 'text'],
  ])('and a filter that cannot be meant, %j, is refused', async (filter, field) => {
    const answer = await registry.ask(LIST, { filter });
    expect(answer.code).toBe('BAD_USER_INPUT');
    expect(answer.errors[0]?.extensions?.details).toMatchObject({ path: ['filter', field] });
  });

  it('and show no unit to who may read links but no units', async () => {
    const link = await create(unit(0, 0), unit(1, 0));
    const reader = await seedMember(registry.database, registry.account.accountId, {
      permissions: ['links.read'],
    });
    const answer = await registry.ask(
      'query ($id: ID!) { link(id: $id) { id first { name } second { name } } }',
      { id: link.id },
      reader,
    );
    expect(answer.data.link).toEqual({ id: link.id, first: null, second: null });
  });
});

describe('a link of another account', () => {
  const asTwin = (query: string, variables: object) =>
    registry.ask(query, { ...variables }, registry.twin.administrator);

  it('is read, listed and decided by nobody else', async () => {
    const link = await create(unit(0, 0), unit(1, 0), 'PROPOSED');
    expect((await asTwin('query ($id: ID!) { link(id: $id) { id } }', { id: link.id })).data.link).toBeNull();
    expect((await asTwin('{ links { totalCount } }', {})).data.links.totalCount).toBe(0);
    const { data } = await asTwin(REVIEW, {
      links: [{ id: link.id, expectedRevision: 1 }],
      status: 'ACCEPTED',
    });
    expect(data.reviewLinks).toMatchObject([{ outcome: { ok: false, code: 'NOT_FOUND' }, link: null }]);
    const made = await asTwin(CREATE, { input: { unitId: unit(0, 1), otherUnitId: unit(1, 1) } });
    expect(made.code).toBe('NOT_FOUND');
  });
});
