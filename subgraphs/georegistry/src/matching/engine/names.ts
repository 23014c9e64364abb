/**
 * The names of one side as numbers of words: every name of every unit, and for each word the units that bear it.
 */
import type { MatchSide } from './side';
import { countWords, Vocabulary } from './vocabulary';
import { wordsOf } from './words';

/** Of a name and its aliases so many are compared. */
const NAMES_MAX = 5;

export interface NameTable {
  /** Names of unit u are those from nameStart[u] to nameStart[u + 1]. */
  nameStart: Int32Array;
  /** Words of name n are those from wordStart[n] to wordStart[n + 1], in their order. */
  wordStart: Int32Array;
  words: Int32Array;
  /** A number for the set of words of each name; the same on both sides. */
  nameKeys: Int32Array;
  /** Units by word. */
  unitStart: Int32Array;
  units: Int32Array;
}

export interface Names {
  vocabulary: Vocabulary;
  left: NameTable;
  right: NameTable;
  /** How many units of the side bear exactly this name, by name key. */
  leftByKey: Map<number, number[]>;
  rightByKey: Map<number, number[]>;
}

/** `onShare` is told how far it is, 0 to 1. */
export function readNames(left: MatchSide, right: MatchSide, onShare?: (share: number) => void): Names {
  const spelled = [left, right].map(({ names }) =>
    names.map((all) =>
      distinct(
        all
          .slice(0, NAMES_MAX)
          .map(wordsOf)
          .filter(({ length }) => length > 0),
      ),
    ),
  ) as [string[][][], string[][][]];
  const bags = spelled.map((units) => units.map((names) => new Set(names.flat()))) as [
    Set<string>[],
    Set<string>[],
  ];
  const vocabulary = new Vocabulary(
    countWords(...bags),
    Math.max(left.keys.length, right.keys.length),
    onShare,
  );
  const keys = new Map<string, number>();
  const [leftTable, rightTable] = spelled.map((units) => table(units, vocabulary, keys)) as [
    NameTable,
    NameTable,
  ];
  return {
    vocabulary,
    left: leftTable,
    right: rightTable,
    leftByKey: unitsByKey(leftTable),
    rightByKey: unitsByKey(rightTable),
  };
}

function distinct(names: string[][]): string[][] {
  const seen = new Set<string>();
  return names.filter((words) => {
    const key = words.join(' ');
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function table(units: string[][][], vocabulary: Vocabulary, keys: Map<string, number>): NameTable {
  const nameStart = new Int32Array(units.length + 1);
  units.forEach((names, unit) => {
    nameStart[unit + 1] = (nameStart[unit] as number) + names.length;
  });
  const all = units.flat();
  const wordStart = new Int32Array(all.length + 1);
  all.forEach((words, name) => {
    wordStart[name + 1] = (wordStart[name] as number) + words.length;
  });
  const words = Int32Array.from(all.flat(), (word) => vocabulary.idOf(word) as number);
  const nameKeys = Int32Array.from(all, (spelling) => {
    const key = [...spelling].sort().join(' ');
    const known = keys.get(key) ?? keys.size;
    keys.set(key, known);
    return known;
  });
  return {
    nameStart,
    wordStart,
    words,
    nameKeys,
    ...postings(nameStart, wordStart, words, vocabulary.words.length),
  };
}

function postings(
  nameStart: Int32Array,
  wordStart: Int32Array,
  words: Int32Array,
  wordCount: number,
): Pick<NameTable, 'unitStart' | 'units'> {
  const last = new Int32Array(wordCount).fill(-1);
  const unitStart = new Int32Array(wordCount + 1);
  const unitCount = nameStart.length - 1;
  const eachOnce = (visit: (word: number, unit: number) => void) => {
    last.fill(-1);
    for (let unit = 0; unit < unitCount; unit++) {
      const end = wordStart[nameStart[unit + 1] as number] as number;
      for (let at = wordStart[nameStart[unit] as number] as number; at < end; at++) {
        const word = words[at] as number;
        if (last[word] === unit) continue;
        last[word] = unit;
        visit(word, unit);
      }
    }
  };
  eachOnce((word) => {
    unitStart[word + 1] = (unitStart[word + 1] as number) + 1;
  });
  for (let word = 0; word < wordCount; word++) {
    unitStart[word + 1] = (unitStart[word + 1] as number) + (unitStart[word] as number);
  }
  const next = unitStart.slice();
  const units = new Int32Array(unitStart[wordCount] as number);
  eachOnce((word, unit) => {
    const at = next[word] as number;
    units[at] = unit;
    next[word] = at + 1;
  });
  return { unitStart, units };
}

function unitsByKey({ nameStart, nameKeys }: NameTable): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let unit = 0; unit + 1 < nameStart.length; unit++) {
    for (let name = nameStart[unit] as number; name < (nameStart[unit + 1] as number); name++) {
      const key = nameKeys[name] as number;
      const units = found.get(key);
      if (!units) found.set(key, [unit]);
      else if (units.at(-1) !== unit) units.push(unit);
    }
  }
  return found;
}
