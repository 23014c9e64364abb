/**
 * Who may send from a phone. An app user has a key instead of a password: it stands in the server URL of ODK
 * Collect, is shown once, and ends at once when it is revoked.
 */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type Database, isId, newId } from '@iroko/database';
import { badInput, notFound, unauthenticated } from '@iroko/errors';
import { requireEveryUnit } from '@iroko/viewer';
import {
  type AppUserRow,
  appUserByHash,
  appUsersByIds,
  insertAppUser,
  revokeAppUserRow,
} from './app-users.sql';
import { makeKey, readKey } from './key';

const NAME_LENGTH_MAX = 255;

/** Makes an app user. The key is in this answer and nowhere else. */
export async function createAppUser(db: AccountDatabase, name: string): Promise<{ id: string; key: string }> {
  requireEveryUnit(db.actor, 'The key of a phone');
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > NAME_LENGTH_MAX) {
    throw badInput(`An app user's name has 1 to ${NAME_LENGTH_MAX} characters.`, { path: ['name'] });
  }
  const id = newId();
  const { key, hash } = makeKey(db.account);
  await db.transaction(async (tx) => {
    await insertAppUser(tx, { id, name: trimmed, keyHash: hash });
    await recordChange(tx, {
      subjectType: 'AppUser',
      subjectId: id,
      action: 'CREATE',
      before: null,
      after: { name: trimmed },
    });
  });
  return { id, key };
}

/** Ends a key at once. Revoking it again changes nothing. */
export async function revokeAppUser(db: AccountDatabase, id: string): Promise<AppUserRow> {
  return db.transaction(async (tx) => {
    const revoked = isId(id) ? await revokeAppUserRow(tx, id) : 0;
    const [user] = isId(id) ? await appUsersByIds(tx, [id]) : [];
    if (!user) throw notFound('AppUser', id);
    if (revoked > 0) {
      await recordChange(tx, {
        subjectType: 'AppUser',
        subjectId: id,
        action: 'REVOKE',
        before: { revokedAt: null },
        after: { revokedAt: user.revokedAt },
      });
    }
    return user;
  });
}

export interface Phone {
  readonly appUser: AppUserRow;
  /** The handle to the key's account; changes name the app user as their token. */
  readonly db: AccountDatabase;
}

const UNKNOWN_KEY = 'This address holds no key that we know. Check the server URL of the app.';

/** Finds the phone a key belongs to. Throws UNAUTHENTICATED for one that never was, or is revoked. */
export async function phoneOfKey(database: Database, key: string, requestId: string): Promise<Phone> {
  const marks = readKey(key);
  if (!marks) throw unauthenticated(UNKNOWN_KEY, 'malformed');
  const lookup = database.forAccount({ accountId: marks.accountId, requestId });
  const appUser = await appUserByHash(lookup, marks.hash);
  if (!appUser) throw unauthenticated(UNKNOWN_KEY, 'unknown');
  if (appUser.revokedAt) {
    throw unauthenticated(`The key of ${appUser.name} was revoked. Ask for a new one.`, 'revoked');
  }
  return {
    appUser,
    db: database.forAccount({ accountId: marks.accountId, requestId, tokenId: appUser.id }),
  };
}
