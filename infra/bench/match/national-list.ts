/**
 * A national list of facilities as they are: few words for what a place is, village names of which some are everywhere,
 * saints and numerals, facilities close together in towns and far apart elsewhere. The same seed makes the same list.
 */
import { type Random, randomFor } from '../../src/demo/random';
import type { Place } from './places';

const KINDS: readonly (readonly [number, string])[] = [
  [0.35, 'Centre de santé'],
  [0.2, 'Poste de santé'],
  [0.25, 'École primaire'],
  [0.08, 'Dispensaire'],
  [0.07, 'Complexe scolaire'],
  [0.03, 'Hôpital général de référence'],
  [0.02, 'Clinique'],
];
const SAINTS = ['Saint Joseph', 'Sainte Marie', 'Saint Luc', 'Saint Paul', 'Notre Dame', 'Saint Kizito'];
const SYLLABLES =
  'ka ki ku lu li mba mbe ngo nga nza nde ta ti tshi wa wi ya zo sa so pé ré ma mo fu ro bi bo'.split(' ');
const PLACES_PER_DISTRICT = 250;
const DISTRICTS_PER_REGION = 20;

export function nationalList(facilities: number, seed: string): Place[] {
  const random = randomFor(seed, 'national list');
  const villages = Array.from({ length: Math.max(20, Math.round(facilities / 4)) }, () =>
    villageName(random),
  );
  const places: Place[] = [];
  const districts = Math.max(1, Math.round(facilities / PLACES_PER_DISTRICT));
  let region: Place | undefined;
  for (let n = 0; n < districts; n++) {
    const at = { longitude: random.between(12, 31), latitude: random.between(-13, 5) };
    if (n % DISTRICTS_PER_REGION === 0) {
      region = {
        reference: `R${n}`,
        name: villageName(random),
        type: 'Region',
        parent: null,
        longitude: null,
        latitude: null,
      };
      places.push(region);
    }
    const district = `D${n}`;
    places.push({
      reference: district,
      name: villageName(random),
      type: 'District',
      parent: region?.reference ?? null,
      longitude: null,
      latitude: null,
    });
    const count = Math.floor(((n + 1) * facilities) / districts) - Math.floor((n * facilities) / districts);
    // A town is a fifth of the spread of a district in the country.
    const spread = random.chance(0.2) ? 0.08 : 0.4;
    for (let facility = 0; facility < count; facility++) {
      places.push({
        reference: `F${n}-${facility}`,
        name: facilityName(villages, random),
        type: 'Facility',
        parent: district,
        longitude: round(at.longitude + spread * (random.next() + random.next() - 1)),
        latitude: round(at.latitude + spread * (random.next() + random.next() - 1)),
      });
    }
  }
  return places;
}

function facilityName(villages: readonly string[], random: Random): string {
  const kind = kindAt(random.next());
  // Few names are borne by many: the square makes the first ones common.
  const village = villages[Math.floor(random.next() ** 2 * villages.length)] as string;
  const name = random.chance(0.1) ? random.pick(SAINTS) : village;
  const number = random.chance(0.12) ? ` ${random.pick(['1', '2', 'II', '3', 'III'])}` : '';
  return `${kind} ${name}${number}`;
}

/** The kind that a number from 0 to 1 falls on. */
function kindAt(chance: number): string {
  let left = chance;
  for (const [share, kind] of KINDS) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'Clinique';
}

function villageName(random: Random): string {
  const text = Array.from({ length: random.whole(2, 4) }, () => random.pick(SYLLABLES)).join('');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const round = (degrees: number): number => Number(degrees.toFixed(5));
