import fc from 'fast-check';
import { side, type ListedUnit as Unit, villages } from '../../testing/sides';
import { type MatchOptions, type MatchResult, matchSides } from './match';

const none = { accepted: [], rejected: [] };

function match(left: readonly Unit[], right: readonly Unit[], options: Partial<MatchOptions> = {}) {
  const result = matchSides(side(left), side(right), { reviewFrom: 0.5, ...none, ...options });
  const named = result.pairs.map((pair) => `${left[pair.left]?.key}=${right[pair.right]?.key}`).sort();
  return { ...result, named };
}

const sumOf = ({ pairs: [pair] }: MatchResult) =>
  pair?.features.reduce((sum, { contribution }) => sum + contribution, 0) ?? Number.NaN;

describe('a name is known again', () => {
  const others = villages(60, 'o');
  const knows = (one: string, other: string) =>
    match([{ key: 'l', name: one }, ...others], [{ key: 'r', name: other }, ...others]).named.includes('l=r');

  it.each([
    ['in Arabic', 'مستشفى الحسينية', 'مستشفي الحسينيه'],
    ['in Amharic', 'ጤና ጣቢያ ወልድያዋ', 'ጤና ጣቢያ ወልዲያዋ'],
    ['in Bengali', 'স্বাস্থ্য কেন্দ্র শ্যামনগর', 'শ্যামনগর স্বাস্থ্য কেন্দ্র'],
    ['in Chinese, without a space between words', '昆明市官渡区中心小学', '昆明市 官渡区 中心小学'],
    ['in Cyrillic', 'Больница Каракольская', 'Больница Каракольскаяя'],
    ['without its accents', 'Hôpital Général de Référence Tiébélé', 'HOPITAL GENERAL DE REFERENCE TIEBELE'],
    ['with its words in another order', 'École primaire Kisolokele Nzadi', 'Kisolokele Nzadi école primaire'],
    ['misspelled', 'Dispensaire Kimpuanza', 'Dispensaire Kimpuamza'],
    ['as initials', 'Hôpital Général Bafwasende', 'HG Bafwasende'],
    ['cut short', 'Institut Supérieur Bafwasende', 'Inst. Sup. Bafwasende'],
    ['written in one', 'Clinique Ndjelo Binza', 'Clinique Ndjelobinza'],
    ['as it sounds', 'Dispensaire Kouakourou', 'Dispensaire Kuakuru'],
    ['with a numeral', 'Dispensaire Lemba II', 'Dispensaire Lemba 2'],
  ])('%s', (_, one, other) => expect(knows(one, other)).toBe(true));

  it('by another name of it', () => {
    const { named } = match(
      [{ key: 'l', name: 'Saint Joseph', aliases: ['Bafwasende'] }, ...others],
      [{ key: 'r', name: 'Bafwasende' }, ...others],
    );
    expect(named).toContain('l=r');
  });

  it('but not when its number is another', () => {
    const { named } = match(
      [{ key: 'l', name: 'Lemba 1' }, ...others],
      [{ key: 'r', name: 'Lemba 2' }, ...others],
    );
    expect(named).not.toContain('l=r');
  });

  it('and common words alone are no name: what is common is learned from the data', () => {
    const { named } = match(
      [{ key: 'l', name: 'Centre de santé Bafwasende' }, ...others],
      [{ key: 'r', name: 'Centre de santé Wolokonto' }, ...others],
    );
    expect(named).not.toContain('l=r');
  });
});

describe('where a unit is', () => {
  it('tells two of one name apart, also at longitude and latitude 0', () => {
    const left: Unit[] = [
      { key: 'a', name: 'Mira', at: [0, 0] },
      { key: 'b', name: 'Mira', at: [1, 1] },
    ];
    const right: Unit[] = [
      { key: 'x', name: 'Mira', at: [1, 1.001] },
      { key: 'y', name: 'Mira', at: [0, 0.001] },
    ];
    expect(match(left, right).named).toEqual(['a=y', 'b=x']);
  });

  it('is near across the 180th meridian', () => {
    const [pair] = match(
      [{ key: 'a', name: 'Taveuni', at: [179.9999, -16] }],
      [{ key: 'x', name: 'Taveuni', at: [-179.9999, -16] }],
    ).pairs;
    expect(pair?.features.find(({ feature }) => feature === 'DISTANCE')?.value).toBeLessThan(30);
  });

  it('under which parent it stands tells as much where there are no points', () => {
    const district = (key: string, name: string): Unit => ({ key, name, type: 'district' });
    const left = [district('d1', 'Bafwa'), district('d2', 'Kotolo'), ...villages(40, 'v')];
    const right = [district('e1', 'Bafwa'), district('e2', 'Kotolo'), ...villages(40, 'v')];
    left.push({ key: 'a', name: 'Saint Luc', parent: 'd1' }, { key: 'b', name: 'Saint Luc', parent: 'd2' });
    right.push({ key: 'x', name: 'Saint Luc', parent: 'e2' }, { key: 'y', name: 'Saint Luc', parent: 'e1' });
    expect(match(left, right).named).toEqual(expect.arrayContaining(['a=y', 'b=x']));
  });

  it('and parents of other names are learned from the children that are sure', () => {
    const below = (units: Unit[], parent: string) =>
      units.map((unit, n) => (n < 20 ? { ...unit, parent } : unit));
    const left: Unit[] = [{ key: 'p', name: 'Alpha', type: 'd' }, ...below(villages(50, 'v'), 'p')];
    const right: Unit[] = [{ key: 'q', name: 'Wonder', type: 'd' }, ...below(villages(50, 'v'), 'q')];
    left.push({ key: 'a', name: 'Saint Lucien', parent: 'p' });
    right.push({ key: 'x', name: 'Saint Lussien', parent: 'q' });
    expect(match(left, right).named).toContain('a=x');
  });
});

describe('the answer', () => {
  it('does not depend on the order of rows', () => {
    const left = villages(40, 'l').map((unit, n) => ({
      ...unit,
      name: n % 3 ? unit.name : 'Poste de santé',
    }));
    const right = villages(40, 'r').map((unit, n) => ({
      ...unit,
      name: n % 4 ? unit.name : 'Poste de santé',
    }));
    const straight = match(left, right, { reviewFrom: 0 });
    fc.assert(
      fc.property(
        fc.shuffledSubarray(left, { minLength: 40 }),
        fc.shuffledSubarray(right, { minLength: 40 }),
        (one, other) => {
          expect(match(one, other, { reviewFrom: 0 }).named).toEqual(straight.named);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is one to one, scored from 0 to 1, and the features add up to the score', () => {
    const name = fc.constantFrom(
      'Mira',
      'Mira 2',
      'Mirra',
      'Poste Mira',
      'Sola',
      'St Sola',
      '',
      '中心',
      '!!!',
    );
    const at = fc.option(fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2, max: 2 })), {
      nil: undefined,
    });
    const units = (prefix: string) =>
      fc
        .array(fc.record({ name, at }), { maxLength: 12 })
        .map((list) => list.map((unit, n) => ({ ...unit, key: `${prefix}${n}` }) as Unit));
    fc.assert(
      fc.property(units('l'), units('r'), (left, right) => {
        const { pairs } = match(left, right, { reviewFrom: 0 });
        expect(new Set(pairs.map((pair) => pair.left)).size).toBe(pairs.length);
        expect(new Set(pairs.map((pair) => pair.right)).size).toBe(pairs.length);
        for (const { score, features } of pairs) {
          const sum = features.reduce((total, { contribution }) => total + contribution, 0);
          expect(score).toBeCloseTo(1 / (1 + Math.exp(-sum)), 9);
          expect(Number.isFinite(sum)).toBe(true);
        }
      }),
    );
  });

  it('is half as sure where two pairs could as well be the other way round', () => {
    const twins = (keys: string[]): Unit[] => keys.map((key) => ({ key, name: 'Mira', at: [5, 5] }));
    const result = match(
      [...twins(['a', 'b']), ...villages(50, 'v')],
      [...twins(['x', 'y']), ...villages(50, 'v')],
      {
        reviewFrom: 0.2,
      },
    );
    const doubtful = result.pairs.filter(({ score }) => score < 0.6);
    expect(doubtful).toHaveLength(2);
    expect(sumOf({ ...result, pairs: doubtful })).toBeLessThan(0.1);
  });

  it('keeps what was accepted, and never pairs again what was rejected', () => {
    const [left, right] = [villages(30, 'l'), villages(30, 'r')];
    const { named, pairs } = match(left, right, { accepted: [[0, 5]], rejected: [[7, 7]] });
    expect(named).toContain('l0=r5');
    expect(pairs.filter(({ kept }) => kept)).toHaveLength(1);
    expect(named.filter((pair) => /(^l0=|=r5$)/.test(pair))).toEqual(['l0=r5']);
    expect(named).not.toContain('l7=r7');
    expect(named).toContain('l8=r8');
  });

  it('is nothing for an empty side', () => {
    expect(match([], villages(3, 'r')).pairs).toEqual([]);
    expect(match(villages(3, 'l'), []).pairs).toEqual([]);
  });
});

describe('a code', () => {
  it('that both sides share says that they are the same, once it is seen to mean anything', () => {
    const coded = (prefix: string): Unit[] =>
      villages(40, prefix).map((unit, n) => ({ ...unit, code: `HF-${n * 17}` }));
    const left: Unit[] = [...coded('l'), { key: 'a', name: 'Mira', code: 'HF-9' }];
    const right: Unit[] = [...coded('r'), { key: 'x', name: 'Mirra-les-Bains', code: 'HF-9' }];
    expect(match(left, right).named).toContain('a=x');
  });

  it('that is only counted up on both sides says nothing', () => {
    const left = villages(200, 'l').map((unit, n) => ({ ...unit, code: String(n) }));
    const right = villages(200, 'r').map((unit, n) => ({ ...unit, code: String((n + 77) % 200) }));
    const { named } = match(left, right);
    expect(named).toEqual(left.map((_, n) => `l${n}=r${n}`).sort());
  });
});
