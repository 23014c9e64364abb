/** A form of submissions, by its id: submissions fills in the rest. */
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Form', { description: 'A form that is filled in at places.', simpleResolvers: true })
export class FormReference {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}
