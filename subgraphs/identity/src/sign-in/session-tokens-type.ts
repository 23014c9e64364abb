/**
 * What signing in and refreshing answer.
 */
import { Field, ObjectType } from 'type-graphql';
import { ViewerType } from '../viewer/viewer-type';

@ObjectType('SessionTokens', { description: 'The tokens of somebody who signed in.', simpleResolvers: true })
export class SessionTokensType {
  @Field({ description: 'Sent as `Authorization: Bearer …` with every request.' })
  accessToken!: string;

  @Field(() => Date, { description: 'When the access token ends: 15 minutes after it was made.' })
  accessTokenExpiresAt!: Date;

  @Field({
    description:
      'Exchanged for new tokens by refreshSession, once. Send one refresh at a time: a refresh token that comes back later ends the session.',
  })
  refreshToken!: string;

  @Field(() => Date, { description: 'When the refresh token ends, if it was not used before.' })
  refreshTokenExpiresAt!: Date;

  @Field(() => ViewerType, { description: 'Whoever signed in.' })
  me!: ViewerType;
}
