/**
 * How a subgraph other than identity answers with a job: by its id. Identity, which serves jobs, fills in the rest.
 */
import 'reflect-metadata';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Job', { description: 'Work outside a request.', simpleResolvers: true })
export class JobReference {
  @Field(() => ID, { description: "The job's id." })
  id!: string;

  static of(id: string): JobReference {
    return Object.assign(new JobReference(), { id });
  }
}
