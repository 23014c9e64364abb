/**
 * External credentials, as the API shows and takes them. The secret goes in and never comes out.
 */
import { connectionOf } from '@iroko/graph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum CredentialKind {
  DHIS2 = 'DHIS2',
  BASIC = 'BASIC',
  BEARER = 'BEARER',
}
registerEnumType(CredentialKind, {
  name: 'CredentialKind',
  description: 'How the secret is shown to the server.',
  valuesConfig: {
    DHIS2: {
      description: 'A DHIS2 server: login and password, or without a login a personal access token.',
    },
    BASIC: { description: 'HTTP Basic: login and password.' },
    BEARER: { description: 'A bearer token; there is no login.' },
  },
});

@ObjectType('ExternalCredential', {
  description:
    'A login at a server of somebody else. Its secret is encrypted at rest, never shown, and sent to this address alone.',
  simpleResolvers: true,
})
export class ExternalCredentialType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field({ description: 'What it is for; unique in the account.' })
  name!: string;
  @Field(() => CredentialKind, { description: 'How the secret is shown to the server.' })
  kind!: CredentialKind;
  @Field({ description: 'The http or https address below which the secret is sent.' })
  url!: string;
  @Field({ description: 'The name to log in with; empty where the secret is a token.' })
  login!: string;
  @Field({
    description: 'Whether a secret is kept; false after the address was changed without giving it again.',
  })
  hasSecret!: boolean;
  @Field(() => Int, { description: 'Counts its changes; give it as `expectedRevision` when you change it.' })
  revision!: number;
  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
  @Field(() => Date, { description: 'When it was last changed.' })
  updatedAt!: Date;
}

export const ExternalCredentialConnection = connectionOf('ExternalCredential', () => ExternalCredentialType);

@ObjectType('ConnectionCheck', {
  description: 'What a server said when it was called with a credential.',
  simpleResolvers: true,
})
export class ConnectionCheckType {
  @Field({ description: 'Whether the server took login and secret.' })
  ok!: boolean;
  @Field({ description: 'What happened and what to do, in words.' })
  message!: string;
  @Field(() => Int, { nullable: true, description: 'The HTTP status; null when there was no answer.' })
  status!: number | null;
  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  durationMs!: number;
}

@InputType({ description: 'A new external credential.' })
export class CreateExternalCredentialInput {
  @Field({ description: 'What it is for; 1 to 200 characters, unique in the account.' })
  name!: string;
  @Field(() => CredentialKind, { description: 'How the secret is shown to the server.' })
  kind!: CredentialKind;
  @Field({
    description:
      'An http or https address, without a user name; of DHIS2 the one that stands before `/api`. 2048 characters at most.',
  })
  url!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The name to log in with, at most 200 characters, without a colon. Not for BEARER.',
  })
  login?: string | null;
  @Field({ description: 'Password or token, 1 to 4,000 characters. It is never shown again.' })
  secret!: string;
}

@InputType({ description: 'Changes to an external credential; what is left out stays.' })
export class UpdateExternalCredentialInput {
  @Field(() => ID, { description: 'The id of the credential.' })
  id!: string;
  @Field(() => Int, { description: 'The revision that was read; another one is answered CONFLICT.' })
  expectedRevision!: number;
  @Field(() => String, { nullable: true, description: 'What it is for.' })
  name?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Another address. Unless the secret is given too, the one there is is forgotten.',
  })
  url?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'The name to log in with; an empty text for none, and then the secret is a token: give it again.',
  })
  login?: string | null;
  @Field(() => String, { nullable: true, description: 'A new password or token.' })
  secret?: string | null;
}
