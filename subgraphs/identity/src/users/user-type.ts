/**
 * A person, as the API shows them to people of the same account.
 */
import { connectionOf } from '@iroko/graph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType('User', { description: 'A person who is or was a member of the account.', simpleResolvers: true })
export class UserType {
  @Field(() => ID, { description: 'Its id, the same in every account of the person.' })
  id!: string;

  @Field({ description: 'First name; may be empty.' })
  firstName!: string;

  @Field({ description: 'Last name; may be empty.' })
  lastName!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'E-mail address; null unless it is oneself, or the viewer holds users.read and reaches as far as the user.',
  })
  email!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The language the person chose: en, fr or pt; null follows the account.',
  })
  language!: string | null;

  @Field({ description: 'Where the person works, in their words; may be empty.' })
  organization!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Telephone number as E.164 writes it, such as +243810000001; null unless it is oneself, or the viewer holds users.read and reaches as far as the user.',
  })
  phone!: string | null;

  @Field(() => String, { nullable: true, description: 'A page of the person: an http or https address.' })
  homePage!: string | null;
}

export const UserConnection = connectionOf('User', () => UserType);
