/**
 * A person's profile, as the API takes it.
 */
import { Field, InputType } from 'type-graphql';

@InputType({ description: "Changes to one's own profile. What is left out stays; null erases." })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true, description: 'First name; at most 200 characters.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Last name; at most 200 characters.' })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'en, fr or pt; null follows the account.' })
  language?: string | null;

  @Field(() => String, { nullable: true, description: 'Where one works; at most 200 characters.' })
  organization?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Telephone number with plus sign and country code, as in +243 81 000 00 01.',
  })
  phone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'An http or https address; at most 2,000 characters.',
  })
  homePage?: string | null;
}
