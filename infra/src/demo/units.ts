/** What a unit of the invented country is: plain data that any form of the import can be written from. */
import type { Borders } from './borders';
import type { Land } from './land';
import type { Cell } from './mesh';
import type { NamingLanguageName } from './names';

/** From the outermost level inwards. Facilities of four types share the last. */
export const LEVELS = ['Country', 'Region', 'District', 'Sub-district', 'Facility'] as const;

export interface DemoUnit {
  /** Unique in the country: its reference in the source. */
  reference: string;
  parent: string | null;
  type: string;
  /** 1 for the country, 5 for facilities. */
  level: number;
  name: string;
  aliases: string[];
  code: string | null;
  /** YYYY-MM-DD. */
  openedOn: string | null;
  closedOn: string | null;
  /** Names of groups. */
  groups: string[];
  /** Degrees, degrees, metres. */
  location: { longitude: number; latitude: number; altitude: number } | null;
  attributes: Record<string, string>;
}

/** A sub-district with the ground it stands on. */
export interface SubDistrict {
  unit: DemoUnit;
  cell: Cell;
  language: NamingLanguageName;
}

export interface DemoCountry {
  seed: string;
  land: Land;
  borders: Borders;
  units: DemoUnit[];
  subDistricts: SubDistrict[];
}

export const GROUPS = ['Public', 'Private', 'Faith-based', 'Urban', 'Rural'] as const;
