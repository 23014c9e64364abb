import { newId } from '@iroko/database';
import { cancelJob } from '@iroko/jobs';
import { MatchGround } from '../testing/matching';
import { type Data, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';
import { matchSettings } from './match-run';

jest.setTimeout(60_000);

const START = `mutation ($input: StartMatchRunInput!) { startMatchRun(input: $input) { id job { id } } }`;
const REVIEW = `mutation ($links: [ReviewedLinkInput!]!, $status: LinkStatus!) {
  reviewLinks(links: $links, status: $status) { outcome { ok } } }`;

const PLACES = [
  { name: 'Hôpital Général de Mira', code: 'H1', reference: 'r1', at: [20, 3] },
  { name: 'Centre de santé Sola', code: 'H2', reference: 'r2', at: [21, 3] },
  { name: 'Centre de santé Tuko', code: 'H3', reference: 'r3', at: [22, 3] },
  { name: 'Centre de santé Wembe', code: '', reference: 'r4', at: [23, 3] },
] as const;
const listed = PLACES.map((place) => ({ ...place, at: [...place.at] as [number, number] }));
const misspelled = [
  { name: 'HG Mira', code: 'H1', reference: 'x1', at: [20.0001, 3] as [number, number] },
  { name: 'CS Sollà', code: 'H9', reference: 'r2', at: [21, 3.0001] as [number, number] },
  { name: 'Tuko centre de sante', code: 'H3', reference: 'x3', at: [22, 3] as [number, number] },
  { name: 'Dispensaire Bafwasende', code: '', reference: 'x4', at: [29, 9] as [number, number] },
];

let ground: MatchGround;
let left: Awaited<ReturnType<MatchGround['list']>>;
let right: Awaited<ReturnType<MatchGround['list']>>;

beforeAll(async () => {
  const registry = await testRegistry();
  ground = new MatchGround(registry, new Story(registry));
});
afterAll(() => ground.registry.close());
beforeEach(async () => {
  left = await ground.list(listed);
  right = await ground.list(misspelled);
});

const review = async (link: Data, status: string) => {
  const links = [{ id: link.id, expectedRevision: link.revision }];
  const { reviewLinks } = await ground.registry.data(REVIEW, { links, status });
  expect(reviewLinks).toEqual([{ outcome: { ok: true } }]);
};

const named = (links: Data[]) =>
  links
    .map(({ first, second, status }) => `${[first.name, second.name].sort().join(' = ')} ${status}`)
    .sort();

describe('a run by similarity', () => {
  it('links what is the same place, each link with score and features, and leaves the rest alone', async () => {
    const run = await ground.run(left, right);
    expect(run.job.error).toBeNull();
    expect(run).toMatchObject({
      method: 'SIMILARITY',
      acceptFrom: 0.9,
      reviewFrom: 0.5,
      createdBy: { id: ground.registry.account.administrator.userId },
      report: { leftUnits: 4, rightUnits: 4, decidedBefore: 0, withdrawn: 0 },
    });
    const links = await ground.links({ matchRunId: run.id });
    expect(named(links).map((name) => name.replace(/ \w+$/, ''))).toEqual([
      'CS Sollà = Centre de santé Sola',
      'Centre de santé Tuko = Tuko centre de sante',
      'HG Mira = Hôpital Général de Mira',
    ]);
    for (const { score, features, decidedBy, origin } of links) {
      const sum = features.reduce((total: number, { contribution }: Data) => total + contribution, 0);
      expect(score).toBeCloseTo(1 / (1 + Math.exp(-sum)), 6);
      expect({ decidedBy, origin }).toEqual({ decidedBy: null, origin: 'SIMILARITY' });
    }
    expect(run.report.accepted + run.report.proposed).toBe(3);
  });

  it('accepts nothing unseen when acceptFrom is 1', async () => {
    const run = await ground.run(left, right, { acceptFrom: 1 });
    expect(run.report).toMatchObject({ accepted: 0, proposed: 3 });
  });

  it('is repeated without a change of links, ids and decisions', async () => {
    const first = await ground.run(left, right);
    const before = await ground.links({ matchRunId: first.id });
    const second = await ground.run(left, right);
    expect(second.report).toMatchObject({ ...first.report, withdrawn: 0 });
    const after = await ground.links({ matchRunId: second.id });
    expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
  });

  it('the other way round finds the same links', async () => {
    const first = await ground.run(left, right);
    const before = await ground.links({ matchRunId: first.id });
    const second = await ground.run(right, left);
    const after = await ground.links({ matchRunId: second.id });
    expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
  });

  it('keeps the decisions of people: what was rejected stays so, what was accepted takes its units', async () => {
    const first = await ground.run(left, right);
    const links = await ground.links({ matchRunId: first.id });
    const sola = links.find(({ first: one, second: two }) => /Sol/.test(one.name + two.name));
    await review(sola, 'REJECTED');
    const tuko = links.find(({ first: one }) => /Tuko/.test(one.name));
    await review(tuko, 'ACCEPTED');
    const run = await ground.run(left, right);
    expect(run.report).toMatchObject({ decidedBefore: 2 });
    const after = await ground.links({ dataSourceId: left.id });
    const statusOf = (id: string) => after.find((link) => link.id === id);
    expect(statusOf(sola.id)).toMatchObject({ status: 'REJECTED', decidedBy: expect.anything() });
    expect(statusOf(tuko.id)).toMatchObject({ status: 'ACCEPTED', decidedBy: expect.anything() });
    expect(after).toHaveLength(3);
  });

  it('withdraws undecided links that are not found again, but not when it looks at a part only', async () => {
    const first = await ground.run(left, right);
    expect(first.report.accepted + first.report.proposed).toBe(3);
    const some = left.units[0];
    const part = await ground.run(left, right, {
      left: { versionId: left.versionId, subtree: some },
      right: { versionId: right.versionId },
    });
    expect(part.report).toMatchObject({ withdrawn: 0 });
    expect(await ground.links({ matchRunId: part.id })).toHaveLength(1);
    const strict = await ground.run(left, right, { acceptFrom: 1, reviewFrom: 1 });
    expect(strict.report).toMatchObject({ withdrawn: 3, accepted: 0, proposed: 0 });
    expect(await ground.links({ dataSourceId: left.id })).toEqual([]);
  });

  it('proposes what it would accept where another link of the unit is accepted', async () => {
    const { createLink } = await ground.registry.data(
      'mutation ($input: CreateLinkInput!) { createLink(input: $input) { id revision } }',
      { input: { unitId: left.units[2], otherUnitId: right.units[3] } },
    );
    const run = await ground.run(left, right, { acceptFrom: 0.5 });
    expect(run.job.error).toBeNull();
    const links = await ground.links({ unitId: left.units[2], statuses: ['ACCEPTED'] });
    expect(links.map(({ id }) => id)).toEqual([createLink.id]);
  });

  it.each(['left', 'right'])(
    'proposes what it would accept where a run by code has accepted another link of the %s unit',
    async (on) => {
      const mira = { name: 'Mira', code: 'X1', at: [20, 3] as [number, number] };
      const others = [
        { name: 'Bafwasende', code: 'X1', at: [29, 9] as [number, number] },
        { name: 'Mira', at: [20, 3] as [number, number] },
      ];
      const sides = [await ground.list([mira]), await ground.list(others)] as const;
      const [one, other] = on === 'left' ? sides : [sides[1], sides[0]];
      const byCode = await ground.run(one, other, { method: 'CODE' });
      expect(byCode.report).toMatchObject({ accepted: 1 });
      const run = await ground.run(one, other, { acceptFrom: 0.01, reviewFrom: 0.01 });
      expect(run.job.error).toBeNull();
      const [link] = await ground.links({ unitId: sides[0].units[0], statuses: ['ACCEPTED'] });
      expect([link.first.name, link.second.name].sort()).toEqual(['Bafwasende', 'Mira']);
      expect(await ground.links({ matchRunId: run.id })).toMatchObject([{ status: 'PROPOSED' }]);
    },
  );
});

describe('an exact run', () => {
  it.each([
    ['REFERENCE', ['CS Sollà = Centre de santé Sola ACCEPTED']],
    [
      'CODE',
      ['Centre de santé Tuko = Tuko centre de sante ACCEPTED', 'HG Mira = Hôpital Général de Mira ACCEPTED'],
    ],
  ])('by %s links what bears the same on both sides, and no empty one', async (method, expected) => {
    const run = await ground.run(left, right, { method });
    expect(named(await ground.links({ matchRunId: run.id }))).toEqual(expected);
  });

  it('links nothing by a code that two units bear', async () => {
    const twice = await ground.list([
      { name: 'One', code: 'H1' },
      { name: 'Two', code: 'h1' },
    ]);
    const run = await ground.run(left, twice, { method: 'CODE' });
    expect(run.report).toMatchObject({ accepted: 0, proposed: 0, refused: 1 });
  });
});

describe('what cannot be meant is refused', () => {
  const refused = async (input: object) => {
    const { code, errors } = await ground.registry.ask(START, {
      input: { left: { versionId: left.versionId }, right: { versionId: right.versionId }, ...input },
    });
    return { code, message: errors[0]?.message };
  };

  it('matching a source with itself', async () => {
    const { code, message } = await refused({ right: { versionId: left.versionId } });
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toContain('two different sources');
  });

  it.each([
    [{ acceptFrom: 1.5 }, 'acceptFrom'],
    [{ reviewFrom: -1 }, 'reviewFrom'],
    [{ acceptFrom: 0.4, reviewFrom: 0.6 }, 'reviewFrom'],
  ])('thresholds such as %j', async (input, field) => {
    const { code, message } = await refused(input);
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toContain(field);
  });

  it('a version that never was', async () => {
    expect((await refused({ right: { versionId: newId() } })).code).toBe('NOT_FOUND');
  });

  it('a unit of another source as subtree', async () => {
    const side = { versionId: left.versionId, subtree: right.units[0] };
    expect((await refused({ left: side })).code).toBe('NOT_FOUND');
  });

  it('a draft that was discarded meanwhile fails the job with a sentence', async () => {
    const { startMatchRun } = await ground.registry.data(START, {
      input: { left: { versionId: left.versionId }, right: { versionId: right.versionId } },
    });
    await ground.registry.data('mutation ($id: ID!) { discardDraft(dataSource: $id) { changedUnits } }', {
      id: right.id,
    });
    await ground.work();
    const job = await ground.job(startMatchRun.job.id);
    expect(job).toMatchObject({ status: 'FAILED', error: { message: expect.stringContaining('discarded') } });
  });

  it('a job that was cancelled writes nothing', async () => {
    const { startMatchRun } = await ground.registry.data(START, {
      input: { left: { versionId: left.versionId }, right: { versionId: right.versionId } },
    });
    await cancelJob(ground.registry.db, startMatchRun.job.id);
    await ground.work();
    expect(await ground.links({ dataSourceId: left.id })).toEqual([]);
  });
});

describe('nothing stored is run by its name', () => {
  it.each(['os.system', '../../../etc/passwd', 'SIMILARITY; drop', ''])(
    'the method %j is refused',
    (method) => {
      const settings = { method, acceptFrom: 1, reviewFrom: 1, left: {}, right: {} };
      expect(matchSettings.safeParse(settings).success).toBe(false);
    },
  );

  it('also when it stands in the table already: the database takes no other', async () => {
    const run = await ground.run(left, right, { method: 'CODE' });
    await expect(
      ground.registry.database.pool.query(
        `UPDATE georegistry.match_run SET method = 'os.system' WHERE id = $1`,
        [run.id],
      ),
    ).rejects.toMatchObject({ constraint: 'match_run_method' });
  });
});

describe('runs are listed', () => {
  it('by their sources, newest first, and of another account none', async () => {
    const one = await ground.run(left, right, { method: 'CODE' });
    const two = await ground.run(left, right, { method: 'REFERENCE' });
    const query = `query ($filter: MatchRunFilter) { matchRuns(filter: $filter) { totalCount nodes { id method } } }`;
    const filter = { dataSourceId: left.id, otherDataSourceId: right.id };
    const { matchRuns } = await ground.registry.data(query, { filter });
    expect(matchRuns.totalCount).toBe(2);
    expect(matchRuns.nodes.map(({ id }: Data) => id)).toEqual([two.id, one.id]);
    const { twin } = ground.registry;
    const theirs = await ground.registry.ask(query, { filter }, twin.administrator);
    expect(theirs.data.matchRuns.totalCount).toBe(0);
    const single = await ground.registry.ask(
      'query ($id: ID!) { matchRun(id: $id) { id } }',
      { id: one.id },
      twin.administrator,
    );
    expect(single.data.matchRun).toBeNull();
  });
});
