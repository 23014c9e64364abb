/**
 * The identity subgraph put together: who may come in, and who they are.
 */
import type { Database } from '@iroko/database';
import { buildSubgraph, type Cursors, type GraphRequest, RequestContext, type Subgraph } from '@iroko/graph';
import type { Settings } from '@iroko/settings';
import type { Viewers } from '@iroko/viewer';
import { PrismaPg } from '@prisma/adapter-pg';
import { accountReferences } from './accounts/account-references';
import { AccountType } from './accounts/account-type';
import type { IdentityContextServices } from './context';
import { PrismaClient } from './generated/prisma/client';
import { jwksRoute } from './keys/jwks-route';
import { SigningKeys } from './keys/signing-keys';
import { Passwords } from './passwords/passwords';
import { SignInResolver } from './sign-in/sign-in-resolver';
import { ApiTokenResolver } from './tokens/api-token-resolver';
import { UserType } from './users/user-type';
import { userReferences } from './users/users';
import { MeResolver } from './viewer/me-resolver';

/** What identity needs of the stack. */
export interface IdentityServices {
  settings: Pick<Settings, 'argon2MemoryKb' | 'argon2Passes'>;
  database: Database;
  viewers: Viewers;
  cursors: Cursors;
  /** 32 bytes that seal signing keys. */
  masterKey: Buffer;
}

export function createIdentity(services: IdentityServices): Subgraph {
  const { database, viewers, cursors } = services;
  const context: IdentityContextServices = {
    database,
    viewers,
    cursors,
    prisma: new PrismaClient({ adapter: new PrismaPg(database.pool) }),
    keys: new SigningKeys(database, services.masterKey),
    passwords: passwordsOf(services.settings),
  };
  const { schema, sdl } = buildSubgraph({
    resolvers: [MeResolver, SignInResolver, ApiTokenResolver],
    orphanedTypes: [AccountType, UserType],
    references: { Account: accountReferences, User: userReferences },
  });
  return {
    name: 'identity',
    schema,
    sdl,
    context: (request: GraphRequest) => new RequestContext(request, context, database),
    routes: [jwksRoute(database)],
  };
}

/** The way passwords are hashed under these settings. */
export function passwordsOf(settings: IdentityServices['settings']): Passwords {
  return new Passwords({ memoryKb: settings.argon2MemoryKb, passes: settings.argon2Passes });
}
