import { MatchGround } from '../testing/matching';
import { testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

jest.setTimeout(60_000);

let ground: MatchGround;
beforeAll(async () => {
  const registry = await testRegistry();
  ground = new MatchGround(registry, new Story(registry));
});
afterAll(() => ground.registry.close());

describe('a run over unusual lists', () => {
  it.each([
    ['left', true],
    ['right', false],
  ])('with nothing on the %s side links nothing', async (_, isLeft) => {
    const [empty, other] = [await ground.list([]), await ground.list([{ name: 'Mira' }])];
    const run = isLeft ? await ground.run(empty, other) : await ground.run(other, empty);
    expect(run.job.error).toBeNull();
    expect(run.report).toMatchObject({ accepted: 0, proposed: 0, [isLeft ? 'leftUnits' : 'rightUnits']: 0 });
    expect(await ground.links({ matchRunId: run.id })).toEqual([]);
  });

  it('of one name that nothing tells apart links nothing and ends', async () => {
    const same = Array.from({ length: 25 }, () => ({ name: 'École primaire' }));
    const run = await ground.run(await ground.list(same), await ground.list(same));
    expect(run.job.error).toBeNull();
    expect(run.report).toMatchObject({ leftUnits: 25, rightUnits: 25, accepted: 0, proposed: 0 });
  });

  it('of names as long as can be, and in other scripts', async () => {
    const names = [
      `Centre ${'Bafwasende '.repeat(20)}`.slice(0, 200),
      'مستشفى الحسينية',
      '昆明市官渡区中心小学',
    ];
    const listed = names.map((name, n) => ({ name, at: [20 + n, 3] as [number, number] }));
    const run = await ground.run(await ground.list(listed), await ground.list(listed));
    expect(run.report.accepted + run.report.proposed).toBe(3);
  });
});
