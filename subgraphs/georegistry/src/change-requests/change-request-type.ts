import { JSONScalar, OutcomeType } from '@iroko/graph';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';
import type { UnitField } from '../differences/difference';
import { UnitFieldEnum } from '../differences/difference-type';
import { OrgUnitType } from '../org-units/place-type';
import { CreateOrgUnitInput } from '../org-units/unit-input';
import { DataSourceType } from '../sources/source-type';
import { UserReference } from '../users/user-reference';
import type { RequestKind, RequestStatus } from './change-request';
import { RequestKindEnum, RequestStatusEnum } from './request-enums';

@ObjectType('ProposedField', { description: 'A field of a unit as it shall be.', simpleResolvers: true })
export class ProposedFieldType {
  @Field(() => UnitFieldEnum, { description: 'Which field.' })
  field!: UnitField;

  @Field(() => JSONScalar, {
    nullable: true,
    description: 'As whoever proposed saw it, in the form of FieldDifference; null for a new unit.',
  })
  seen!: unknown;

  @Field(() => JSONScalar, { nullable: true, description: 'As it is now, where the viewer may see it.' })
  current!: unknown;

  @Field(() => JSONScalar, { nullable: true, description: 'As it shall be; null takes it away.' })
  proposed!: unknown;

  @Field({ description: 'Whether somebody else changed it since: to approve it answers CONFLICT.' })
  isStale!: boolean;
}

@ObjectType('ChangeRequest', {
  description: 'What somebody proposes for a unit, until somebody else decides.',
  simpleResolvers: true,
})
export class ChangeRequestType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => RequestKindEnum, { description: 'What is proposed.' })
  kind!: RequestKind;

  @Field(() => RequestStatusEnum, { description: 'What became of it.' })
  status!: RequestStatus;

  @Field(() => DataSourceType, { description: 'The source whose draft it is for.' })
  dataSource!: DataSourceType;

  @Field(() => OrgUnitType, {
    nullable: true,
    description:
      'The unit; null until a new one is made, and for one that the current version does not hold.',
  })
  unit!: OrgUnitType | null;

  @Field(() => ChangeRequestType, {
    nullable: true,
    description: 'The request that makes the parent of the unit that this one makes.',
  })
  parentRequest!: ChangeRequestType | null;

  @Field(() => String, {
    nullable: true,
    description: 'The reference of a unit to be made; null: generated.',
  })
  reference!: string | null;

  @Field(() => [ProposedFieldType], { description: 'What is proposed; empty for a removal.' })
  fields!: ProposedFieldType[];

  @Field({ description: 'Of a removal: whether everything below goes along.' })
  withDescendants!: boolean;

  @Field({ description: 'Why, in the words of whoever proposed; may be empty.' })
  comment!: string;

  @Field(() => UserReference, { nullable: true, description: 'Who proposed; null for a service.' })
  proposedBy!: UserReference | null;

  @Field({ description: 'When.' })
  proposedAt!: Date;

  @Field(() => [UnitFieldEnum], { nullable: true, description: 'The fields that were approved.' })
  appliedFields!: UnitField[] | null;

  @Field(() => UserReference, { nullable: true, description: 'Who decided.' })
  decidedBy!: UserReference | null;

  @Field(() => Date, { nullable: true, description: 'When.' })
  decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why, in the words of whoever decided.' })
  decisionReason!: string | null;
}

export const ChangeRequestConnection = countedConnectionOf<ChangeRequestType>(
  'ChangeRequest',
  () => ChangeRequestType,
);

@ObjectType('DecidedChangeRequest', {
  description: 'What became of one of many decisions.',
  simpleResolvers: true,
})
export class DecidedRequestType {
  @Field(() => ID, { description: 'The id that was given.' })
  id!: string;

  @Field(() => OutcomeType, { description: 'Whether it was decided, and why not.' })
  outcome!: OutcomeType;

  @Field(() => ChangeRequestType, { nullable: true, description: 'The request as it is now.' })
  request!: ChangeRequestType | null;
}

@InputType({ description: 'A new unit to be proposed.' })
export class ProposeOrgUnitInput extends CreateOrgUnitInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Instead of parentId: the request that makes the parent, which is decided first.',
  })
  parentRequestId?: string | null;
}
