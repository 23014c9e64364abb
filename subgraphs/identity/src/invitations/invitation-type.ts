/**
 * Invitations, as the API shows and takes them.
 */
import { connectionOf } from '@iroko/graph';
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { ScopeInput } from '../scope/scope-type';
import type { InvitationStatus } from './invitations.sql';

export const InvitationStatusEnum: Record<InvitationStatus, InvitationStatus> = {
  OPEN: 'OPEN',
  ACCEPTED: 'ACCEPTED',
  REVOKED: 'REVOKED',
  EXPIRED: 'EXPIRED',
};
registerEnumType(InvitationStatusEnum, {
  name: 'InvitationStatus',
  description: 'Where an invitation stands.',
  valuesConfig: {
    OPEN: { description: 'Its link can be followed.' },
    ACCEPTED: { description: 'A membership came of it.' },
    REVOKED: { description: 'Somebody took it back, or a later one took its place.' },
    EXPIRED: { description: 'Nobody followed its link in time; it can be sent again.' },
  },
});

@ObjectType('Invitation', {
  description: 'Somebody who may become a member of the account.',
  simpleResolvers: true,
})
export class InvitationType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'The e-mail address that was invited.' })
  email!: string;

  @Field(() => InvitationStatusEnum, { description: 'Where it stands.' })
  status!: InvitationStatus;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description:
      'When its last mail left; null while it waits. A mail that cannot be sent is a failed job `identity.mailInvitation`.',
  })
  mailedAt!: Date | null;

  @Field(() => Date, {
    description: 'Until when its link can be followed: 14 days after it was made or sent again.',
  })
  expiresAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was accepted.' })
  acceptedAt!: Date | null;

  /** Not shown: resolvers of roles, scope and people read them. */
  unitIds!: string[] | null;
  projectIds!: string[] | null;
  writableTypeIds!: string[] | null;
  roleIds!: string[];
  teamIds!: string[];
  invitedBy!: string | null;
  acceptedBy!: string | null;
}

export const InvitationConnection = connectionOf('Invitation', () => InvitationType);

@InputType({ description: 'Which invitations; all without it.' })
export class InvitationFilterInput {
  @Field(() => InvitationStatusEnum, { nullable: true, description: 'Those that stand so.' })
  status?: InvitationStatus | null;
}

@InputType({ description: 'Whom to invite, and what they will hold.' })
export class InviteUserInput {
  @Field({ description: 'The e-mail address; a link is mailed to it.' })
  email!: string;

  @Field(() => [ID], {
    nullable: true,
    description: 'The roles they will have; at most 50. Giving any needs roles.manage beside users.manage.',
  })
  roleIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The teams of users they will come into; at most 50. Naming any needs teams.edit beside users.manage.',
  })
  teamIds?: string[] | null;

  @Field(() => ScopeInput, {
    nullable: true,
    description:
      'How far they will reach; without it there is no limit, which only somebody without limits gives.',
  })
  scope?: ScopeInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'The language of the mail and of a new user: en, fr or pt; without it that of the account.',
  })
  language?: string | null;
}

@ObjectType('InvitationPreview', {
  description: 'What the holder of a link may know before they accept.',
  simpleResolvers: true,
})
export class InvitationPreviewType {
  @Field({ description: 'The name of the account.' })
  accountName!: string;

  @Field({ description: 'The address that was invited.' })
  email!: string;

  @Field({ description: 'Whether the address has a user here, whose password is then asked for.' })
  hasUser!: boolean;
}
