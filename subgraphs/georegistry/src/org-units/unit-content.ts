/**
 * What is said of a place in one version, its rules, and how an edit changes it. Plain functions over plain data:
 * mutations and tests share them.
 */
import { isId } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { checkPosition } from '@iroko/geometry';
import { textKey } from '@iroko/text';
import { checkedName, checkedText } from '../name-rules';

export const UNIT_STATUSES = ['NEW', 'VALID', 'REJECTED'] as const;
export type UnitStatus = (typeof UNIT_STATUSES)[number];

export interface Location {
  longitude: number;
  latitude: number;
  altitude: number | null;
}

/** The content of a state; what it says of the tree is the parent alone. */
export interface UnitContent {
  name: string;
  aliases: string[];
  code: string;
  typeId: string | null;
  parentId: string | null;
  status: UnitStatus;
  location: Location | null;
  /** SHA-256 of the shape in hexadecimal digits. */
  shapeHash: string | null;
  openingDate: string | null;
  closedDate: string | null;
  /** Sorted, each once. */
  groupIds: string[];
  attributes: Record<string, string | null>;
}

export const CONTENT_FIELDS = [
  'name',
  'aliases',
  'code',
  'typeId',
  'parentId',
  'status',
  'location',
  'shapeHash',
  'openingDate',
  'closedDate',
  'groupIds',
  'attributes',
] as const satisfies readonly (keyof UnitContent)[];
export type ContentField = (typeof CONTENT_FIELDS)[number];

/** An edit: what is undefined stays as it is, null takes away. */
export type UnitEdit = { [Field in ContentField]?: UnitContent[Field] | undefined };

export const EMPTY_CONTENT: UnitContent = {
  name: '',
  aliases: [],
  code: '',
  typeId: null,
  parentId: null,
  status: 'NEW',
  location: null,
  shapeHash: null,
  openingDate: null,
  closedDate: null,
  groupIds: [],
  attributes: {},
};

const ALIASES_MAX = 100;
const ATTRIBUTES_MAX = 500;
const ALTITUDE_METRES: readonly [number, number] = [-20_000, 100_000];

/** The content after the edit. Throws BAD_USER_INPUT that names the field at fault. */
export function edited(before: UnitContent, edit: UnitEdit): UnitContent {
  const given = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
  const after = { ...before, ...given } as UnitContent;
  const content: UnitContent = {
    ...after,
    name: checkedName(after.name, ['name']),
    code: checkedText(after.code, ['code']),
    aliases: checkedAliases(after.aliases),
    location: after.location && checkedLocation(after.location),
    typeId: after.typeId === null ? null : checkedId(after.typeId, 'type', ['typeId']),
    groupIds: [...new Set(after.groupIds.map((id) => checkedId(id, 'group', ['groupIds'])))].sort(),
    attributes: checkedAttributes(after.attributes),
  };
  if (
    content.openingDate !== null &&
    content.closedDate !== null &&
    content.closedDate <= content.openingDate
  ) {
    throw badInput(
      `The unit closes on ${content.closedDate}, not after it opens on ${content.openingDate}.`,
      {
        path: ['closedDate'],
      },
    );
  }
  return content;
}

/** What is no id is one that never was. */
function checkedId(id: string, what: string, path: string[]): string {
  if (!isId(id))
    throw badInput(`There is no ${what} with the id ${JSON.stringify(id.slice(0, 100))}.`, { path });
  return id.toLowerCase();
}

function checkedAliases(aliases: readonly string[]): string[] {
  const kept = [
    ...new Set(aliases.map((alias) => checkedText(alias, ['aliases'])).filter((alias) => alias !== '')),
  ];
  if (kept.length > ALIASES_MAX) {
    throw badInput(`There are ${kept.length} aliases; at most ${ALIASES_MAX} are kept.`, {
      path: ['aliases'],
    });
  }
  return kept;
}

/** Exactly 0 is a coordinate like any other; -0 is 0. */
function checkedLocation({ longitude, latitude, altitude }: Location): Location {
  const defect = checkPosition(altitude === null ? [longitude, latitude] : [longitude, latitude, altitude]);
  if (defect) throw badInput(defect.message, { path: ['location'] });
  const [lowest, highest] = ALTITUDE_METRES;
  if (altitude !== null && (altitude < lowest || altitude > highest)) {
    throw badInput(`An altitude of ${altitude} m is not between ${lowest} and ${highest}.`, {
      path: ['location', 'altitude'],
    });
  }
  return {
    longitude: longitude + 0,
    latitude: latitude + 0,
    altitude: altitude === null ? null : altitude + 0,
  };
}

function checkedAttributes(attributes: Record<string, string | null>): Record<string, string | null> {
  const keys = Object.keys(attributes);
  if (keys.length > ATTRIBUTES_MAX) {
    throw badInput(`There are ${keys.length} attributes; at most ${ATTRIBUTES_MAX} are kept.`, {
      path: ['attributes'],
    });
  }
  const kept = keys.sort().map((key) => {
    const value = attributes[key] ?? null;
    if (key.includes('\0') || value?.includes('\0')) {
      throw badInput(`The attribute ${JSON.stringify(key)} holds a zero byte.`, { path: ['attributes'] });
    }
    return [checkedName(key, ['attributes', 'key']), value] as const;
  });
  return Object.fromEntries(kept);
}

/** The keys by which a state sorts and is found. The parts of a search key are apart by line feeds, which no key holds. */
export function unitKeys(content: Pick<UnitContent, 'name' | 'aliases' | 'code'>, reference: string) {
  const nameKey = textKey(content.name);
  const parts = [nameKey, ...content.aliases.map(textKey), textKey(content.code), textKey(reference)];
  return { nameKey, searchKey: parts.filter((part) => part !== '').join('\n') };
}
