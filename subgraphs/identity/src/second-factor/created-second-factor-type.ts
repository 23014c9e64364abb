/**
 * What an app is given to make codes.
 */
import { Field, ObjectType } from 'type-graphql';

@ObjectType('CreatedSecondFactor', {
  description: 'What an app needs to make codes. Shown once.',
  simpleResolvers: true,
})
export class CreatedSecondFactorType {
  @Field({ description: 'The secret in base32, without padding, for typing into the app.' })
  secret!: string;

  @Field({
    description: 'The same as an otpauth address (SHA-1, 6 digits, 30 seconds), to be shown as a QR code.',
  })
  uri!: string;
}
