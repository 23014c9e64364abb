import { type Connection, type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { IdentityContext } from '../context';
import { ApiTokenConnection, ApiTokenType, CreateApiTokenInput, CreatedApiToken } from './api-token-type';
import { apiTokenType, createApiToken, ownerOf, revokeApiToken, type TokenKind } from './api-tokens';
import { countTokensOf, tokensOf } from './api-tokens.sql';

/** The list with what counting it needs. */
interface TokenList extends Connection<ApiTokenType> {
  kind: TokenKind;
}

const TOKEN_ID = { description: 'The id of the token.' };
const NEW_TOKEN = { description: 'The new token.' };

@Resolver(() => ApiTokenConnection)
export class ApiTokenResolver {
  @Authorized('tokens.own')
  @Query(() => ApiTokenConnection, {
    description: "One's own API tokens in this account, newest first, revoked and expired ones included.",
  })
  apiTokens(@Args() args: PageArgs, @Ctx() context: IdentityContext): Promise<TokenList> {
    return tokenList(context, 'OWN', args);
  }

  @Authorized('tokens.manage')
  @Query(() => ApiTokenConnection, {
    description: 'The service tokens of the account, newest first, revoked and expired ones included.',
  })
  serviceTokens(@Args() args: PageArgs, @Ctx() context: IdentityContext): Promise<TokenList> {
    return tokenList(context, 'SERVICE', args);
  }

  @FieldResolver(() => Int, { description: 'How many there are on all pages.' })
  async totalCount(@Root() { kind }: TokenList, @Ctx() context: IdentityContext): Promise<number> {
    const owner = ownerOf(kind, context.viewer);
    return owner === '' ? 0 : (await countTokensOf(context.db, owner)).count;
  }

  @Authorized('tokens.own')
  @Mutation(() => CreatedApiToken, {
    description:
      'Makes an API token for oneself and shows it this once. FORBIDDEN for a permission one does not hold, and for a request that itself came with an API token; NOT_FOUND for a unit, project or type that one does not reach.',
  })
  createApiToken(
    @Arg('input', () => CreateApiTokenInput, NEW_TOKEN) input: CreateApiTokenInput,
    @Ctx() context: IdentityContext,
  ): Promise<CreatedApiToken> {
    return createApiToken(context.db, context.viewer, 'OWN', input);
  }

  @Authorized('tokens.manage')
  @Mutation(() => CreatedApiToken, {
    description:
      'Makes a service token and shows it this once. It belongs to nobody and stays when its maker leaves; it cannot grant anything. Errors as createApiToken.',
  })
  createServiceToken(
    @Arg('input', () => CreateApiTokenInput, NEW_TOKEN) input: CreateApiTokenInput,
    @Ctx() context: IdentityContext,
  ): Promise<CreatedApiToken> {
    return createApiToken(context.db, context.viewer, 'SERVICE', input);
  }

  @Authorized('tokens.own')
  @Mutation(() => ApiTokenType, {
    description:
      "Revokes one's own API token; it is refused everywhere within 10 seconds. Revoking twice is no error.",
  })
  revokeApiToken(
    @Arg('id', () => ID, TOKEN_ID) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<ApiTokenType> {
    return revokeApiToken(context.db, context.viewer, 'OWN', id);
  }

  @Authorized('tokens.manage')
  @Mutation(() => ApiTokenType, {
    description:
      'Revokes a service token; it is refused everywhere within 10 seconds. Revoking twice is no error.',
  })
  revokeServiceToken(
    @Arg('id', () => ID, TOKEN_ID) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<ApiTokenType> {
    return revokeApiToken(context.db, context.viewer, 'SERVICE', id);
  }
}

async function tokenList(context: IdentityContext, kind: TokenKind, args: PageArgs): Promise<TokenList> {
  const { cursors } = context.services;
  const owner = ownerOf(kind, context.viewer);
  const scope: CursorScope = { list: 'apiTokens', account: context.db.account, filter: { kind, owner } };
  const page = pageRequest(args, cursors, scope);
  const before = page.after ? String(page.after[0]) : null;
  // A service token has none of its own.
  const rows = owner === '' ? [] : await tokensOf(context.db, owner, before, page.limit);
  return Object.assign(
    pageOf(rows.map(apiTokenType), page, cursors, scope, ({ id }) => [id]),
    { kind },
  );
}
