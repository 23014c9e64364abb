/**
 * A scope, as the API shows and takes it.
 */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { MemberScope, ScopeGiven } from './member-scope';

@ObjectType('Scope', {
  description:
    'How far somebody reaches within the account. What lies outside is to them what never was; null is no limit, an empty list is nothing.',
  simpleResolvers: true,
})
export class ScopeType {
  @Field(() => [ID], {
    nullable: true,
    description: 'The ids of org units: those, everything below them, and what is recorded there. Null: all.',
  })
  orgUnitIds!: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The ids of projects; what belongs to none is open. Null: all.',
  })
  projectIds!: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The ids of types: org units of other types, and those without one, are not edited. Null: all are.',
  })
  writableTypeIds!: string[] | null;

  static of({ unitIds, projectIds, writableTypeIds }: MemberScope): ScopeType {
    return Object.assign(new ScopeType(), { orgUnitIds: unitIds, projectIds, writableTypeIds });
  }
}

@InputType({
  description:
    'How far somebody may reach. What is left out or null is no limit, which only somebody without that limit gives.',
})
export class ScopeInput implements ScopeGiven {
  @Field(() => [ID], {
    nullable: true,
    description:
      'Ids of org units, at most 200: those and everything below them. They lie within the reach of whoever gives.',
  })
  orgUnitIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Ids of projects, at most 200, of those one reaches.' })
  projectIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Ids of types of org units that may be edited, at most 200, of those one may edit.',
  })
  writableTypeIds?: string[] | null;
}
