import { Arg, Authorized, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { originOf } from '../sign-in/source';
import { confirmEmailChange, requestEmailChange } from './email-change';

@ObjectType('EmailChange', {
  description: 'A change of address: it is done when the mails to both addresses were answered.',
  simpleResolvers: true,
})
export class EmailChangeType {
  @Field({ description: 'Whether the link to the old address was followed.' })
  oldConfirmed!: boolean;

  @Field({ description: 'Whether the link to the new address was followed.' })
  newConfirmed!: boolean;

  @Field({ description: 'Whether the address is the new one.' })
  done!: boolean;
}

@Resolver()
export class EmailChangeResolver {
  @Authorized()
  @Mutation(() => EmailChangeType, {
    description:
      "Asks for another e-mail address of one's own, and mails a link to both. A later request takes the place of one before. BAD_USER_INPUT for what is no address, the present one, and a wrong password or code, with `reason`; RATE_LIMITED after too many wrong ones; FORBIDDEN for an API token.",
  })
  async requestEmailChange(
    @Arg('newEmail', () => String, { description: 'The new address.' }) newEmail: string,
    @Arg('currentPassword', () => String, { description: 'The present password.' }) currentPassword: string,
    @Arg('code', () => String, {
      nullable: true,
      description:
        'The code of the app or a recovery code; needed by whoever has a second factor, else not looked at.',
    })
    code: string | null | undefined,
    @Ctx() context: IdentityContext,
  ): Promise<EmailChangeType> {
    const asked = { newEmail, currentPassword, code: code ?? null };
    return requestEmailChange(context.services, context.viewer, asked, originOf(context));
  }

  @Mutation(() => EmailChangeType, {
    description:
      'Follows one of the two links of a change of address; the second changes it. Sessions go on. Open to whoever has the link. BAD_USER_INPUT for a link that is unknown, expired (after a day, or by a later request) or used, with `reason`; CONFLICT when another user has the new address.',
  })
  async confirmEmailChange(
    @Arg('token', () => String, { description: 'What stands behind `email=` in the link.' }) token: string,
    @Ctx() context: IdentityContext,
  ): Promise<EmailChangeType> {
    return confirmEmailChange(context.services.database, token, originOf(context));
  }
}
