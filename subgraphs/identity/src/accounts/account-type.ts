/**
 * The tenant, as the API shows it.
 */
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType('Account', {
  description: 'The tenant: what belongs to one account is invisible to every other.',
  simpleResolvers: true,
})
export class AccountType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({
    description: 'Its short name in addresses: small letters, digits and hyphens; unique everywhere.',
  })
  slug!: string;

  @Field({ description: 'Its name.' })
  name!: string;

  @Field({
    description: 'IANA time zone in which days, periods and schedules are counted, such as Africa/Kinshasa.',
  })
  timeZone!: string;

  @Field({ description: 'The language of people who chose none: en, fr or pt.' })
  language!: string;
}
