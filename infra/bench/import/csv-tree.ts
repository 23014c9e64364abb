/**
 * A CSV file of a tree of places in six levels, the same for the same size and seed, and edited copies of it. References
 * identify the rows, parents are named by reference, as sources with a registry of their own export them.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const LEVELS = ['Country', 'Region', 'District', 'Area', 'Health centre', 'Post'];
const HEADER =
  'reference,parent_reference,name,type,code,status,longitude,latitude,altitude,opening_date,alias\n';

/** The mapping of these files, for `recipe`. */
export const CSV_TREE_MAPPING = {
  reference: 'reference',
  parentReference: 'parent_reference',
  name: 'name',
  type: 'type',
  code: 'code',
  status: 'status',
  longitude: 'longitude',
  latitude: 'latitude',
  altitude: 'altitude',
  openingDate: 'opening_date',
  aliases: 'alias',
};

const SYLLABLES =
  'ba be bi bo bu ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa so su ta ti to wa'.split(
    ' ',
  );

/** 32 bits that look random and depend on nothing but seed and index. */
function mixed(seed: number, index: number): number {
  let x = (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
  return (x ^ (x >>> 16)) >>> 0;
}

function seedOf(text: string): number {
  return [...text].reduce((sum, sign) => (Math.imul(sum, 31) + (sign.codePointAt(0) as number)) >>> 0, 7);
}

/** How many units each level has: six levels that add up to the size, each a constant factor wider. */
export function levelSizes(rows: number): number[] {
  let [low, high] = [1, Math.max(2, rows)];
  for (let step = 0; step < 60; step++) {
    const factor = (low + high) / 2;
    const sum = LEVELS.reduce((total, _, level) => total + factor ** level, 0);
    if (sum > rows) high = factor;
    else low = factor;
  }
  const sizes = LEVELS.slice(0, -1).map((_, level) => Math.max(1, Math.round(low ** level)));
  return [...sizes, Math.max(1, rows - sizes.reduce((a, b) => a + b, 0))];
}

function nameOf(seed: number, index: number, type: string): string {
  let bits = mixed(seed, index);
  let word = '';
  for (let part = 0; part < 4; part++) {
    word += SYLLABLES[bits % SYLLABLES.length];
    bits = Math.floor(bits / SYLLABLES.length);
  }
  return `${type === 'Post' ? 'École' : type} ${word[0]?.toUpperCase()}${word.slice(1)} ${index % 97}`;
}

export interface CsvTree {
  rows: number;
  seed: string;
  /** Every n-th unit gets another name; 0 for none. */
  renameEvery: number;
}

/** Writes the file; answers how many names differ from those of the unchanged one. */
export async function writeCsvTree(
  path: string,
  { rows, seed: text, renameEvery }: CsvTree,
): Promise<number> {
  const seed = seedOf(text);
  const sizes = levelSizes(rows);
  let renamed = 0;
  function* lines() {
    yield HEADER;
    let piece = '';
    let index = 0;
    let firstAbove = 0;
    for (let level = 0; level < sizes.length; level++) {
      const firstHere = index;
      const type = LEVELS[level] as string;
      for (let n = 0; n < (sizes[level] as number); n++, index++) {
        const isRenamed = renameEvery > 0 && index % renameEvery === 1;
        if (isRenamed) renamed++;
        const parent =
          level === 0
            ? ''
            : `U${firstAbove + Math.floor((n * (sizes[level - 1] as number)) / (sizes[level] as number))}`;
        const bits = mixed(seed + 1, index);
        const place =
          level < 3
            ? ',,'
            : `${(10 + (bits % 200_000) / 10_000).toFixed(6)},${(-12 + (bits % 170_001) / 10_000).toFixed(6)},${bits % 2500}`;
        const name = `${nameOf(seed, index, type)}${isRenamed ? ' bis' : ''}`;
        const opened = `${1960 + (bits % 60)}-0${1 + (bits % 9)}-1${bits % 10}`;
        piece += `U${index},${parent},${name},${type},C${index % 100_000},${bits % 3 ? 'VALID' : 'NEW'},${place},${opened},${bits % 5 ? '' : `Alias ${bits % 1000}`}\n`;
        if (piece.length > 1 << 20) {
          yield piece;
          piece = '';
        }
      }
      firstAbove = firstHere;
    }
    yield piece;
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return renamed;
}
