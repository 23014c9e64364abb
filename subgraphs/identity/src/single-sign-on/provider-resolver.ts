import { type Connection, type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { sessionAnswer } from '../sign-in/session-answer';
import { SessionTokensType } from '../sign-in/session-tokens-type';
import { originOf } from '../sign-in/source';
import { userOf } from '../users/user-loader';
import { UserType } from '../users/user-type';
import { linkDhis2User } from './dhis2-user';
import { exchangeCode } from './exchange';
import {
  CreateSignInProviderInput,
  SignInChoiceType,
  SignInProviderConnection,
  SignInProviderType,
  UpdateSignInProviderInput,
} from './provider-type';
import { createProvider, removeProvider, updateProvider } from './providers';
import { choicesOfAccount, providersById } from './providers.sql';
import { callbackUrl } from './start-route';

@Resolver(() => SignInProviderType)
export class SignInProviderResolver {
  @FieldResolver(() => String, { description: 'The address to register at the provider for coming back.' })
  callbackUrl(@Ctx() { services }: IdentityContext): string {
    return callbackUrl(services.publicUrl());
  }

  @Query(() => [SignInChoiceType], {
    description:
      'The providers at which members of an account can sign in, by name: the buttons of a sign-in page. Open to everybody; empty for an account that does not exist.',
  })
  signInChoices(
    @Arg('account', () => String, { description: 'The slug of the account.' }) account: string,
    @Ctx() { services }: IdentityContext,
  ): Promise<SignInChoiceType[]> {
    return choicesOfAccount(services.database.system, account.slice(0, 100).replaceAll('\0', ''));
  }

  @Authorized('accounts.manage')
  @Query(() => SignInProviderConnection, {
    description: 'The sign-in providers of the account, oldest first; never their secrets.',
  })
  async signInProviders(
    @Args() args: PageArgs,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<Connection<SignInProviderType>> {
    const scope: CursorScope = { list: 'signInProviders', account: db.account, filter: {} };
    const page = pageRequest(args, services.cursors, scope);
    const rows = await providersById(db, page.after ? String(page.after[0]) : null, page.limit);
    return pageOf(rows, page, services.cursors, scope, ({ id }) => [id]);
  }

  @Authorized('accounts.manage')
  @Mutation(() => SignInProviderType, {
    description:
      'Lets members sign in at a provider. FORBIDDEN unless one signed in and holds every permission: a provider can say that anybody is any member.',
  })
  createSignInProvider(
    @Arg('input', () => CreateSignInProviderInput, { description: 'The new provider.' })
    input: CreateSignInProviderInput,
    @Ctx() { db, viewer, services }: IdentityContext,
  ): Promise<SignInProviderType> {
    return createProvider(db, viewer, services, input);
  }

  @Authorized('accounts.manage')
  @Mutation(() => SignInProviderType, {
    description:
      'Changes a provider. With another address its sessions end, and whom its subjects were is forgotten. FORBIDDEN as for createSignInProvider.',
  })
  updateSignInProvider(
    @Arg('input', () => UpdateSignInProviderInput, { description: 'What to change.' })
    input: UpdateSignInProviderInput,
    @Ctx() { viewer, services, requestId }: IdentityContext,
  ): Promise<SignInProviderType> {
    return updateProvider(services, viewer, input, requestId);
  }

  @Authorized('accounts.manage')
  @Mutation(() => SignInProviderType, {
    description:
      'Removes it and ends the sessions that were opened there; the last state is answered. FORBIDDEN as for createSignInProvider.',
  })
  removeSignInProvider(
    @Arg('id', () => ID, { description: 'The id of the provider.' }) id: string,
    @Ctx() { db, viewer }: IdentityContext,
  ): Promise<SignInProviderType> {
    return removeProvider(db, viewer, id);
  }

  @Authorized('users.manage')
  @Mutation(() => UserType, {
    description:
      'Says which user of the DHIS2 of the account a member is, so that they can sign in there. FORBIDDEN for a member who holds what one does not hold; CONFLICT when another member is that user.',
  })
  async linkDhis2User(
    @Arg('userId', () => ID, { description: 'The id of the member.' }) userId: string,
    @Arg('dhis2Id', () => String, {
      nullable: true,
      description: 'The id of the user at DHIS2, 11 characters; null for none.',
    })
    dhis2Id: string | null | undefined,
    @Ctx() context: IdentityContext,
  ): Promise<UserType | null> {
    await linkDhis2User(context.db, context.viewer, userId, dhis2Id ?? null);
    return userOf(context, userId);
  }

  @Mutation(() => SessionTokensType, {
    description:
      'Exchanges the code that came back from a sign-in provider for tokens, once, within 2 minutes. The session is good in this account alone, and cannot change the person (password, address, profile). Open to everybody who has a code. UNAUTHENTICATED otherwise.',
  })
  async exchangeSignInCode(
    @Arg('code', () => String, { description: 'What stands in `sign_in_code`.' }) code: string,
    @Arg('verifier', () => String, {
      description: 'The random text whose SHA-256 was given as `challenge` to `/sign-in/start`.',
    })
    verifier: string,
    @Ctx() context: IdentityContext,
  ): Promise<SessionTokensType> {
    const opened = await exchangeCode(context.services, { code, verifier }, originOf(context));
    return sessionAnswer(context, opened);
  }
}
