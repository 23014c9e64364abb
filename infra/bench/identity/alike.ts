/**
 * Whether the time of an answer tells which addresses exist. Somebody asks one by one, some times in a row for addresses
 * that somebody has, then for ones that nobody has, in an order that chance gives: so the work after an answer falls
 * upon the next question of the same kind, and shows if there is more of it for one kind.
 *
 * Beside the medians stands how likely such a difference comes about when both kinds are alike: the labels of the rows
 * are dealt out anew a thousand times.
 */
import type { BenchmarkOptions, Measurement } from '../benchmark';
import { median, rounded, spread } from '../statistics';

const IN_A_ROW = 8;
const ROWS_OF_EACH_KIND = 6;
const SHUFFLES = 2000;

export interface Question {
  /** Milliseconds until the answer to this address. */
  ask(email: string): Promise<number>;
  known(): string;
  unknown(): string;
}

type Kind = 'known' | 'unknown';

export async function alike(
  question: Question,
  { rounds, report }: Pick<BenchmarkOptions, 'rounds' | 'report'>,
): Promise<Pick<Measurement, 'value' | 'baseline' | 'runs' | 'details'>> {
  report('Warming up');
  await oneRound(question);
  const rows: Record<Kind, number[]> = { known: [], unknown: [] };
  const runs = { value: [] as number[], baseline: [] as number[] };
  for (let round = 1; round <= rounds; round += 1) {
    const times = await oneRound(question);
    rows.known.push(...times.known);
    rows.unknown.push(...times.unknown);
    runs.value.push(median(times.unknown));
    runs.baseline.push(median(times.known));
    report(`Round ${round}: unknown ${spread(times.unknown)} ms, known ${spread(times.known)} ms`);
  }
  return {
    value: median(rows.unknown),
    baseline: median(rows.known),
    runs,
    details: {
      answersOfEachKind: rows.known.length * IN_A_ROW,
      chanceThatUnknownIsSlower: rounded(chanceSlower(rows.unknown, rows.known)),
      // Under 0.05 would be a difference that chance alone seldom makes.
      p: rounded(byChance(rows.unknown, rows.known)),
    },
  };
}

/** The median of each row, by kind. */
async function oneRound({ ask, ...emails }: Question): Promise<Record<Kind, number[]>> {
  const kinds = shuffled<Kind>([
    ...Array.from({ length: ROWS_OF_EACH_KIND }, () => 'known' as const),
    ...Array.from({ length: ROWS_OF_EACH_KIND }, () => 'unknown' as const),
  ]);
  const rows: Record<Kind, number[]> = { known: [], unknown: [] };
  for (const kind of kinds) {
    const times: number[] = [];
    for (let asked = 0; asked < IN_A_ROW; asked += 1) times.push(await ask(emails[kind]()));
    rows[kind].push(median(times));
  }
  return rows;
}

/** 0.5 when neither is slower. */
function chanceSlower(left: readonly number[], right: readonly number[]): number {
  const slower = left.flatMap((one) => right.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)));
  return slower.reduce<number>((sum, each) => sum + each, 0) / slower.length;
}

/** How often labels dealt by chance differ as much. */
export function byChance(left: readonly number[], right: readonly number[]): number {
  const distance = (one: readonly number[], other: readonly number[]) =>
    Math.abs(chanceSlower(one, other) - 0.5);
  const seen = distance(left, right);
  const all = [...left, ...right];
  let asMuch = 0;
  for (let dealt = 0; dealt < SHUFFLES; dealt += 1) {
    const mixed = shuffled(all);
    if (distance(mixed.slice(0, left.length), mixed.slice(left.length)) >= seen) asMuch += 1;
  }
  return asMuch / SHUFFLES;
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[chosen]] = [mixed[chosen] as Item, mixed[last] as Item];
  }
  return mixed;
}
