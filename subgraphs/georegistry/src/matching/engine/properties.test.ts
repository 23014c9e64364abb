import fc from 'fast-check';
import { type ListedUnit, side } from '../../testing/sides';
import { type MatchOptions, matchSides } from './match';

const NAMES = [
  'Mira',
  'Mira 2',
  'Mirra',
  'Poste Mira',
  'P. Mira',
  'Sola',
  'St Sola',
  'Sola II',
  '',
  '中心小学',
  '!!!',
];

/** Small lists in which much is the same, so that names, places, parents and codes come together in every way. */
const lists = (prefix: string) =>
  fc
    .array(
      fc.record({
        name: fc.constantFrom(...NAMES),
        aliases: fc.subarray(['Mira', 'Bafwasende']),
        code: fc.constantFrom('', '7', '8'),
        type: fc.option(fc.constantFrom('post', 'district'), { nil: undefined }),
        above: fc.option(fc.nat(11), { nil: undefined }),
        at: fc.option(fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2, max: 2 })), {
          nil: undefined,
        }),
      }),
      { maxLength: 12 },
    )
    .map((units) =>
      units.map(
        ({ above, ...unit }, n): ListedUnit => ({
          ...unit,
          key: `${prefix}${n}`,
          parent: above === undefined ? undefined : `${prefix}${above}`,
        }),
      ),
    );

/** Decisions of people: each unit at most once among the accepted. */
const decisions = fc.record({
  accepted: fc.tuple(fc.nat(11), fc.nat(11)).map((pair): (readonly [number, number])[] => [pair]),
  rejected: fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 4 }),
});

const within = (left: readonly unknown[], right: readonly unknown[], pairs: MatchOptions['accepted']) =>
  pairs.filter(([unit, other]) => unit < left.length && other < right.length);

describe('whatever the lists are', () => {
  const everyMatch = (
    check: (left: ListedUnit[], right: ListedUnit[], options: MatchOptions) => void,
  ): void =>
    fc.assert(
      fc.property(lists('l'), lists('r'), decisions, (left, right, { accepted, rejected }) => {
        const kept = within(left, right, accepted);
        const isKept = ([unit, other]: readonly [number, number]) =>
          kept.some(([one, two]) => one === unit && two === other);
        const refused = within(left, right, rejected).filter((pair) => !isKept(pair));
        check(left, right, { reviewFrom: 0, accepted: kept, rejected: refused });
      }),
      { numRuns: 300 },
    );

  it('a unit has at most one partner, accepted pairs stay and rejected ones never come', () => {
    everyMatch((left, right, options) => {
      const { pairs } = matchSides(side(left), side(right), options);
      expect(new Set(pairs.map((pair) => pair.left)).size).toBe(pairs.length);
      expect(new Set(pairs.map((pair) => pair.right)).size).toBe(pairs.length);
      const found = new Set(pairs.map((pair) => `${pair.left} ${pair.right}`));
      for (const [unit, other] of options.accepted) expect(found).toContain(`${unit} ${other}`);
      for (const [unit, other] of options.rejected) expect(found).not.toContain(`${unit} ${other}`);
    });
  });

  it('a score is from 0 to 1, and the contributions of the features add up to it', () => {
    everyMatch((left, right, options) => {
      for (const { score, features, kept } of matchSides(side(left), side(right), options).pairs) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        if (kept) continue;
        const sum = features.reduce((total, { contribution }) => total + contribution, 0);
        expect(score).toBeCloseTo(1 / (1 + Math.exp(-sum)), 9);
        expect(new Set(features.map(({ feature }) => feature)).size).toBe(features.length);
      }
    });
  });

  it('the other way round the same pairs have the same scores', () => {
    everyMatch((left, right, options) => {
      const turned = ([unit, other]: readonly [number, number]) => [other, unit] as const;
      const straight = matchSides(side(left), side(right), options);
      const back = matchSides(side(right), side(left), {
        ...options,
        accepted: options.accepted.map(turned),
        rejected: options.rejected.map(turned),
      });
      const told = (unit: number, other: number, score: number) => `${unit} ${other} ${score}`;
      expect(back.pairs.map((pair) => told(pair.right, pair.left, pair.score)).sort()).toEqual(
        straight.pairs.map((pair) => told(pair.left, pair.right, pair.score)).sort(),
      );
      expect([back.compared, back.belowReview]).toEqual([straight.compared, straight.belowReview]);
    });
  });

  it('a list matched with a copy of itself finds each unit again that has a place of its own', () => {
    fc.assert(
      fc.property(lists('l'), (units) => {
        const apart = units.map((unit, n): ListedUnit => ({ ...unit, at: [n * 3, 1], name: `Mira ${n}` }));
        const { pairs } = matchSides(side(apart), side(apart), { reviewFrom: 0, accepted: [], rejected: [] });
        expect(pairs.filter(({ left, right }) => left !== right)).toEqual([]);
        expect(pairs.length).toBe(apart.length);
      }),
    );
  });
});
