/** What a person sends of a unit. */
import { badInput } from '@iroko/errors';
import { AttributeInput, DateScalar, GeoJSONScalar, PointInput } from '@iroko/graph';
import { Field, ID, InputType } from 'type-graphql';
import { givenFields } from '../given-fields';
import type { UnitFields } from './edit-unit';
import { OrgUnitStatus } from './place-type';

@InputType({ description: 'Changes of a unit; what is left out stays as it is.' })
export class UpdateOrgUnitInput {
  @Field(() => String, { nullable: true, description: '1 to 255 characters; trimmed, inner spaces stay.' })
  name?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'All other names, at most 100. Empty ones are dropped.',
  })
  aliases?: string[] | null;

  @Field(() => String, { nullable: true, description: 'A code, at most 255 characters; empty for none.' })
  code?: string | null;

  @Field(() => ID, { nullable: true, description: 'The id of its type; null for none.' })
  typeId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the unit right above it, in the draft of the same source; null makes it a root.',
  })
  parentId?: string | null;

  @Field(() => OrgUnitStatus, { nullable: true, description: 'What the keepers of the tree think of it.' })
  status?: OrgUnitStatus | null;

  @Field(() => PointInput, { nullable: true, description: 'Where it is; null for nowhere known.' })
  location?: PointInput | null;

  @Field(() => GeoJSONScalar, {
    nullable: true,
    description: 'Its outline as a valid Polygon or MultiPolygon in EPSG:4326; null for none.',
  })
  shape?: object | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day it opened; null when not known.' })
  openingDate?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The day it closed, after it opened; null for none.',
  })
  closedDate?: string | null;

  @Field(() => [ID], { nullable: true, description: 'The ids of all groups that it is in, of its source.' })
  groupIds?: string[] | null;

  @Field(() => [AttributeInput], {
    nullable: true,
    description: 'All extra attributes, at most 500, each key once.',
  })
  attributes?: AttributeInput[] | null;
}

@InputType({ description: 'A new unit.' })
export class CreateOrgUnitInput extends UpdateOrgUnitInput {
  @Field(() => ID, { description: 'The source whose draft gets it.' })
  dataSourceId!: string;

  @Field({ description: '1 to 255 characters; trimmed, inner spaces stay.' })
  declare name: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What the source calls it, 1 to 255 characters, unique in the source for all time. Generated when left out.',
  })
  reference?: string | null;
}

/** Null takes away where a unit can be without; elsewhere it counts as left out. */
export function unitFields(input: UpdateOrgUnitInput): UnitFields {
  const given = givenFields(input, ['typeId', 'parentId', 'location', 'shape', 'openingDate', 'closedDate']);
  const { attributes, location, ...rest } = given;
  return {
    ...rest,
    ...(location === undefined
      ? {}
      : { location: location && { ...location, altitude: location.altitude ?? null } }),
    ...(attributes === undefined ? {} : { attributes: attributesOf(attributes) }),
  };
}

export function attributesOf(attributes: readonly AttributeInput[]): Record<string, string | null> {
  const record: Record<string, string | null> = Object.create(null);
  for (const { key, value } of attributes) {
    if (key in record)
      throw badInput(`The attribute ${JSON.stringify(key)} is given twice.`, { path: ['attributes'] });
    record[key] = value ?? null;
  }
  return record;
}
