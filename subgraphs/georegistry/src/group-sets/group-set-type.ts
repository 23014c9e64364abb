import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';
import type { Membership } from './group-set.sql';

export enum GroupSetMembership {
  SINGLE = 'SINGLE',
  MULTIPLE = 'MULTIPLE',
}
registerEnumType(GroupSetMembership, {
  name: 'GroupSetMembership',
  description: 'In how many groups of a set a unit may be.',
  valuesConfig: {
    SINGLE: { description: 'In one at most.' },
    MULTIPLE: { description: 'In any number.' },
  },
});

@ObjectType('GroupSet', {
  description: 'Groups of one source that answer one question, such as who owns a place.',
  simpleResolvers: true,
})
export class GroupSetType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'Its name; two sets may bear the same.' })
  name!: string;

  @Field({ description: 'What its source calls it; unique in the source.' })
  reference!: string;

  @Field(() => GroupSetMembership, { description: 'In how many of its groups a unit may be.' })
  membership!: Membership;

  @Field(() => Int, { description: 'Counts its changes.' })
  revision!: number;

  @Field({ description: 'When it was made.' })
  createdAt!: Date;

  @Field({ description: 'When it was last changed.' })
  updatedAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was deleted; null when it is not. It can be restored for 30 days.',
  })
  deletedAt!: Date | null;
}

export const GroupSetConnection = countedConnectionOf<GroupSetType>('GroupSet', () => GroupSetType);

@InputType({ description: 'Changes of a set of groups; what is left out stays as it is.' })
export class UpdateGroupSetInput {
  @Field(() => String, { nullable: true, description: '1 to 255 characters.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the source calls it, 1 to 255 characters, unique in the source.',
  })
  reference?: string | null;

  @Field(() => GroupSetMembership, {
    nullable: true,
    description: 'In how many of its groups a unit may be. MULTIPLE in a new set that does not say.',
  })
  membership?: Membership | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The ids of all its groups, of its source; at most 1,000.',
  })
  groupIds?: string[] | null;
}

@InputType({ description: 'A new set of groups.' })
export class CreateGroupSetInput extends UpdateGroupSetInput {
  @Field(() => ID, { description: 'The source whose groups it gathers.' })
  dataSourceId!: string;

  @Field({ description: '1 to 255 characters.' })
  declare name: string;
}
