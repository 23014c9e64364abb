/**
 * Clinics and schools: more of them where people live, each inside its sub-district, with what registers
 * really hold: dates that are missing, a handful without coordinates, two schools of the same name.
 */
import { prepareShape } from '@iroko/geometry';
import { type Borders, unionOf } from './borders';
import { altitudeAt, type Land } from './land';
import type { Place } from './mesh';
import { type FacilityType, facilityName, placeName, shortName } from './names';
import { type Random, randomFor } from './random';
import type { DemoUnit, SubDistrict } from './units';

/** Of a hundred facilities of a country. */
const TYPE_SHARES: readonly (readonly [FacilityType, number])[] = [
  ['Primary school', 58],
  ['Health centre', 25],
  ['Secondary school', 15],
  ['Hospital', 2],
];

function drawType(random: Random): FacilityType {
  let rest = random.between(0, 100);
  for (const [type, share] of TYPE_SHARES) {
    rest -= share;
    if (rest < 0) return type;
  }
  return 'Primary school';
}

/** Towns: sub-districts with several times the facilities of others. */
function weights(random: Random, subDistricts: SubDistrict[]): number[] {
  return subDistricts.map(() => (random.chance(0.08) ? random.between(3, 7) : random.between(0.4, 1.6)));
}

const round = (value: number) => Math.round(value * 1e6) / 1e6;

/** Draws places inside a cell, evenly. */
function placesIn({ cell }: SubDistrict, { mesh }: Land, borders: Borders): (random: Random) => Place {
  const isInside = prepareShape(unionOf([cell], borders));
  const toward = (random: Random, farthest: number): Place => {
    const side = random.whole(0, cell.corners.length - 1);
    const a = mesh.corners[cell.corners[side] as number] as Place;
    const b = mesh.corners[cell.corners[(side + 1) % cell.corners.length] as number] as Place;
    const along = random.next();
    const out = farthest * Math.sqrt(random.next());
    const edge: Place = [a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])];
    return [
      round(cell.centre[0] + out * (edge[0] - cell.centre[0])),
      round(cell.centre[1] + out * (edge[1] - cell.centre[1])),
    ];
  };
  return (random) => {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const place = toward(random, 0.97);
      if (isInside(place)) return place;
    }
    // A border swings in to at most 55 % of the way to the centre: this near to it, every place is inside.
    return toward(random, 0.42);
  };
}

function day(random: Random, from: number, to: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${random.whole(from, to)}-${two(random.whole(1, 12))}-${two(random.whole(1, 28))}`;
}

function attributesOf(random: Random, type: FacilityType): Record<string, string> {
  const electricity = random.pick(['grid', 'solar', 'generator', 'none']);
  if (type === 'Hospital') return { electricity, beds: String(random.whole(40, 400)) };
  if (type === 'Health centre') return { electricity, beds: String(random.whole(0, 20)) };
  return { electricity, pupils: String(random.whole(40, type === 'Primary school' ? 700 : 1200)) };
}

/** `count` facilities over the sub-districts. */
export function makeFacilities(
  seed: string,
  borders: Borders,
  land: Land,
  subDistricts: SubDistrict[],
  count: number,
): DemoUnit[] {
  const random = randomFor(seed, 'facilities');
  const weight = weights(random, subDistricts);
  const total = weight.reduce((sum, w) => sum + w, 0);
  const facilities: DemoUnit[] = [];
  let due = 0;
  subDistricts.forEach((subDistrict, i) => {
    due += ((weight[i] as number) / total) * count;
    const isTown = (weight[i] as number) > 2;
    const place = placesIn(subDistrict, land, borders);
    while (facilities.length + 0.5 < due && facilities.length < count) {
      facilities.push(makeFacility(random, place(random), subDistrict, isTown, facilities.length + 1));
    }
  });
  return facilities;
}

function makeFacility(
  random: Random,
  [longitude, latitude]: Place,
  subDistrict: SubDistrict,
  isTown: boolean,
  number: number,
): DemoUnit {
  const { unit, language } = subDistrict;
  const type = drawType(random);
  // Every third carries the name of its sub-district, so that names repeat inside it too.
  const place = random.chance(0.33) ? unit.name : placeName(random, language);
  const name = facilityName(random, type, place);
  const isSurveyed = !random.chance(0.006);
  const isClosed = random.chance(0.02);
  return {
    reference: `F${String(number).padStart(6, '0')}`,
    parent: unit.reference,
    type,
    level: 5,
    name,
    aliases: random.chance(0.15) ? [shortName(name)] : [],
    code: random.chance(0.85) ? `${unit.code}${String(number).padStart(5, '0')}` : null,
    openedOn: random.chance(0.7) ? day(random, 1965, 2019) : null,
    closedOn: isClosed ? day(random, 2020, 2024) : null,
    groups: [
      random.pick(['Public', 'Public', 'Public', 'Private', 'Faith-based']),
      isTown ? 'Urban' : 'Rural',
    ],
    location: isSurveyed ? { longitude, latitude, altitude: altitudeAt([longitude, latitude]) } : null,
    attributes: attributesOf(random, type),
  };
}
