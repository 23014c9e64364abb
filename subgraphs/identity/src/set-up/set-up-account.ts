/**
 * Setting an account up, for an operator: the account, its first administrator, a project, and by a job of georegistry's
 * a data source with its draft. All of it or nothing; whoever sets up twice with one key gets the first again.
 */
import { type Database, isViolation, type SystemDatabase, type SystemTransaction } from '@iroko/database';
import { conflict } from '@iroko/errors';
import { enqueue, setUpSource } from '@iroko/jobs';
import { checkedName } from '../accounts/account-form';
import {
  checkedFounding,
  type FoundAccountInput,
  writeAdministratorRole,
  writeFounding,
} from '../accounts/found-account';
import {
  accountByFoundingKey,
  insertAccount,
  insertPerson,
  personIdByEmail,
} from '../accounts/found-account.sql';
import { writeInvitation } from '../invitations/invite';
import type { Passwords } from '../passwords/passwords';
import { createProject } from '../projects/projects';
import { NO_LIMIT } from '../scope/member-scope';

export interface SetUpInput extends FoundAccountInput {
  project?: { name: string; appId?: string | null } | null;
  /** The name of the data source to begin with. */
  source?: string | null;
}

export interface SetUp {
  accountId: string;
  slug: string;
  /** False when the key had set it up before. */
  created: boolean;
  /** Whether the administrator was mailed an invitation, having been given no password. */
  invited: boolean;
}

interface Services {
  database: Database;
  passwords: Passwords;
}

/** Throws BAD_USER_INPUT, and CONFLICT when the slug belongs to another account or the key to another slug. */
export async function setUpAccount(
  { database, passwords }: Services,
  input: SetUpInput,
  requestId: string,
): Promise<SetUp> {
  const { account, person, password } = checkedFounding(input);
  const source = input.source == null ? null : checkedName(input.source, ['source']);
  const known = await before(database.system, account);
  if (known) return known;
  const passwordHash = password === undefined ? null : await passwords.hash(password);
  try {
    return await database.system.transaction(async (tx) => {
      if ((await insertAccount(tx, account)) === 0) return await since(tx, account);
      const inside = tx.accountTransaction({ accountId: account.id, requestId });
      if (passwordHash === null) {
        const roleId = await writeAdministratorRole(inside, account);
        const email = { address: person.email, key: person.emailKey };
        const preset = { permissions: [], roleIds: [roleId], teamIds: [], ...NO_LIMIT };
        await writeInvitation(inside, { email, language: person.language, ...preset }, null);
      } else {
        await insertPerson(tx, { ...person, passwordHash });
        const { id } = await personIdByEmail(tx, person.emailKey);
        await writeFounding(tx, account, id, { requestId });
      }
      if (input.project) await createProject(inside, input.project);
      if (source !== null) await enqueue(inside, setUpSource, { name: source }, { idempotencyKey: 'set-up' });
      return { accountId: account.id, slug: account.slug, created: true, invited: passwordHash === null };
    });
  } catch (error) {
    if (isViolation(error, 'account_slug_key')) {
      throw conflict(`An account has the slug ${account.slug} already.`, { fields: ['slug'] });
    }
    throw error;
  }
}

type Wanted = { foundingKey: string; slug: string };

async function before(db: SystemDatabase, { foundingKey, slug }: Wanted): Promise<SetUp | undefined> {
  const known = await accountByFoundingKey(db, foundingKey);
  if (!known) return undefined;
  if (known.slug !== slug) {
    throw conflict(`The key ${foundingKey} set up the account ${known.slug} before.`, { fields: ['key'] });
  }
  return { accountId: known.accountId, slug: known.slug, created: false, invited: false };
}

/** Another request with the same key was faster. */
async function since(tx: SystemTransaction, account: Wanted): Promise<SetUp> {
  const known = await before(tx, account);
  if (known) return known;
  throw new Error('An account that was there a moment ago is gone.');
}
