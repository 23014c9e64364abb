/**
 * What somebody gives who wants to become a user here.
 */
import { Field, InputType } from 'type-graphql';

@InputType({ description: 'An account to be founded.' })
export class NewAccountInput {
  @Field({ description: 'Its name; 1 to 200 characters.' })
  name!: string;

  @Field({
    description: 'Its short name in addresses: 1 to 63 small letters, digits and hyphens; unique everywhere.',
  })
  slug!: string;

  @Field(() => String, {
    nullable: true,
    description: 'IANA time zone such as Africa/Kinshasa; UTC without it.',
  })
  timeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The language of people who choose none: en, fr or pt; en without it.',
  })
  language?: string | null;
}

@InputType({
  description: 'Who wants to become a user, and what for. Give either `account` or `joinAccount`.',
})
export class RegisterInput {
  @Field({ description: 'The e-mail address; a link is mailed to it.' })
  email!: string;

  @Field(() => String, { nullable: true, description: 'First name; at most 200 characters.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Last name; at most 200 characters.' })
  lastName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'en, fr or pt, also of the mail; without it that of the account.',
  })
  language?: string | null;

  @Field(() => NewAccountInput, {
    nullable: true,
    description: 'Founds an account, and is its administrator. FORBIDDEN unless the operator opened sign-up.',
  })
  account?: NewAccountInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The slug of an account to join. FORBIDDEN unless the account lets the domain of the address in; see Account.allowedMailDomains.',
  })
  joinAccount?: string | null;
}
