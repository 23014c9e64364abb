/**
 * A copy of a list as another survey might have it: 30 % of the names misspelled, abbreviated, reordered or stripped
 * of accents, 10 % of the points moved up to 2 km, 5 % of the facilities dropped, 5 % invented. References are new and
 * the rows shuffled. The same seed makes the same copy.
 */
import { type Random, randomFor } from '../../src/demo/random';
import { type Labels, leaves, type Place, type SpoiledCopy } from './places';

const NAMES_SPOILED = 0.3;
const POINTS_MOVED = 0.1;
const MOVED_METRES = 2000;
const DROPPED = 0.05;
const INVENTED = 0.05;
const METRES_PER_DEGREE = 111_320;

export function spoil(places: readonly Place[], seed: string): SpoiledCopy {
  const random = randomFor(seed, 'spoil');
  const facilities = new Set(leaves(places).map(({ reference }) => reference));
  const labels: Labels = new Map();
  const copy: Place[] = [];
  const given = new Map<string, string>();
  const newReference = () => `c${random.whole(1e9, 9e9 - 1)}`;
  for (const place of places) {
    const isFacility = facilities.has(place.reference);
    if (isFacility && random.chance(DROPPED)) {
      labels.set(place.reference, null);
      continue;
    }
    const reference = newReference();
    given.set(place.reference, reference);
    labels.set(place.reference, reference);
    copy.push({
      ...place,
      reference,
      name: random.chance(NAMES_SPOILED) ? spoiledName(place.name, random) : place.name,
      ...(isFacility && random.chance(POINTS_MOVED) ? moved(place, random) : {}),
    });
  }
  for (const place of copy) place.parent = place.parent === null ? null : (given.get(place.parent) ?? null);
  const real = copy.filter(({ parent }) => parent !== null);
  const count = Math.round(facilities.size * INVENTED);
  for (let made = 0; made < count; made++) {
    const [beside, one, other] = [random.pick(real), random.pick(real), random.pick(real)];
    const near = moved(beside, random, 10 * MOVED_METRES);
    copy.push({ ...beside, ...near, reference: newReference(), name: mixed(one.name, other.name) });
  }
  return { places: random.shuffled(copy), labels };
}

function spoiledName(name: string, random: Random): string {
  const ways = [misspelled, abbreviated, reordered, stripped];
  return random.pick(ways)(name, random);
}

/** One or two letters dropped, doubled, replaced or swapped, in a longer word. */
function misspelled(name: string, random: Random): string {
  let text = name;
  const times = random.chance(0.3) ? 2 : 1;
  for (let time = 0; time < times; time++) {
    const at = random.whole(1, Math.max(1, text.length - 2));
    const letter = String.fromCharCode(65 + random.whole(0, 25));
    const kind = random.whole(0, 3);
    if (kind === 0) text = text.slice(0, at) + text.slice(at + 1);
    else if (kind === 1) text = text.slice(0, at) + text.charAt(at) + text.slice(at);
    else if (kind === 2) text = text.slice(0, at) + letter + text.slice(at + 1);
    else text = text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
  }
  return text;
}

/** The first words as initials, or a word cut short. */
function abbreviated(name: string, random: Random): string {
  const words = name.split(/\s+/);
  if (words.length >= 3 && random.chance(0.6)) {
    const initials = words.slice(0, 2).map((word) => word.charAt(0));
    return [initials.join(random.chance(0.5) ? '.' : ''), ...words.slice(2)].join(' ');
  }
  const long = words.findIndex((word) => word.length > 5);
  return words.map((word, at) => (at === long ? `${word.slice(0, 4)}.` : word)).join(' ');
}

function reordered(name: string, random: Random): string {
  return random.shuffled(name.split(/\s+/)).join(' ');
}

function stripped(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/['’.-]/g, ' ');
  return plain.charAt(0) + plain.slice(1).toLowerCase();
}

function moved(place: Place, random: Random, most = MOVED_METRES): Pick<Place, 'longitude' | 'latitude'> {
  if (place.longitude === null || place.latitude === null) return place;
  const [metres, angle] = [most * random.next(), 2 * Math.PI * random.next()];
  const degrees = metres / METRES_PER_DEGREE;
  return {
    longitude: place.longitude + (degrees * Math.sin(angle)) / Math.cos((place.latitude * Math.PI) / 180),
    latitude: place.latitude + degrees * Math.cos(angle),
  };
}

/** The beginning of one name and the end of another. */
function mixed(one: string, other: string): string {
  const [first, second] = [one.split(/\s+/), other.split(/\s+/)];
  return [
    ...first.slice(0, Math.ceil(first.length / 2)),
    ...second.slice(Math.floor(second.length / 2)),
  ].join(' ');
}
