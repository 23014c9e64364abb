/** A change of many memberships, as the API takes it. */
import { Field, ID, InputType } from 'type-graphql';
import { UserFilterInput } from '../membership-type';

@InputType({
  description: 'Which members: some by `ids` alone, or all who fit `filter` but for `excludedIds`.',
})
export class UserSelectionInput {
  @Field(() => [ID], { nullable: true, description: 'Ids of users, at most 2,000.' })
  ids?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of users who are left out, at most 2,000.' })
  excludedIds?: string[] | null;

  @Field(() => UserFilterInput, {
    nullable: true,
    description: 'Whom, of the members that one sees; all of them without it. At most 2,000 may fit.',
  })
  filter?: UserFilterInput | null;
}

@InputType({ description: 'What changes for each member; lists have at most 200 entries.' })
export class MembershipChangeInput {
  @Field(() => [String], { nullable: true, description: 'Permissions given directly, besides those there.' })
  addPermissions?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Permissions given directly that are taken away.' })
  removePermissions?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Roles that are given; needs `roles.manage`.' })
  addRoleIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Roles that are taken away; needs `roles.manage`.' })
  removeRoleIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Teams of users that they come into; needs `teams.edit`.',
  })
  addTeamIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Teams of users that they leave; needs `teams.edit`.' })
  removeTeamIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Projects that their scope reaches besides. Whoever reaches all projects does so still.',
  })
  addProjectIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Projects that their scope reaches no more; without the last one it reaches none. Whoever reaches all projects does so still.',
  })
  removeProjectIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Org units that their scope reaches besides. Whoever reaches the whole account does so still.',
  })
  addOrgUnitIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Org units that their scope no longer names; without the last one it reaches none. Whoever reaches the whole account does so still.',
  })
  removeOrgUnitIds?: string[] | null;
}
