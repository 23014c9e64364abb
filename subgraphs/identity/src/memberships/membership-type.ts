/**
 * A person in an account, as the API shows and takes it.
 */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AccountType } from '../accounts/account-type';
import { RoleType } from '../roles/role-type';
import { ScopeInput } from '../scope/scope-type';

@ObjectType('Membership', { description: 'A person in an account.', simpleResolvers: true })
export class MembershipType {
  /** Not shown: whose membership it is. */
  userId!: string;

  @Field(() => AccountType, { description: 'The account.' })
  account!: AccountType;

  @Field(() => [RoleType], { description: 'The roles in that account, by name.' })
  roles!: RoleType[];

  @Field(() => [String], {
    description: 'The permissions given to this member directly, beside those of the roles.',
  })
  permissions!: string[];

  @Field(() => [String], {
    description: 'What the member may do: the union of the direct permissions and those of the roles.',
  })
  effectivePermissions!: string[];

  @Field(() => Int, { description: 'Counts its changes; give it as `expectedRevision` when you change it.' })
  revision!: number;

  @Field(() => Date, { description: 'Since when.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it lasts.' })
  endedAt!: Date | null;
}

@InputType({ description: 'Changes to a member.' })
export class UpdateMembershipInput {
  @Field(() => ID, { description: 'The id of the user.' })
  userId!: string;

  @Field(() => Int, { description: 'The revision that was read; another one is answered CONFLICT.' })
  expectedRevision!: number;

  @Field(() => [String], {
    nullable: true,
    description:
      'All permissions given directly from now on; they stay when left out. What is added or taken away must be held by oneself.',
  })
  permissions?: string[] | null;

  @Field(() => ScopeInput, {
    nullable: true,
    description:
      'The whole scope from now on, within that of the viewer; it stays when left out. Whoever changes it holds everything that the member may do.',
  })
  scope?: ScopeInput | null;
}

@InputType({ description: 'Org units that the scope of a member names.' })
export class MemberOrgUnitsInput {
  @Field(() => [ID], { description: 'Ids of org units, at most 200.' })
  ids!: string[];

  @Field(() => Boolean, { nullable: true, description: 'Also whose scope names a unit above one of them.' })
  above?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Also whose scope names a unit below one of them.' })
  below?: boolean | null;
}

@InputType({
  description:
    'Which users of the account; without it those who are members now. Every field narrows; of a list, which has at most 200 entries, one is enough.',
})
export class UserFilterInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Whose name, organization or e-mail address holds this text, whatever case and accents; at most 200 characters.',
  })
  search?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Those users.' })
  ids?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Those who are these users of DHIS2.' })
  dhis2Ids?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Those who hold one of these permissions, directly or by a role.',
  })
  permissions?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Those who have one of these roles; not with `roleId`.' })
  roleIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Those who are in one of these teams.' })
  teamIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Those whose scope names one of these projects. Whoever reaches all names none.',
  })
  projectIds?: string[] | null;

  @Field(() => MemberOrgUnitsInput, {
    nullable: true,
    description: 'Those whose scope names one of these org units. Whoever reaches all names none.',
  })
  orgUnits?: MemberOrgUnitsInput | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Those whose scope names an org unit that is of one of these types in its current version.',
  })
  orgUnitTypeIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: those without a limit to org units; false: those with one.',
  })
  everyOrgUnit?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Those who have this role.' })
  roleId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: those who were members and are no longer. false, as without it: those who are.',
  })
  ended?: boolean | null;
}
