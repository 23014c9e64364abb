import { type Connection, type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { checkConnection } from './check-connection';
import {
  ConnectionCheckType,
  CreateExternalCredentialInput,
  ExternalCredentialConnection,
  ExternalCredentialType,
  UpdateExternalCredentialInput,
} from './credential-type';
import { createCredential, removeCredential, updateCredential } from './credentials';
import { credentialsById } from './credentials.sql';

const idArg = { description: 'The id of the credential.' };

@Resolver(() => ExternalCredentialType)
export class CredentialResolver {
  @Authorized('credentials.manage')
  @Query(() => ExternalCredentialConnection, {
    description: 'The external credentials of the account, oldest first; never their secrets.',
  })
  async externalCredentials(
    @Args() args: PageArgs,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<Connection<ExternalCredentialType>> {
    const scope: CursorScope = { list: 'externalCredentials', account: db.account, filter: {} };
    const page = pageRequest(args, services.cursors, scope);
    const rows = await credentialsById(db, page.after ? String(page.after[0]) : null, page.limit);
    return pageOf(rows, page, services.cursors, scope, ({ id }) => [id]);
  }

  @Authorized('credentials.manage')
  @Mutation(() => ExternalCredentialType, {
    description:
      'Keeps a login at a server of somebody else. BAD_USER_INPUT for an address that is not called, such as one of a private network; CONFLICT for a name that is taken.',
  })
  createExternalCredential(
    @Arg('input', () => CreateExternalCredentialInput, { description: 'The new credential.' })
    input: CreateExternalCredentialInput,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<ExternalCredentialType> {
    return createCredential(db, services, input);
  }

  @Authorized('credentials.manage')
  @Mutation(() => ExternalCredentialType, {
    description:
      'Changes a credential. With another address and no secret, the secret there is is forgotten: it is never sent to an address that it was not given for.',
  })
  updateExternalCredential(
    @Arg('input', () => UpdateExternalCredentialInput, { description: 'What to change.' })
    input: UpdateExternalCredentialInput,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<ExternalCredentialType> {
    return updateCredential(db, services, input);
  }

  @Authorized('credentials.manage')
  @Mutation(() => ExternalCredentialType, {
    description: 'Removes it with its secret; the last state is answered.',
  })
  removeExternalCredential(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() { db }: IdentityContext,
  ): Promise<ExternalCredentialType> {
    return removeCredential(db, id);
  }

  @Authorized('credentials.manage')
  @Mutation(() => ConnectionCheckType, {
    description:
      'Calls the server once with login and secret, for 5 seconds at most, and says what came of it. CONFLICT when no secret is kept.',
  })
  checkExternalCredential(
    @Arg('id', () => ID, idArg) id: string,
    @Ctx() { db, services }: IdentityContext,
  ): Promise<ConnectionCheckType> {
    return checkConnection(db, services, id);
  }
}
