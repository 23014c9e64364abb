import { type ListedUnit, side, villages } from '../../testing/sides';
import { type MatchResult, matchSides } from './match';
import { PlaceTree } from './places';
import { countWords, Vocabulary } from './vocabulary';

jest.setTimeout(180_000);

/** What a unit can bring to be scored, whatever the lists are like. */
const PAIRS_A_UNIT = 48;

function matched(left: readonly ListedUnit[], right: readonly ListedUnit[]): MatchResult {
  return matchSides(side(left), side(right), { reviewFrom: 0.5, accepted: [], rejected: [] });
}

const many = (count: number, prefix: string, unit: (n: number) => Omit<ListedUnit, 'key'>): ListedUnit[] =>
  Array.from({ length: count }, (_, n) => ({ key: `${prefix}${n}`, ...unit(n) }));

/** A word of letters alone, another one for each number. */
const word = (n: number): string =>
  [n, n / 26, n / 676, n / 17_576].map((part) => String.fromCharCode(97 + (Math.floor(part) % 26))).join('');

describe('the work stays in bounds', () => {
  it('where 20,000 units bear one name and nothing tells them apart: nothing is linked', () => {
    const same = (prefix: string) => many(20_000, prefix, () => ({ name: 'École primaire' }));
    const { pairs, compared } = matched(same('l'), same('r'));
    expect(pairs).toEqual([]);
    expect(compared).toBeLessThanOrEqual(20_000 * PAIRS_A_UNIT);
  });

  it('where 10,000 units bear one name: those that points tell apart are linked', () => {
    const same = (prefix: string) =>
      many(10_000, prefix, (n) => ({
        name: 'École primaire',
        at: [20 + (n % 100) * 0.1, Math.floor(n / 100) * 0.1],
      }));
    const { pairs, compared } = matched(same('l'), same('r'));
    expect(compared).toBeLessThanOrEqual(10_000 * PAIRS_A_UNIT);
    expect(pairs.length).toBe(10_000);
    expect(pairs.every(({ left, right }) => left === right)).toBe(true);
  });

  it('where all stand at one point, and names tell them apart', () => {
    const here = (prefix: string) =>
      many(5000, prefix, (n) => ({ name: `Poste ${word(n * 7)}`, at: [0, 0] }));
    const { pairs, compared } = matched(here('l'), here('r'));
    expect(compared).toBeLessThanOrEqual(5000 * PAIRS_A_UNIT);
    expect(pairs.length).toBeGreaterThan(4900);
    expect(pairs.filter(({ left, right }) => left !== right)).toEqual([]);
  });

  it('where 300,000 units stand at one point: the nearest are found without visiting them', () => {
    const tree = new PlaceTree(new Float64Array(300_000).fill(20.5), new Float64Array(300_000).fill(-3.25));
    let found = 0;
    for (let time = 0; time < 100_000; time++) found += tree.around(20.5, -3.25).found;
    expect(found).toBe(1_200_000);
    const around = tree.around(20.5, -3.25);
    expect([around.unit(0), around.unit(11), around.here]).toEqual([0, 11, 300_000]);
  });

  it('where all stand below one parent with the same aliases', () => {
    const aliases = ['Poste', 'Poste de santé', 'PS', 'Dispensaire'];
    const below = (prefix: string): ListedUnit[] => [
      { key: `${prefix}p`, name: 'Bafwasende' },
      ...many(120, prefix, (n) => ({ name: `Poste ${word(n)}`, aliases, parent: `${prefix}p` })),
    ];
    const { compared } = matched(below('l'), below('r'));
    expect(compared).toBeLessThanOrEqual(121 * PAIRS_A_UNIT);
  });

  it('where 2,000 words have most letters in common, and 500 sound alike', () => {
    const bag = (text: string) => new Set([text]);
    const alike = Array.from({ length: 2000 }, (_, n) => bag(`kimbanguville${word(n)}`));
    const sounding = Array.from({ length: 500 }, (_, n) =>
      bag(`bo${n.toString(2).padStart(13, '0').replaceAll('0', 'h').replaceAll('1', 'hh')}ma`),
    );
    const words = countWords([...alike, ...sounding], [...alike, ...sounding]);
    const vocabulary = new Vocabulary(words, 2500);
    let most = 0;
    for (let id = 0; id < words.length; id += 97) {
      let count = 0;
      vocabulary.eachLike(id, () => count++);
      most = Math.max(most, count);
    }
    expect(most).toBeLessThanOrEqual(24);
  });

  it('where names are texts, words have 100,000 letters, and units stand above each other in a circle', () => {
    const left: ListedUnit[] = [
      { key: 'a', name: 'mot '.repeat(100_000), parent: 'b' },
      { key: 'b', name: 'Mira', parent: 'a' },
      { key: 'c', name: 'a'.repeat(100_000) },
    ];
    const right = [...villages(3, 'r'), { key: 'x', name: `${'a'.repeat(99_999)}b` }];
    expect(matched(left, right).pairs).toEqual([]);
  });
});
