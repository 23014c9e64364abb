import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { countedConnectionOf } from '../counted-connection';

@Directive('@key(fields: "id")')
@ObjectType('Group', {
  description: 'Units of one source that belong together. Which units are in it is part of each version.',
  simpleResolvers: true,
})
export class GroupType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'Its name; two groups may bear the same.' })
  name!: string;

  @Field({ description: 'What its source calls it; unique in the source.' })
  reference!: string;

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

export const GroupConnection = countedConnectionOf<GroupType>('Group', () => GroupType);

@InputType({ description: 'A new group.' })
export class CreateGroupInput {
  @Field(() => ID, { description: 'The source whose units it gathers.' })
  dataSourceId!: string;

  @Field({ description: '1 to 255 characters.' })
  name!: string;

  @Field({
    nullable: true,
    description:
      'What the source calls it, 1 to 255 characters, unique in the source. Generated when left out.',
  })
  reference?: string;
}

@InputType({ description: 'Changes of a group; what is left out stays as it is.' })
export class UpdateGroupInput {
  @Field(() => String, { nullable: true, description: '1 to 255 characters.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the source calls it, 1 to 255 characters, unique in the source.',
  })
  reference?: string | null;
}
