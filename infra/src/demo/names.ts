/**
 * Invented names. The country speaks four languages, one or two per region, so that accents, letters beyond
 * Latin-1, apostrophes and hyphens occur; and settlers of one faith or one market gave the same name to
 * places in many districts, so that a name alone tells nothing.
 */
import type { Random } from './random';

/** How a language makes a word: a beginning, perhaps a middle, an end. */
interface NamingLanguage {
  beginnings: readonly string[];
  middles: readonly string[];
  ends: readonly string[];
  /** Set before or after a word for hills, markets, mouths of rivers. */
  epithets: readonly ((word: string) => string)[];
}

const COAST: NamingLanguage = {
  beginnings: ['Bel', 'Cor', 'Dam', 'Fol', 'Lav', 'Mir', 'Nov', 'Ser', 'Tal', 'Ver', 'Alv', 'Quin'],
  middles: ['a', 'e', 'i', 'an', 'or', 'ent', 'aç', 'in'],
  ends: ['eiro', 'ão', 'inha', 'osa', 'alva', 'ães', 'ita', 'ú', 'edo'],
  epithets: [(w) => `Porto ${w}`, (w) => `Vila ${w}`, (w) => `${w} do Mar`, (w) => `Água ${w}`],
};

const FOREST: NamingLanguage = {
  beginnings: ['Mba', 'Kiso', 'Luka', 'Ngo', 'Bwe', 'Tshi', 'Mo', 'Ndja', 'Ya', 'Lubu', 'Ki', 'Wa'],
  middles: ['nge', 'ma', 'ndo', 'li', 'nzu', 'ka', 'sa', ''],
  ends: ['ni', 'la', 'mba', 'nda', 'ku', 'tshi', 'zi', 'mbo', 're'],
  epithets: [(w) => `${w}-Kati`, (w) => `Mwa ${w}`, (w) => `${w} ya Ntando`],
};

const SAVANNA: NamingLanguage = {
  beginnings: ['Tié', 'Koun', 'Ban', 'Ziga', 'Nô', 'Bou', 'Saré', 'Dio', 'Faï', 'Gour', 'Léo', 'Pô'],
  middles: ['bo', 'dou', 'fo', 'gui', 'la', 'ré', 'tou', 'sso'],
  ends: ['ra', 'gou', 'gna', 'ré', 'sso', 'la', 'dé', 'ko', 'ba'],
  epithets: [(w) => `${w}-Nord`, (w) => `N’${w}`, (w) => `${w}-Péré`, (w) => `Gué de ${w}`],
};

const LAGOON: NamingLanguage = {
  beginnings: ['Asɔ', 'Dzɔ', 'Kɛ', 'Ŋu', 'Agbɛ', 'Ho', 'Nyi', 'Awu', 'Fɔ', 'Tsi', 'Ɖa', 'Kpa'],
  middles: ['m', 'n', 'ga', 'lo', 'vi', 'kɔ', 'de', ''],
  ends: ['krɔm', 'tɔ', 'fe', 'ano', 'ɛso', 'nu', 'kope', 'si', 'ŋa'],
  epithets: [(w) => `${w} Ase`, (w) => `${w}-Dzodze`, (w) => `Nkwanta ${w}`],
};

export const NAMING_LANGUAGES = { COAST, FOREST, SAVANNA, LAGOON } as const;
export type NamingLanguageName = keyof typeof NAMING_LANGUAGES;

/** Names that were given again and again, in any region. */
const WIDESPREAD = [
  'Santa Viola',
  'Saint-Éloi',
  'Nouveau Marché',
  'Mission',
  'Centre',
  'Carrefour',
  'Belle Vue',
  'São Tirso',
  'Riverside',
  'Quartier Neuf',
];

/** The name of a place; about one in nine is one that other districts use as well. */
export function placeName(random: Random, name: NamingLanguageName, widespread = 0.11): string {
  if (random.chance(widespread)) return random.pick(WIDESPREAD);
  const language = NAMING_LANGUAGES[name];
  const middle = random.chance(0.7) ? random.pick(language.middles) : '';
  const word = random.pick(language.beginnings) + middle + random.pick(language.ends);
  return random.chance(0.12) ? random.pick(language.epithets)(word) : word;
}

/** A name that `taken` does not hold yet; it is added. For regions and districts, which people tell apart. */
export function uniqueName(random: Random, language: NamingLanguageName, taken: Set<string>): string {
  for (;;) {
    const name = placeName(random, language, 0);
    if (!taken.has(name)) {
      taken.add(name);
      return name;
    }
  }
}

export type FacilityType = 'Hospital' | 'Health centre' | 'Primary school' | 'Secondary school';

const FACILITY_NAMES: Record<FacilityType, readonly ((place: string) => string)[]> = {
  Hospital: [(p) => `Hôpital de ${p}`, (p) => `${p} District Hospital`, (p) => `Hospital de ${p}`],
  'Health centre': [
    (p) => `Centre de santé de ${p}`,
    (p) => `${p} Health Centre`,
    (p) => `Posto de saúde de ${p}`,
    (p) => `Dispensaire ${p}`,
  ],
  'Primary school': [
    (p) => `École primaire de ${p}`,
    (p) => `${p} Primary School`,
    (p) => `Escola primária de ${p}`,
    (p) => `EP ${p} 2`,
  ],
  'Secondary school': [(p) => `Lycée de ${p}`, (p) => `${p} Secondary School`, (p) => `Liceu de ${p}`],
};

/** The name of a facility at a place. */
export function facilityName(random: Random, type: FacilityType, place: string): string {
  return random.pick(FACILITY_NAMES[type])(place);
}

/** Another name people use for a facility: its initials and its place. */
export function shortName(name: string): string {
  const words = name.split(/[\s-]+/).filter((word) => word.length > 2);
  const last = words.pop() ?? name;
  const initials = words.map((word) => (word[0] as string).toUpperCase()).join('');
  return initials ? `${initials} ${last}` : last;
}
