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

@InputType({ description: 'Which users of the account; without it those who are members now.' })
export class UserFilterInput {
  @Field(() => ID, { nullable: true, description: 'Those who have this role.' })
  roleId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: those who were members and are no longer. false, as without it: those who are.',
  })
  ended?: boolean | null;
}
