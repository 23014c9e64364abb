/**
 * The invented country Kelandi, whole: levels, shapes, facilities, groups. Plain data, so that it can be
 * written in any form the import takes, and so that a second version can be made of it.
 */
import { Borders, type Shape, unionOf } from './borders';
import { makeFacilities } from './facilities';
import { divide, makeLand } from './land';
import type { Cell } from './mesh';
import { NAMING_LANGUAGES, type NamingLanguageName, placeName, uniqueName } from './names';
import { randomFor } from './random';
import { type DemoCountry, type DemoUnit, LEVELS, type SubDistrict } from './units';

export interface CountrySize {
  regions: number;
  districts: number;
  subDistricts: number;
  facilities: number;
}

export const DEMO_SIZE: CountrySize = { regions: 9, districts: 60, subDistricts: 430, facilities: 4_500 };

const pad = (number: number, length: number) => String(number).padStart(length, '0');

function area(reference: string, parent: string | null, level: number, name: string): DemoUnit {
  return {
    reference,
    parent,
    type: LEVELS[level - 1] as string,
    level,
    name,
    aliases: [],
    code: null,
    openedOn: null,
    closedOn: null,
    groups: [],
    location: null,
    attributes: {},
  };
}

/** The whole country for a seed: the same units, names and coordinates every time. */
export function makeCountry(seed: string, size: CountrySize = DEMO_SIZE): DemoCountry {
  const land = makeLand(seed, size.subDistricts);
  const random = randomFor(seed, 'areas');
  const names = randomFor(seed, 'names');
  const country = {
    ...area('KE', null, 1, 'Kelandi'),
    aliases: ['République de Kélandi'],
    openedOn: '1962-04-11',
  };
  const units: DemoUnit[] = [country];
  const subDistricts: SubDistrict[] = [];
  const languages = Object.keys(NAMING_LANGUAGES) as NamingLanguageName[];
  const taken = new Set<string>();
  divide(random, land.cells, size.regions).forEach((cells, r) => {
    const language = languages[r % languages.length] as NamingLanguageName;
    const region = area(`KE-${pad(r + 1, 2)}`, 'KE', 2, uniqueName(names, language, taken));
    region.code = pad(r + 1, 2);
    region.openedOn = '1962-04-11';
    units.push(region);
    const share = Math.max(2, Math.round((size.districts * cells.length) / land.cells.length));
    divide(random, cells, share).forEach((members, d) => {
      const reference = `${region.reference}-${pad(d + 1, 2)}`;
      const district = area(reference, region.reference, 3, uniqueName(names, language, taken));
      district.code = `${region.code}${pad(d + 1, 2)}`;
      district.openedOn = `${names.whole(1963, 1998)}-01-01`;
      units.push(district);
      members.forEach((cell, s) => {
        const unit = area(`${reference}-${pad(s + 1, 2)}`, reference, 4, placeName(names, language));
        unit.code = `${district.code}${pad(s + 1, 2)}`;
        units.push(unit);
        subDistricts.push({ unit, cell, language });
      });
    });
  });
  const borders = new Borders(land.mesh, seed);
  units.push(...makeFacilities(seed, borders, land, subDistricts, size.facilities));
  return { seed, land, borders, units, subDistricts };
}

/** The shape of every unit above the facilities, by reference: the union of the cells below it. */
export function* shapesOf(country: DemoCountry): Generator<[reference: string, shape: Shape]> {
  const parents = new Map(country.units.map((unit) => [unit.reference, unit.parent]));
  const cells = new Map<string, Cell[]>();
  for (const { unit, cell } of country.subDistricts) {
    for (let at: string | null = unit.reference; at; at = parents.get(at) ?? null) {
      const below = cells.get(at);
      if (below) below.push(cell);
      else cells.set(at, [cell]);
    }
  }
  for (const [reference, below] of cells) yield [reference, unionOf(below, country.borders)];
}
