/** How this subgraph answers with a person: by the id. Identity, which serves people, fills in the rest. */
import 'reflect-metadata';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('User', { description: 'A person who is or was a member of the account.', simpleResolvers: true })
export class UserReference {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  static of(id: string): UserReference {
    return Object.assign(new UserReference(), { id });
  }
}
