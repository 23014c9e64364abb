import { newId } from '@iroko/database';
import { seedMember } from '@iroko/testing';
import fc from 'fast-check';
import { MatchGround } from '../../testing/matching';
import { type Data, testRegistry } from '../../testing/registry';
import { Story } from '../../testing/story';
import { evaluate } from './evaluate';
import { judgeRows } from './judge-rows';

jest.setTimeout(60_000);

const UPLOAD = `mutation ($input: UploadLinksInput!) { uploadLinks(input: $input) { id method job { id } } }`;
const EVALUATE = `mutation ($input: EvaluateMatchRunInput!) { evaluateMatchRun(input: $input) { id } }`;
const RUN = `query ($id: ID!) { matchRun(id: $id) { method report { accepted proposed decidedBefore refused outcomesFileId } } }`;

let ground: MatchGround;
let left: Awaited<ReturnType<MatchGround['list']>>;
let right: Awaited<ReturnType<MatchGround['list']>>;

beforeAll(async () => {
  const registry = await testRegistry();
  ground = new MatchGround(registry, new Story(registry));
});
afterAll(() => ground.registry.close());
beforeEach(async () => {
  const places = (prefix: string) =>
    ['a', 'b', 'c', 'd'].map((name) => ({ name, reference: `${prefix}${name}` }));
  left = await ground.list(places('l'));
  right = await ground.list(places('r'));
});

const upload = async (csv: string, input: object = {}): Promise<Data> => {
  const fileId = await ground.upload(csv);
  const sources = { leftSourceId: left.id, rightSourceId: right.id };
  const variables = { input: { ...sources, fileId, by: 'REFERENCE', ...input } };
  const { uploadLinks } = await ground.registry.data(UPLOAD, variables);
  await ground.work();
  const job = await ground.job(uploadLinks.job.id);
  const { matchRun } = await ground.registry.data(RUN, { id: uploadLinks.id });
  return { ...matchRun, id: uploadLinks.id, job };
};

const outcomes = async (run: Data): Promise<string[]> =>
  (await ground.text(run.report.outcomesFileId))
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',').slice(0, 2).join(' '));

const statuses = async () =>
  (await ground.links({ dataSourceId: left.id }))
    .map(({ first, second, status }) => `${[first.name, second.name].sort().join('')} ${status}`)
    .sort();

describe('links uploaded from a notebook', () => {
  it('are taken with their score, status and reason, by reference', async () => {
    const run = await upload(
      'left,right,score,status,reason\nla,ra,0.7,,\nlb,rb,,accepted,seen there\nlc,rc,0.2,REJECTED,\n',
    );
    expect(run.report).toEqual({
      accepted: 1,
      proposed: 1,
      decidedBefore: 0,
      refused: 0,
      outcomesFileId: null,
    });
    const links = await ground.links({ matchRunId: run.id });
    const { userId } = ground.registry.account.administrator;
    expect(
      links.map(({ score, status, origin, decidedBy }) => ({ score, status, origin, decidedBy })),
    ).toEqual([
      { score: 1, status: 'ACCEPTED', origin: 'UPLOAD', decidedBy: { id: userId } },
      { score: 0.7, status: 'PROPOSED', origin: 'UPLOAD', decidedBy: null },
      { score: 0.2, status: 'REJECTED', origin: 'UPLOAD', decidedBy: { id: userId } },
    ]);
  });

  it('and by id', async () => {
    const run = await upload(`left,right\n${left.units[0]?.toUpperCase()},${right.units[0]}\n`, { by: 'ID' });
    expect(run.report).toMatchObject({ proposed: 1, refused: 0 });
  });

  it('have an outcome per row: unknown, foreign, double, empty, and values that cannot be', async () => {
    const other = await ground.list([{ name: 'elsewhere' }]);
    const [a, b] = left.units;
    const rows = [
      `${a},${right.units[0]},`,
      `${newId()},${right.units[1]},`,
      `no id,${right.units[1]},`,
      `${other.units[0]},${right.units[1]},`,
      `${right.units[2]},${b},`,
      `${a},${right.units[0]},`,
      `,${right.units[1]},`,
      `${b},${right.units[1]},7`,
      `${b},${right.units[1]},sure`,
    ];
    const run = await upload(`left,right,score\n${rows.join('\n')}\n`, { by: 'ID' });
    expect(await outcomes(run)).toEqual([
      '3 NOT_FOUND',
      '4 NOT_FOUND',
      '5 BAD_USER_INPUT',
      '6 BAD_USER_INPUT',
      '7 CONFLICT',
      '8 BAD_USER_INPUT',
      '9 BAD_USER_INPUT',
      '10 BAD_USER_INPUT',
    ]);
    expect(await statuses()).toEqual(['aa PROPOSED']);
  });

  it('never give a place two accepted partners, within the file and beside what is there', async () => {
    await upload('left,right,status\nla,ra,ACCEPTED\n');
    const run = await upload('left,right,status\nla,rb,ACCEPTED\nlb,rb,ACCEPTED\nlc,rb,ACCEPTED\n');
    expect(await outcomes(run)).toEqual(['2 CONFLICT', '4 CONFLICT']);
    expect(await statuses()).toEqual(['aa ACCEPTED', 'bb ACCEPTED']);
  });

  it('may reject one link and accept another of the same unit, and the same file again changes nothing', async () => {
    await upload('left,right,status\nla,ra,ACCEPTED\n');
    const csv = 'left,right,status\nla,ra,REJECTED\nla,rb,ACCEPTED\n';
    await upload(csv);
    expect(await statuses()).toEqual(['aa REJECTED', 'ab ACCEPTED']);
    const again = await upload(csv);
    expect(again.report).toMatchObject({ decidedBefore: 2, accepted: 0, refused: 0 });
  });

  it('do not touch decisions by proposing again', async () => {
    await upload('left,right,status\nla,ra,REJECTED\n');
    const run = await upload('left,right\nla,ra\n');
    expect(run.report).toMatchObject({ decidedBefore: 1, proposed: 0 });
    expect(await statuses()).toEqual(['aa REJECTED']);
  });

  it.each([
    ['without the column right', 'left,other\nla,ra\n', 'has no column right'],
    ['without rows', 'left,right\n', undefined],
  ])('of a file %s', async (_, csv, message) => {
    const run = await upload(csv);
    if (message === undefined) expect(run.report).toMatchObject({ proposed: 0, refused: 0 });
    else
      expect(run.job).toMatchObject({
        status: 'FAILED',
        error: { message: expect.stringContaining(message) },
      });
  });

  it('between a source and itself are refused, and files of others are not found', async () => {
    const fileId = await ground.upload('left,right\nla,ra\n');
    const input = { leftSourceId: left.id, rightSourceId: left.id, fileId };
    expect((await ground.registry.ask(UPLOAD, { input })).code).toBe('BAD_USER_INPUT');
    const { twin } = ground.registry;
    const theirs = await ground.registry.ask(
      UPLOAD,
      { input: { ...input, rightSourceId: right.id } },
      twin.administrator,
    );
    expect(theirs.code).toBe('NOT_FOUND');
  });

  it('of who may match but not review are proposals only', async () => {
    const member = await seedMember(ground.registry.database, ground.registry.account.accountId, {
      permissions: ['links.match'],
    });
    const fileId = await ground.upload('left,right,status\nla,ra,ACCEPTED\n');
    const input = { leftSourceId: left.id, rightSourceId: right.id, fileId };
    const answer = await ground.registry.ask(UPLOAD, { input }, member);
    expect(answer.errors).toEqual([]);
    const judged = judgeRows(
      [{ line: 2, left: 'la', right: 'ra', score: '', status: 'ACCEPTED', reason: '' }],
      {
        leftSourceId: 's1',
        rightSourceId: 's2',
        left: new Map([['la', { id: 'u1', dataSourceId: 's1' }]]),
        right: new Map([['ra', { id: 'u2', dataSourceId: 's2' }]]),
        present: [],
        mayDecide: false,
        newId,
      },
    );
    expect(judged.refused.map(({ code }) => code)).toEqual(['FORBIDDEN']);
  });
});

describe('a run is evaluated by a labelled file', () => {
  it('precision, recall and F1, with the errors listed', async () => {
    const run = await upload('left,right,score\nla,ra,1\nlb,rc,1\nlc,rb,1\n');
    const fileId = await ground.upload('left,right\nla,ra\nlb,rb\nlc,\nld,rd\n');
    const variables = { input: { runId: run.id, fileId, by: 'REFERENCE' } };
    const { evaluateMatchRun } = await ground.registry.data(EVALUATE, variables);
    await ground.work();
    const { result, error } = await ground.job(evaluateMatchRun.id);
    expect(error).toBeNull();
    expect(result).toMatchObject({ labelled: 4, links: 3, right: 1, precision: 1 / 3, recall: 1 / 3 });
    const { errors, errorsFileId } = result as Data;
    expect(errors).toEqual(
      expect.arrayContaining([
        { kind: 'WRONG', left: 'lb', linked: expect.any(String), expected: 'rb' },
        { kind: 'UNWANTED', left: 'lc', linked: 'rb', expected: null },
        { kind: 'MISSED', left: 'ld', linked: null, expected: 'rd' },
      ]),
    );
    expect((await ground.text(errorsFileId)).split('\r\n')).toHaveLength(5);
  });

  it('a label that names no unit of the run fails with its row', async () => {
    const run = await upload('left,right\nla,ra\n');
    const fileId = await ground.upload('left,right\nla,ra\nlx,rb\n');
    const variables = { input: { runId: run.id, fileId, by: 'REFERENCE' } };
    const { evaluateMatchRun } = await ground.registry.data(EVALUATE, variables);
    await ground.work();
    const { error } = await ground.job(evaluateMatchRun.id);
    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringContaining('Row 3') });
  });

  it('counts are right whatever is linked', () => {
    const unit = fc.constantFrom('a', 'b', 'c', 'd');
    const partner = fc.constantFrom('x', 'y', 'z', null);
    fc.assert(
      fc.property(fc.array(fc.tuple(unit, partner)), fc.array(fc.tuple(unit, partner)), (labels, links) => {
        const known = new Map(
          links.flatMap(([left, right]) => (right === null ? [] : [[left, right] as const])),
        );
        const found = evaluate(new Map(labels), known);
        expect(found.right + found.errors.length).toBeLessThanOrEqual(found.labelled);
        for (const share of [found.precision, found.recall, found.f1]) {
          expect(share >= 0 && share <= 1).toBe(true);
        }
        expect(found.errors.length === 0).toBe(found.precision === 1 && found.recall === 1);
      }),
    );
  });
});
