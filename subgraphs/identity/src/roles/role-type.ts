/**
 * Roles and permissions, as the API shows and takes them.
 */
import { connectionOf } from '@iroko/graph';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType('Permission', { description: 'Something that a viewer may do.', simpleResolvers: true })
export class PermissionType {
  @Field({ description: 'Its name, which roles and tokens store; it never changes.' })
  name!: string;

  @Field({ description: 'The module it belongs to.' })
  module!: string;

  @Field({ description: 'What it allows.' })
  description!: string;
}

@ObjectType('Module', {
  description: 'A part of the product that an account switches on or off, with its permissions.',
  simpleResolvers: true,
})
export class ModuleType {
  @Field({ description: 'Its name, which the settings of an account store; it never changes.' })
  name!: string;

  @Field({ description: 'What it is for, in a sentence.' })
  description!: string;

  @Field({
    description:
      'Whether it is on in the account of the viewer; a permission of a module that is off has no effect. True where the viewer is in no account.',
  })
  isOn!: boolean;

  @Field(() => [PermissionType], { description: 'Its permissions.' })
  permissions!: PermissionType[];
}

@ObjectType('Role', { description: 'A named set of permissions.', simpleResolvers: true })
export class RoleType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'Its name, unique in the account.' })
  name!: string;

  @Field(() => [String], {
    description: 'The names of its permissions, in alphabetical order. Empty when it holds every permission.',
  })
  permissions!: string[];

  @Field({
    description: 'Whether it holds every permission there is, also those that a later release adds.',
  })
  everyPermission!: boolean;

  @Field(() => Int, { description: 'Counts its changes; give it as `expectedRevision` when you change it.' })
  revision!: number;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

export const RoleConnection = connectionOf('Role', () => RoleType);

@InputType({ description: 'A new role.' })
export class CreateRoleInput {
  @Field({ description: 'Its name; 1 to 200 characters, unique in the account whatever case and accents.' })
  name!: string;

  @Field(() => [String], { description: 'The names of its permissions: of those that one holds oneself.' })
  permissions!: string[];
}

@InputType({ description: 'Changes to a role. What is left out stays.' })
export class UpdateRoleInput {
  @Field(() => ID, { description: 'The id of the role.' })
  id!: string;

  @Field(() => Int, { description: 'The revision that was read; another one is answered CONFLICT.' })
  expectedRevision!: number;

  @Field(() => String, { nullable: true, description: 'Its new name.' })
  name?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'All its permissions from now on. What is added or left out must be held by oneself.',
  })
  permissions?: string[] | null;
}
