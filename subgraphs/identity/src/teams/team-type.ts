/** Teams, as the API shows and takes them. */
import { connectionOf } from '@iroko/graph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { TEAM_KINDS, type TeamKind } from './teams.sql';

const TeamKindEnum = Object.fromEntries(TEAM_KINDS.map((name) => [name, name])) as Record<TeamKind, TeamKind>;
registerEnumType(TeamKindEnum, {
  name: 'TeamKind',
  description: 'What is in a team.',
  valuesConfig: {
    USERS: { description: 'People.' },
    TEAMS: { description: 'Other teams.' },
  },
});

@ObjectType('Team', {
  description: 'People who work together, or teams that do. It gives no rights.',
  simpleResolvers: true,
})
export class TeamType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'Its name, unique in the account apart from accents and capitals.' })
  name!: string;

  @Field(() => TeamKindEnum, { description: 'What is in it; it never changes.' })
  kind!: TeamKind;

  @Field({ description: 'What it is for; may be empty.' })
  description!: string;

  /** Not shown: `parent` is. */
  parentId!: string | null;

  @Field(() => Int, { description: 'Counts its changes; give it as `expectedRevision` when you change it.' })
  revision!: number;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

export const TeamConnection = connectionOf('Team', () => TeamType);

@InputType({ description: 'What can be said of a team.' })
class TeamFieldsInput {
  @Field(() => String, { nullable: true, description: 'What it is for; at most 2,000 characters.' })
  description?: string | null;

  @Field(() => ID, { nullable: true, description: 'The team of teams that it is in; null: none.' })
  parentId?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'All who are in it from now on: ids of users of the account, at most 1,000.',
  })
  userIds?: string[] | null;
}

@InputType({ description: 'A new team.' })
export class CreateTeamInput extends TeamFieldsInput {
  @Field({ description: 'Its name; 1 to 200 characters, unique in the account whatever case and accents.' })
  name!: string;

  @Field(() => TeamKindEnum, { description: 'What is in it.' })
  kind!: TeamKind;
}

@InputType({ description: 'Changes to a team. What is left out stays.' })
export class UpdateTeamInput extends TeamFieldsInput {
  @Field(() => ID, { description: 'The id of the team.' })
  id!: string;

  @Field(() => Int, { description: 'The revision that was read; another one is answered CONFLICT.' })
  expectedRevision!: number;

  @Field(() => String, { nullable: true, description: 'Its new name.' })
  name?: string | null;
}
