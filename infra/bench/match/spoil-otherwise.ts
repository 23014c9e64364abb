/**
 * A second kind of copy, spoiled in other ways than `spoil.ts`, to see whether the matcher only knows the first: words
 * of the domain translated, spelled by ear or read wrongly by a scanner, words left out, put in, run together or cut
 * off, numerals written otherwise; points rounded, missing, or set to the middle of the district; districts renamed
 * and facilities filed under a neighbouring one; 8 % dropped, 8 % invented, 2 % there twice.
 */
import { type Random, randomFor } from '../../src/demo/random';
import { type Labels, leaves, type Place, type SpoiledCopy } from './places';

const TRANSLATED: Readonly<Record<string, string>> = {
  'ECOLE PRIMAIRE': 'Primary School',
  'COMPLEXE SCOLAIRE': 'School Complex',
  INSTITUT: 'Institute',
  LYCEE: 'High School',
  'CENTRE DE SANTE': 'Health Centre',
  HOPITAL: 'Hospital',
  'POSTE DE SANTE': 'Health Post',
  SAINTE: 'St',
  SAINT: 'St',
};
const BY_EAR: readonly (readonly [RegExp, string])[] = [
  [/ou/gi, 'u'],
  [/ph/gi, 'f'],
  [/c(?=[aou])/gi, 'k'],
  [/(.)\1/gi, '$1'],
  [/dj/gi, 'j'],
  [/y/gi, 'i'],
];
const MISREAD: Readonly<Record<string, string>> = { O: '0', I: 'l', S: '5', M: 'RN', E: 'F', U: 'V', B: '8' };
const ADDED = ['Officiel', '(privé)', 'Centre', 'B', 'Conventionné'];

/** Each with how often it happens. */
const SPOILINGS: readonly (readonly [number, (name: string, random: Random) => string])[] = [
  [0.12, translated],
  [0.1, byEar],
  [0.06, misread],
  [0.06, (name, random) => without(name, random)],
  [0.06, (name, random) => `${name} ${random.pick(ADDED)}`],
  [0.05, (name) => name.replace(/\s+(?=\S+$)/, '')],
  [0.04, (name) => name.slice(0, 22)],
];

export function spoilOtherwise(places: readonly Place[], seed: string): SpoiledCopy {
  const random = randomFor(seed, 'spoil otherwise');
  const facilities = new Set(leaves(places).map(({ reference }) => reference));
  const centres = centresOf(places);
  const labels: Labels = new Map();
  const given = new Map<string, string>();
  const copy: Place[] = [];
  for (const place of places) {
    const isFacility = facilities.has(place.reference);
    if (isFacility && random.chance(0.08)) {
      labels.set(place.reference, null);
      continue;
    }
    const reference = `x${random.whole(1e9, 9e9)}`;
    given.set(place.reference, reference);
    labels.set(place.reference, reference);
    const name = isFacility ? spoiled(place.name, random) : renamed(place.name, random);
    const point = isFacility ? displaced(place, centres, random) : {};
    copy.push({ ...place, reference, name, ...point });
    if (isFacility && random.chance(0.02)) {
      copy.push({ ...place, reference: `${reference}b`, name: byEar(place.name), ...point });
    }
  }
  for (const place of copy) place.parent = place.parent === null ? null : (given.get(place.parent) ?? null);
  const filed = copy.filter(({ parent }) => parent !== null);
  const misfiled = filed.filter(({ type }) => type === filed.at(-1)?.type && random.chance(0.04));
  for (const place of misfiled) {
    const beside = filed.filter(({ parent, type }) => type === place.type && parent !== place.parent);
    place.parent = random.pick(beside).parent;
  }
  const real = filed.filter(({ reference }) => !misfiled.some((place) => place.reference === reference));
  for (let made = 0; made < Math.round(facilities.size * 0.08); made++) {
    const beside = random.pick(real);
    const name = `${random.pick(real).name.split(' ').slice(0, 2).join(' ')} ${invented(random)}`;
    copy.push({ ...beside, reference: `n${random.whole(1e9, 9e9)}`, name });
  }
  return { places: random.shuffled(copy), labels };
}

function spoiled(name: string, random: Random): string {
  return SPOILINGS.reduce(
    (text, [share, spoiling]) => (random.chance(share) ? spoiling(text, random) : text),
    name,
  );
}

function translated(name: string): string {
  let text = name;
  for (const [from, to] of Object.entries(TRANSLATED)) text = text.replace(from, to);
  return text;
}

function byEar(name: string): string {
  return BY_EAR.reduce((text, [pattern, by]) => text.replace(pattern, by), name);
}

function misread(name: string, random: Random): string {
  return [...name].map((letter) => (random.chance(0.15) ? (MISREAD[letter] ?? letter) : letter)).join('');
}

function without(name: string, random: Random): string {
  const words = name.split(/\s+/);
  if (words.length < 3) return name;
  const at = random.whole(0, words.length - 2);
  return words.filter((_, index) => index !== at).join(' ');
}

function renamed(name: string, random: Random): string {
  if (random.chance(0.1)) return invented(random);
  return random.chance(0.2) ? byEar(name) : name;
}

function invented(random: Random): string {
  const syllables = ['ka', 'mbo', 'li', 'tse', 'ngu', 'ra', 'pe', 'fu', 'zo', 'wi', 'du', 'shi'];
  return Array.from({ length: random.whole(3, 4) }, () => random.pick(syllables)).join('');
}

function displaced(place: Place, centres: Centres, random: Random): Partial<Place> {
  if (place.longitude === null || place.latitude === null) return {};
  const chance = random.next();
  if (chance < 0.06) return { longitude: null, latitude: null };
  if (chance < 0.11) return centres.get(place.parent ?? '') ?? {};
  if (chance < 0.3) {
    return { longitude: Number(place.longitude.toFixed(2)), latitude: Number(place.latitude.toFixed(2)) };
  }
  return {};
}

type Centres = ReadonlyMap<string, { longitude: number; latitude: number }>;

function centresOf(places: readonly Place[]): Centres {
  const sums = new Map<string, { longitude: number; latitude: number; count: number }>();
  for (const { parent, longitude, latitude } of places) {
    if (parent === null || longitude === null || latitude === null) continue;
    const sum = sums.get(parent) ?? { longitude: 0, latitude: 0, count: 0 };
    sums.set(parent, {
      longitude: sum.longitude + longitude,
      latitude: sum.latitude + latitude,
      count: sum.count + 1,
    });
  }
  return new Map(
    [...sums].map(([parent, { longitude, latitude, count }]) => [
      parent,
      { longitude: longitude / count, latitude: latitude / count },
    ]),
  );
}
