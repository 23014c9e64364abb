import { countedAddress } from '@iroko/http';
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { refreshSession } from '../sessions/refresh-session';
import { signOut } from '../sessions/sign-out';
import { switchAccount } from '../sessions/switch-account';
import { sessionAnswer } from './session-answer';
import { SessionTokensType } from './session-tokens-type';
import { signIn } from './sign-in';

@Resolver()
export class SignInResolver {
  @Mutation(() => SessionTokensType, {
    description:
      'Signs in with e-mail and password. Open to everybody. UNAUTHENTICATED in the same words for an unknown address and a wrong password, and after the right password with the reason second_factor_required or second_factor_wrong where the person has a second factor; RATE_LIMITED after too many failures; FORBIDDEN when the person is not in that account.',
  })
  async signIn(
    @Arg('email', () => String, { description: 'The e-mail address; case makes no difference.' })
    email: string,
    @Arg('password', () => String, { description: 'The password.' }) password: string,
    @Arg('account', () => String, {
      nullable: true,
      description: 'The slug of the account to act in; without it the one last signed in to.',
    })
    account: string | null | undefined,
    @Arg('code', () => String, {
      nullable: true,
      description:
        'With a second factor: the six digits that the app shows, or a recovery code. Not looked at without one.',
    })
    code: string | null | undefined,
    @Ctx() context: IdentityContext,
  ): Promise<SessionTokensType> {
    const from = { source: countedAddress(context.remoteAddress), requestId: context.requestId };
    return sessionAnswer(
      context,
      await signIn(context.services, { email, password, account: account ?? null, code: code ?? null }, from),
    );
  }

  @Mutation(() => SessionTokensType, {
    description:
      'Exchanges a refresh token for new tokens. Open to everybody who has one. UNAUTHENTICATED when it is unknown, expired or was used before; the latter ends the session. CONFLICT when another request is using it at this moment.',
  })
  async refreshSession(
    @Arg('refreshToken', () => String, { description: 'The latest refresh token of the session.' })
    refreshToken: string,
    @Ctx() context: IdentityContext,
  ): Promise<SessionTokensType> {
    return sessionAnswer(context, await refreshSession(context.services, refreshToken, context.requestId));
  }

  @Mutation(() => SessionTokensType, {
    description:
      'Goes on in another account of the same person, without a second password: uses the refresh token up and answers new tokens, and the tokens before are refused. Open to everybody who has the refresh token. UNAUTHENTICATED and CONFLICT as refreshSession; FORBIDDEN for an account that one is not a member of, and then the token stays good.',
  })
  async switchAccount(
    @Arg('refreshToken', () => String, { description: 'The latest refresh token of the session.' })
    refreshToken: string,
    @Arg('accountId', () => ID, { description: 'The id of the account; see me.memberships.' })
    accountId: string,
    @Ctx() context: IdentityContext,
  ): Promise<SessionTokensType> {
    const { services, requestId } = context;
    return sessionAnswer(context, await switchAccount(services, { refreshToken, accountId }, requestId));
  }

  @Mutation(() => Boolean, {
    description:
      'Ends the session of the access token sent along; its tokens are refused everywhere within 10 seconds. Answers true. BAD_USER_INPUT with an API token.',
  })
  async signOut(@Ctx() context: IdentityContext): Promise<boolean> {
    await signOut(context.services.database, context.viewer, context.requestId);
    return true;
  }
}
