/**
 * API tokens, as the API shows and takes them.
 */
import { connectionOf } from '@iroko/graph';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { ScopeInput, ScopeType } from '../scope/scope-type';

@ObjectType('ApiToken', {
  description:
    'A named token, for a notebook or a partner system: of a person, or a service token, which belongs to nobody. Sent as `Authorization: Bearer iroko_…`.',
  simpleResolvers: true,
})
export class ApiTokenType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'What it is for, in the words of whoever made it.' })
  name!: string;

  @Field({ description: 'The first characters of the token, to recognise it by; the rest is not kept.' })
  prefix!: string;

  @Field(() => [String], {
    description: 'What it may do at most. What its owner may not do, it may not either.',
  })
  permissions!: string[];

  @Field({
    description: 'Whether it is a service token: nobody, with the permissions and the scope it says.',
  })
  isService!: boolean;

  @Field(() => ScopeType, {
    description: 'How far it reaches at most. Where its owner does not reach, it does not either.',
  })
  scope!: ScopeType;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When it ends by itself.' })
  expiresAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was last used, to the minute; null for never.' })
  lastUsedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was revoked; null while it was not.' })
  revokedAt!: Date | null;
}

export const ApiTokenConnection = connectionOf('ApiToken', () => ApiTokenType);

@InputType({ description: 'A new API token.' })
export class CreateApiTokenInput {
  @Field({ description: 'What it is for; 1 to 200 characters.' })
  name!: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'What it may do: names of permissions as in `me { permissions }`, at most those one holds. All of them without it.',
  })
  permissions?: string[] | null;

  @Field(() => ScopeInput, {
    nullable: true,
    description: 'How far it reaches, within the scope of whoever makes it; as far as they do without it.',
  })
  scope?: ScopeInput | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When it ends: at most 731 days from now. 90 days from now without it.',
  })
  expiresAt?: Date | null;
}

@ObjectType({ description: 'A token just made. The only answer that shows it.', simpleResolvers: true })
export class CreatedApiToken {
  @Field({ description: 'The token itself: keep it now, it is never shown again.' })
  token!: string;

  @Field(() => ApiTokenType, { description: 'Its record.' })
  apiToken!: ApiTokenType;
}
