/** Bulk edits over GraphQL: what is sent and what a preview answers. */
import { AttributeInput, DateScalar, JSONScalar } from '@iroko/graph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { OrgUnitStatus } from '../org-units/place-type';
import { OrgUnitFilter } from '../org-units/unit-filter';
import { LOCATION_SOURCES, type LocationSource, SKIP_REASONS, type SkipReason } from './bulk-changes';

const LocationSourceEnum = Object.fromEntries(LOCATION_SOURCES.map((name) => [name, name])) as Record<
  LocationSource,
  LocationSource
>;
registerEnumType(LocationSourceEnum, {
  name: 'LocationSource',
  description: 'Where locations come from.',
  valuesConfig: {
    SHAPE: { description: "The centroid of the unit's shape." },
    SUBMISSIONS: { description: 'The middle of the points at which submissions at the unit were made.' },
  },
});

const SkipReasonEnum = Object.fromEntries(Object.keys(SKIP_REASONS).map((name) => [name, name])) as Record<
  SkipReason,
  SkipReason
>;
registerEnumType(SkipReasonEnum, {
  name: 'BulkEditSkipReason',
  description: 'Why a unit of the selection stays as it was.',
  valuesConfig: Object.fromEntries(
    Object.entries(SKIP_REASONS).map(([name, description]) => [name, { description }]),
  ),
});

@InputType({ description: 'What changes of every selected unit; what is left out stays as it is.' })
export class BulkChangesInput {
  @Field(() => OrgUnitStatus, { nullable: true, description: 'The status.' })
  status?: OrgUnitStatus | null;

  @Field(() => ID, { nullable: true, description: 'The id of the type; null for none.' })
  typeId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The id of the unit right above them, of the same source; null makes them roots. What is below them moves along.',
  })
  parentId?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day they opened; null when not known.' })
  openingDate?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day they closed; null for none.' })
  closedDate?: string | null;

  @Field(() => [ID], { nullable: true, description: 'All groups that they are in; none of the others.' })
  groupIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Groups that they come into.' })
  addGroupIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Groups that they leave.' })
  removeGroupIds?: string[] | null;

  @Field(() => [AttributeInput], { nullable: true, description: 'Extra attributes to set, each key once.' })
  setAttributes?: AttributeInput[] | null;

  @Field(() => [String], { nullable: true, description: 'Keys of extra attributes to take away.' })
  removeAttributes?: string[] | null;

  @Field(() => LocationSourceEnum, {
    nullable: true,
    description: 'Gives a location to units that have none; units for which there is no point are skipped.',
  })
  locationFrom?: LocationSource | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether `locationFrom` replaces locations too; false when left out.',
  })
  overwriteLocations?: boolean | null;
}

@InputType({ description: 'A selection of units and what changes of them.' })
export class BulkEditInputType {
  @Field(() => ID, {
    description: 'The source; its draft gets the changes, and is opened when there is none.',
  })
  dataSourceId!: string;

  @Field(() => OrgUnitFilter, {
    nullable: true,
    description:
      'Which units of the newest version: all of them without it, some by `ids`, all but some by `excludedIds`.',
  })
  filter?: OrgUnitFilter | null;

  @Field(() => [OrgUnitFilter], {
    nullable: true,
    description: '1 to 10 sets of filters, of which a unit must fit at least one.',
  })
  anyOf?: OrgUnitFilter[] | null;

  @Field(() => BulkChangesInput, { description: 'What changes.' })
  changes!: BulkChangesInput;
}

@ObjectType({ description: 'How many units stay for one reason.', simpleResolvers: true })
export class BulkEditSkips {
  @Field(() => SkipReasonEnum, { description: 'The reason.' })
  reason!: SkipReason;

  @Field(() => Int, { description: 'How many units.' })
  count!: number;
}

@ObjectType({ description: 'A unit that would change.', simpleResolvers: true })
export class BulkEditedUnit {
  @Field(() => ID, { description: 'Its id.' })
  unitId!: string;

  @Field({ description: 'Its name.' })
  name!: string;

  @Field(() => JSONScalar, { description: 'Its editable fields as they are.' })
  before!: Record<string, unknown>;

  @Field(() => JSONScalar, { description: 'The same fields as they would be.' })
  after!: Record<string, unknown>;
}

@ObjectType({ description: 'A unit that would stay as it is.', simpleResolvers: true })
export class SkippedUnit {
  @Field(() => ID, { description: 'Its id.' })
  unitId!: string;

  @Field({ description: 'Its name.' })
  name!: string;

  @Field(() => SkipReasonEnum, { description: 'Why.' })
  reason!: SkipReason;
}

@ObjectType({ description: 'What a bulk edit would do.', simpleResolvers: true })
export class BulkEditPreview {
  @Field(() => Int, { description: 'How many units the selection holds.' })
  selected!: number;

  @Field(() => Int, { description: 'How many would change.' })
  changed!: number;

  @Field(() => Int, { description: 'How many of those would come below another parent.' })
  moved!: number;

  @Field(() => Int, { description: 'How many are already so.' })
  unchanged!: number;

  @Field(() => [BulkEditSkips], { description: 'How many would be skipped, by reason.' })
  skipped!: BulkEditSkips[];

  @Field(() => [BulkEditedUnit], { description: 'The first 20 that would change, in the order of the tree.' })
  units!: BulkEditedUnit[];

  @Field(() => [SkippedUnit], {
    description: 'The first 1,000 that would be skipped, in the order of the tree.',
  })
  skippedUnits!: SkippedUnit[];
}
