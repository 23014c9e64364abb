/** The org unit as this subgraph knows it: a place that georegistry serves, with the datasets that speak of it. */
import 'reflect-metadata';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'A place.', simpleResolvers: true })
export class OrgUnit {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  static of(id: string): OrgUnit {
    return Object.assign(new OrgUnit(), { id });
  }
}
