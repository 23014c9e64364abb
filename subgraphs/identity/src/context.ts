/**
 * What identity's resolvers are given beside the viewer: its database, keys, passwords and files.
 */
import type { ChangeCursors, ChangeWatch } from '@iroko/changes';
import type { Database } from '@iroko/database';
import type { Files } from '@iroko/files';
import type { Cursors, RequestContext } from '@iroko/graph';
import type { Outbound } from '@iroko/outbound';
import type { Seal } from '@iroko/secrets';
import type { Settings } from '@iroko/settings';
import type { Viewers } from '@iroko/viewer';
import type { PrismaClient } from './generated/prisma/client';
import type { SigningKeys } from './keys/signing-keys';
import type { MailLinks } from './mail-links/mail-link';
import type { Passwords } from './passwords/passwords';

export interface IdentityContextServices {
  readonly database: Database;
  readonly prisma: PrismaClient;
  readonly viewers: Viewers;
  readonly cursors: Cursors;
  readonly changeCursors: ChangeCursors;
  readonly watch: ChangeWatch;
  readonly files: Files;
  readonly keys: SigningKeys;
  readonly passwords: Passwords;
  readonly outbound: Outbound;
  readonly settings: Pick<Settings, 'signUp'>;
  /** Makes the links in mails. */
  readonly mailLinks: MailLinks;
  readonly webhookSeal: Seal;
  readonly credentialSeal: Seal;
  readonly providerSeal: Seal;
  /** Seals what the codes of the second factor are made from. */
  readonly secondFactorSeal: Seal;
  /** Where people reach Iroko, without a slash at the end. */
  readonly publicUrl: () => string;
}

export type IdentityContext = RequestContext<IdentityContextServices>;
