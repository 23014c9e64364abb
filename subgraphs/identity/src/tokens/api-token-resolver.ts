import { type Connection, type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { ApiTokenConnection, ApiTokenType, CreateApiTokenInput, CreatedApiToken } from './api-token-type';
import { createApiToken, revokeApiToken } from './api-tokens';
import { countTokensOfUser, tokensOfUser } from './api-tokens.sql';

@Resolver(() => ApiTokenConnection)
export class ApiTokenResolver {
  @Authorized('tokens.own')
  @Query(() => ApiTokenConnection, {
    description: "One's own API tokens in this account, newest first, revoked and expired ones included.",
  })
  async apiTokens(
    @Args() args: PageArgs,
    @Ctx() context: IdentityContext,
  ): Promise<Connection<ApiTokenType>> {
    const { cursors } = context.services;
    const userId = context.viewer.userId ?? '';
    const scope: CursorScope = { list: 'apiTokens', account: context.db.account, filter: { userId } };
    const page = pageRequest(args, cursors, scope);
    const before = page.after ? String(page.after[0]) : null;
    const rows = await tokensOfUser(context.db, userId, before, page.limit);
    return pageOf(rows, page, cursors, scope, ({ id }) => [id]);
  }

  @FieldResolver(() => Int, { description: 'How many there are on all pages.' })
  async totalCount(@Ctx() context: IdentityContext): Promise<number> {
    const { count } = await countTokensOfUser(context.db, context.viewer.userId ?? '');
    return count;
  }

  @Authorized('tokens.own')
  @Mutation(() => CreatedApiToken, {
    description:
      'Makes an API token for oneself and shows it this once. FORBIDDEN for a permission one does not hold, and for a request that itself came with an API token.',
  })
  createApiToken(
    @Arg('input', () => CreateApiTokenInput, { description: 'The new token.' }) input: CreateApiTokenInput,
    @Ctx() context: IdentityContext,
  ): Promise<CreatedApiToken> {
    return createApiToken(context.db, context.viewer, input);
  }

  @Authorized('tokens.own')
  @Mutation(() => ApiTokenType, {
    description:
      "Revokes one's own API token; it is refused everywhere within 10 seconds. Revoking twice is no error.",
  })
  revokeApiToken(
    @Arg('id', () => ID, { description: 'The id of the token.' }) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<ApiTokenType> {
    return revokeApiToken(context.db, context.viewer, id);
  }
}
