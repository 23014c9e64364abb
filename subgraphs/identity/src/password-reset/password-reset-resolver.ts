import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { originOf } from '../sign-in/source';
import { requestPasswordReset, resetPassword } from './password-reset';

@Resolver()
export class PasswordResetResolver {
  @Mutation(() => Boolean, {
    description:
      'Sends a mail with a link to whoever has this address, if anybody has. Answers true either way, as fast either way. Open to everybody. BAD_USER_INPUT for what is no address; RATE_LIMITED after five requests for an address, or fifty from a source, in 15 minutes.',
  })
  async requestPasswordReset(
    @Arg('email', () => String, { description: 'The e-mail address; case makes no difference.' })
    email: string,
    @Ctx() context: IdentityContext,
  ): Promise<boolean> {
    await requestPasswordReset(context.services.database, email, originOf(context));
    return true;
  }

  @Mutation(() => Boolean, {
    description:
      'Sets the password of the person whom the link was mailed to, and ends all their sessions, in every account; API tokens stay. Answers true; sign in afterwards. Open to whoever has the link. BAD_USER_INPUT for a link that is unknown, expired (after an hour) or used, with `reason`, and for a password that is easy to guess.',
  })
  async resetPassword(
    @Arg('token', () => String, { description: 'What stands behind `reset=` in the link.' }) token: string,
    @Arg('newPassword', () => String, {
      description: 'The new one: 10 to 1,000 characters, not easy to guess. No rules on kinds of characters.',
    })
    newPassword: string,
    @Ctx() context: IdentityContext,
  ): Promise<boolean> {
    await resetPassword(context.services, { token, newPassword }, originOf(context));
    return true;
  }
}
