/**
 * A place in two forms: OrgUnit answers for the current version of its source and is what other subgraphs refer to;
 * OrgUnitState is the place in one named version. Their answers are made in `place-answer.ts`.
 */
import { AttributeType, DateScalar, PointType } from '@iroko/graph';
import { Directive, Field, ID, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { GroupType } from '../groups/group-type';
import { ShapeType } from '../shapes/shape-type';
import { DataSourceType } from '../sources/source-type';
import { OrgUnitTypeType } from '../types/type-type';
import { SourceVersionType } from '../versions/version-type';
import { unitConnectionOf } from './unit-connection';

export enum OrgUnitStatus {
  NEW = 'NEW',
  VALID = 'VALID',
  REJECTED = 'REJECTED',
}
registerEnumType(OrgUnitStatus, {
  name: 'OrgUnitStatus',
  description: 'What the keepers of the tree think of a unit.',
  valuesConfig: {
    NEW: { description: 'Not looked at yet.' },
    VALID: { description: 'It is there and described rightly.' },
    REJECTED: { description: 'It should not be in the tree.' },
  },
});

@InterfaceType('Place', { description: 'A place, as one version of a source has it.' })
export abstract class Place {
  @Field(() => ID, { description: 'The id of this form of the place.' })
  id!: string;

  @Field({ description: 'What its source calls it; unique in the source.' })
  reference!: string;

  @Field(() => Int, {
    description: 'Counts the changes of the unit: give it as expectedRevision to edit it.',
  })
  revision!: number;

  @Field({ description: 'Its name.' })
  name!: string;

  @Field(() => [String], { description: 'Other names of it.' })
  aliases!: string[];

  @Field({ description: 'A code; empty when it has none.' })
  code!: string;

  @Field(() => OrgUnitStatus, { description: 'What the keepers of the tree think of it.' })
  status!: OrgUnitStatus;

  @Field(() => OrgUnitTypeType, { nullable: true, description: 'What kind of place it is.' })
  type!: OrgUnitTypeType | null;

  @Field(() => [GroupType], { description: 'The groups that it is in, by name.' })
  groups!: GroupType[];

  @Field(() => PointType, { nullable: true, description: 'Where it is.' })
  location!: PointType | null;

  @Field(() => ShapeType, { nullable: true, description: 'Its outline.' })
  shape!: ShapeType | null;

  @Field({ description: 'Whether it has an outline.' })
  hasShape!: boolean;

  @Field(() => DateScalar, { nullable: true, description: 'The day it opened.' })
  openingDate!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day it closed, after the day it opened.' })
  closedDate!: string | null;

  @Field(() => [AttributeType], { description: 'Extra attributes, by key.' })
  attributes!: AttributeType[];

  @Field(() => Int, { description: 'How far it is from a root: 0 for a root.' })
  depth!: number;

  @Field({ description: 'Whether there are units right below it.' })
  hasChildren!: boolean;

  @Field(() => Int, { description: 'How many units there are right below it.' })
  childCount!: number;

  @Field(() => DataSourceType, { description: 'The source that it belongs to.' })
  dataSource!: DataSourceType;

  @Field(() => SourceVersionType, { description: 'The version that this says it of.' })
  version!: SourceVersionType;

  @Field({ description: 'When the unit was made, in whichever version.' })
  createdAt!: Date;

  @Field({ description: 'When this was written.' })
  writtenAt!: Date;
}

@Directive('@key(fields: "id")')
@ObjectType('OrgUnit', {
  description: 'A place. It answers for the current version of its source.',
  implements: Place,
  simpleResolvers: true,
})
export class OrgUnitType extends Place {
  @Field(() => OrgUnitType, { nullable: true, description: 'The unit right above it; null for a root.' })
  parent!: OrgUnitType | null;

  @Field(() => [OrgUnitType], { description: 'The units above it, from the root down to its parent.' })
  ancestors!: OrgUnitType[];
}

@ObjectType('OrgUnitState', {
  description:
    'A place in one named version. Its id is opaque, and unique per unit and version; everything that it leads to stays in that version.',
  implements: Place,
  simpleResolvers: true,
})
export class OrgUnitStateType extends Place {
  @Field(() => ID, { description: 'The id of the place itself, stable for life.' })
  unitId!: string;

  @Field(() => OrgUnitType, {
    nullable: true,
    description: 'The place as the current version has it; null when that does not hold it.',
  })
  unit!: OrgUnitType | null;

  @Field(() => OrgUnitStateType, { nullable: true, description: 'The unit right above it; null for a root.' })
  parent!: OrgUnitStateType | null;

  @Field(() => [OrgUnitStateType], { description: 'The units above it, from the root down to its parent.' })
  ancestors!: OrgUnitStateType[];
}

export const OrgUnitConnection = unitConnectionOf<OrgUnitType>('OrgUnit', () => OrgUnitType);
export const OrgUnitStateConnection = unitConnectionOf<OrgUnitStateType>(
  'OrgUnitState',
  () => OrgUnitStateType,
);
