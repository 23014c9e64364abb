/**
 * What can be done with external credentials. Their secrets are sealed for the account, the record and the address
 * they were given for; changes name them and never tell them.
 */
import { recordChange, secret } from '@iroko/changes';
import { type AccountDatabase, isId, isViolation, newId } from '@iroko/database';
import { conflict, limitExceeded, notFound } from '@iroko/errors';
import type { Outbound } from '@iroko/outbound';
import { credentialContext, type Seal } from '@iroko/secrets';
import { textKey } from '@iroko/text';
import { checkedName } from '../accounts/account-form';
import { checkedAddress, checkedLogin, checkedSecret } from './credential-form';
import type {
  CreateExternalCredentialInput,
  ExternalCredentialType,
  UpdateExternalCredentialInput,
} from './credential-type';
import {
  countCredentials,
  credentialById,
  deleteCredential,
  insertCredential,
  lockCredential,
  updateCredentialRow,
} from './credentials.sql';

export interface CredentialServices {
  readonly outbound: Outbound;
  readonly credentialSeal: Seal;
}

const CREDENTIALS_MAX = 200;

/** Throws BAD_USER_INPUT (a wrong field, an address that is not called), CONFLICT (name) and LIMIT_EXCEEDED. */
export async function createCredential(
  db: AccountDatabase,
  { outbound, credentialSeal }: CredentialServices,
  input: CreateExternalCredentialInput,
): Promise<ExternalCredentialType> {
  const name = checkedName(input.name, ['input', 'name']);
  const { kind } = input;
  const login = checkedLogin(kind, input.login ?? null, ['input', 'login']);
  const plain = checkedSecret(kind, login, input.secret, ['input', 'secret']);
  const url = await checkedAddress(outbound, input.url, ['input', 'url']);
  const id = newId();
  const sealed = credentialSeal.close(
    Buffer.from(plain),
    credentialContext({ accountId: db.account, id, url }),
  );
  return refusingTakenName(name, () =>
    db.transaction(async (tx) => {
      const { count } = await countCredentials(tx);
      if (count >= CREDENTIALS_MAX) {
        const words = `The account has ${count} external credentials; ${CREDENTIALS_MAX} are allowed.`;
        throw limitExceeded(words, 'external credentials of one account', CREDENTIALS_MAX, count);
      }
      const row = { id, name, nameKey: textKey(name), kind, url, login, secret: sealed };
      const made = await insertCredential(tx, row);
      await recordChange(tx, {
        subjectType: 'ExternalCredential',
        subjectId: id,
        action: 'CREATE',
        before: null,
        after: { name, kind, url, login, secret },
      });
      return made;
    }),
  );
}

/**
 * A secret was given for one address: with another address and no secret, the one there is is forgotten, so that
 * whoever may change the address cannot have it sent to themselves. Throws NOT_FOUND, BAD_USER_INPUT, CONFLICT.
 */
export async function updateCredential(
  db: AccountDatabase,
  { outbound, credentialSeal }: CredentialServices,
  input: UpdateExternalCredentialInput,
): Promise<ExternalCredentialType> {
  const before = await existing(db, input.id);
  const name = input.name == null ? before.name : checkedName(input.name, ['input', 'name']);
  const login = checkedLogin(before.kind, input.login ?? before.login, ['input', 'login']);
  const plain =
    input.secret == null ? null : checkedSecret(before.kind, login, input.secret, ['input', 'secret']);
  const url = input.url == null ? before.url : await checkedAddress(outbound, input.url, ['input', 'url']);
  const place = credentialContext({ accountId: db.account, id: before.id, url });
  const sealed = plain === null ? undefined : credentialSeal.close(Buffer.from(plain), place);
  return refusingTakenName(name, () =>
    db.transaction(async (tx) => {
      const now = await lockCredential(tx, before.id);
      if (!now) throw notFound('ExternalCredential', input.id);
      if (now.revision !== input.expectedRevision) {
        throw conflict(`The credential was changed meanwhile: it has the revision ${now.revision}.`, {
          expectedRevision: input.expectedRevision,
          actualRevision: now.revision,
        });
      }
      // A password is no token: it is not sent in the other's place either.
      const sameUse = url === now.url && (login === '') === (now.login === '');
      const kept = sealed ?? (sameUse ? undefined : null);
      const row = { id: now.id, name, nameKey: textKey(name), url, login, secret: kept };
      const updated = await updateCredentialRow(tx, row);
      await recordChange(tx, {
        subjectType: 'ExternalCredential',
        subjectId: now.id,
        action: 'UPDATE',
        before: { name: now.name, url: now.url, login: now.login, secret: now.hasSecret ? secret : null },
        after: { name, url, login, secret: updated.hasSecret ? secret : null },
      });
      return updated;
    }),
  );
}

/** Throws NOT_FOUND. */
export function removeCredential(db: AccountDatabase, id: string): Promise<ExternalCredentialType> {
  return db.transaction(async (tx) => {
    const removed = isId(id) && (await deleteCredential(tx, id));
    if (!removed) throw notFound('ExternalCredential', id);
    const { name, kind, url, login } = removed;
    await recordChange(tx, {
      subjectType: 'ExternalCredential',
      subjectId: id,
      action: 'DELETE',
      before: { name, kind, url, login, secret: removed.hasSecret ? secret : null },
      after: null,
    });
    return removed;
  });
}

async function existing(db: AccountDatabase, id: string): Promise<ExternalCredentialType> {
  const credential = isId(id) ? await credentialById(db, id) : undefined;
  if (!credential) throw notFound('ExternalCredential', id);
  return credential;
}

async function refusingTakenName<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isViolation(error, 'external_credential_name_key')) throw error;
    throw conflict(`The account has a credential ${JSON.stringify(name)} already.`, { fields: ['name'] });
  }
}
