/** What differs between two versions, field by field, with the distances and areas that a person asks about. */
import { geodesicDistance } from '@iroko/geometry';
import type { Location, UnitContent } from '../org-units/unit-content';

export const DIFFERENCE_KINDS = ['ADDED', 'REMOVED', 'CHANGED'] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export const UNIT_FIELDS = [
  'NAME',
  'ALIASES',
  'CODE',
  'TYPE',
  'STATUS',
  'PARENT',
  'OPENING_DATE',
  'CLOSED_DATE',
  'LOCATION',
  'SHAPE',
  'GROUPS',
  'ATTRIBUTES',
] as const;
export type UnitField = (typeof UNIT_FIELDS)[number];

export interface DifferenceFilter {
  kinds?: readonly DifferenceKind[] | undefined;
  /** Changed units that differ in one of these. */
  fields?: readonly UnitField[] | undefined;
  typeIds?: readonly string[] | undefined;
}

/** What stands behind the ids of a unit's content. */
export interface UnitSurroundings {
  type: { id: string; name: string } | null;
  parent: { id: string; reference: string; name: string } | null;
  groups: { id: string; reference: string; name: string }[];
  shape: {
    hash: string;
    areaM2: number;
    vertexCount: number;
    centre: [longitude: number, latitude: number];
  } | null;
}

export interface DescribedUnit extends UnitSurroundings {
  content: UnitContent;
}

export interface FieldDifference {
  field: UnitField;
  before: unknown;
  after: unknown;
  distanceMetres: number | null;
  areaChangeM2: number | null;
}

/** What a unit says in a field, in the form that an answer shows. */
export const fieldValue = (field: UnitField, unit: DescribedUnit): unknown => VALUES[field](unit);

const VALUES: Record<UnitField, (unit: DescribedUnit) => unknown> = {
  NAME: ({ content }) => content.name,
  ALIASES: ({ content }) => content.aliases,
  CODE: ({ content }) => content.code,
  TYPE: ({ type }) => type,
  STATUS: ({ content }) => content.status,
  PARENT: ({ parent }) => parent,
  OPENING_DATE: ({ content }) => content.openingDate,
  CLOSED_DATE: ({ content }) => content.closedDate,
  LOCATION: ({ content }) => content.location,
  SHAPE: ({ shape }) => shape && { areaM2: shape.areaM2 },
  GROUPS: ({ groups }) => groups,
  ATTRIBUTES: ({ content }) => content.attributes,
};

/** The difference in one field. */
export function fieldDifference(
  field: UnitField,
  before: DescribedUnit,
  after: DescribedUnit,
): FieldDifference {
  const value = VALUES[field];
  return {
    field,
    before: value(before),
    after: value(after),
    distanceMetres: distance(field, before, after),
    areaChangeM2:
      field === 'SHAPE' && before.shape && after.shape ? after.shape.areaM2 - before.shape.areaM2 : null,
  };
}

/** Metres over the ellipsoid: between locations, or between the centres of the shapes' bounding boxes. */
function distance(field: UnitField, before: DescribedUnit, after: DescribedUnit): number | null {
  if (field === 'LOCATION') {
    const [from, to] = [before.content.location, after.content.location];
    return from && to ? geodesicDistance(position(from), position(to)) : null;
  }
  if (field !== 'SHAPE' || !before.shape || !after.shape) return null;
  return geodesicDistance(before.shape.centre, after.shape.centre);
}

const position = ({ longitude, latitude }: Location): [number, number] => [longitude, latitude];
