/**
 * Sign-in providers, as the API shows and takes them.
 */
import { connectionOf } from '@iroko/graph';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum SignInProviderKind {
  OIDC = 'OIDC',
  DHIS2 = 'DHIS2',
}
registerEnumType(SignInProviderKind, {
  name: 'SignInProviderKind',
  description: 'How a provider is spoken to.',
  valuesConfig: {
    OIDC: { description: 'OpenID Connect, with discovery and PKCE.' },
    DHIS2: { description: 'A DHIS2 as OAuth 2 server; people are known by their DHIS2 user id.' },
  },
});

@ObjectType('SignInProvider', {
  description:
    'Where members of the account may sign in instead of here. What it says about somebody counts in this account alone.',
  simpleResolvers: true,
})
export class SignInProviderType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field({ description: 'What people read on the button; unique in the account.' })
  name!: string;
  @Field(() => SignInProviderKind, { description: 'How it is spoken to.' })
  kind!: SignInProviderKind;
  @Field({ description: 'The issuer, or the address of the DHIS2.' })
  url!: string;
  @Field({ description: 'The id under which Iroko is registered there.' })
  clientId!: string;
  @Field({ description: 'Whether a client secret is kept; it is never shown.' })
  hasClientSecret!: boolean;
  @Field(() => [String], {
    description: 'Pages to which people may be sent back, beside those of Iroko itself.',
  })
  returnUrls!: string[];
  @Field(() => [String], {
    description:
      'Mail domains whose confirmed addresses join the account at their first sign-in; mostly none.',
  })
  allowedDomains!: string[];
  @Field(() => ID, { nullable: true, description: 'The role of whoever joins by their mail domain.' })
  joiningRoleId!: string | null;
  @Field({ description: 'Whether people can sign in there now.' })
  enabled!: boolean;
  @Field(() => Int, { description: 'Counts its changes; give it as `expectedRevision` when you change it.' })
  revision!: number;
  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;
}

export const SignInProviderConnection = connectionOf('SignInProvider', () => SignInProviderType);

@ObjectType('SignInChoice', { description: 'A button of the sign-in page.', simpleResolvers: true })
export class SignInChoiceType {
  @Field({ description: 'Given as `provider` to `/sign-in/start`.' })
  provider!: string;
  @Field({ description: 'What people read on the button.' })
  name!: string;
  @Field(() => SignInProviderKind, { description: 'How it is spoken to.' })
  kind!: SignInProviderKind;
}

@InputType({ description: 'A new sign-in provider.' })
export class CreateSignInProviderInput {
  @Field({ description: 'What people read on the button; 1 to 200 characters, unique in the account.' })
  name!: string;
  @Field(() => SignInProviderKind, { description: 'How it is spoken to.' })
  kind!: SignInProviderKind;
  @Field({ description: 'The issuer exactly as it calls itself, or the address of the DHIS2; https.' })
  url!: string;
  @Field({ description: 'The id under which Iroko is registered there; 1 to 500 characters.' })
  clientId!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Its secret; left out for a public client of OpenID Connect. It is never shown again.',
  })
  clientSecret?: string | null;
  @Field(() => [String], {
    defaultValue: [],
    description: 'Pages to which people may be sent back, at most 20. Those of Iroko itself may always.',
  })
  returnUrls!: string[];
  @Field(() => [String], {
    defaultValue: [],
    description:
      'Mail domains, such as health.example.org, whose confirmed addresses join the account; at most 20. Not for DHIS2.',
  })
  allowedDomains!: string[];
  @Field(() => ID, {
    nullable: true,
    description: 'The role of whoever joins by their mail domain; none without it.',
  })
  joiningRoleId?: string | null;
  @Field({ defaultValue: true, description: 'Whether people can sign in there.' })
  enabled!: boolean;
}

@InputType({ description: 'Changes to a sign-in provider; what is left out stays.' })
export class UpdateSignInProviderInput {
  @Field(() => ID, { description: 'The id of the provider.' })
  id!: string;
  @Field(() => Int, { description: 'The revision that was read; another one is answered CONFLICT.' })
  expectedRevision!: number;
  @Field(() => String, { nullable: true, description: 'What people read on the button.' })
  name?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Another issuer or address. Its people are others: whom they were is forgotten, and so is the client secret unless it is given too.',
  })
  url?: string | null;
  @Field(() => String, { nullable: true, description: 'The id under which Iroko is registered there.' })
  clientId?: string | null;
  @Field(() => String, { nullable: true, description: 'A new client secret.' })
  clientSecret?: string | null;
  @Field(() => [String], { nullable: true, description: 'All pages to which people may be sent back.' })
  returnUrls?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'All mail domains that join.' })
  allowedDomains?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'The role of whoever joins; null for none.' })
  joiningRoleId?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether people can sign in there.' })
  enabled?: boolean | null;
}
