/**
 * Keeping sign-in providers. Whoever answers for a provider can say that anybody is any member, so only a member who
 * holds every permission, and has signed in, configures one.
 */
import { recordChange, secret } from '@iroko/changes';
import {
  type AccountDatabase,
  type AccountTransaction,
  type Database,
  isId,
  isViolation,
  newId,
} from '@iroko/database';
import { ApiError, badInput, conflict, limitExceeded, notFound } from '@iroko/errors';
import type { Outbound } from '@iroko/outbound';
import { credentialContext, type Seal } from '@iroko/secrets';
import { textKey } from '@iroko/text';
import { actorOf, type Viewer } from '@iroko/viewer';
import { checkedName } from '../accounts/account-form';
import { checkedAddress } from '../credentials/credential-form';
import { foundRole } from '../roles/edit-roles';
import { granterOf } from '../roles/granter';
import { requireWholeAccount } from '../scope/member-scope';
import { checkedClient, checkedDomains, checkedProviderUrl, checkedReturnUrls } from './provider-form';
import {
  type CreateSignInProviderInput,
  SignInProviderKind,
  type SignInProviderType,
  type UpdateSignInProviderInput,
} from './provider-type';
import {
  countProviders,
  deleteProvider,
  forgetFlows,
  forgetSessions,
  forgetSubjects,
  insertProvider,
  lockProvider,
  updateProviderRow,
} from './providers.sql';

export interface ProviderServices {
  readonly outbound: Outbound;
  readonly providerSeal: Seal;
}

/** What the seal of client secrets is made with. */
export const PROVIDER_PURPOSE = 'sign-in provider';

const PROVIDERS_MAX = 20;

/** Throws BAD_USER_INPUT, FORBIDDEN, CONFLICT (name), NOT_FOUND (role) and LIMIT_EXCEEDED. */
export async function createProvider(
  db: AccountDatabase,
  viewer: Viewer,
  services: ProviderServices,
  input: CreateSignInProviderInput,
): Promise<SignInProviderType> {
  const id = newId();
  const { kind } = input;
  const clientSecret = input.clientSecret ?? null;
  if (kind === SignInProviderKind.DHIS2 && clientSecret === null) {
    throw badInput('A DHIS2 asks for a client secret.', { path: ['input', 'clientSecret'] });
  }
  const fields = checkedFields(kind, { ...input, joiningRoleId: input.joiningRoleId ?? null });
  await checkedAddress(services.outbound, fields.url, ['input', 'url']);
  const sealed = sealedSecret(services, { accountId: db.account, id, url: fields.url }, clientSecret);
  return refusingTakenName(fields.name, () =>
    db.transaction(async (tx) => {
      await refuseUnlessWhole(tx, viewer);
      const { count } = await countProviders(tx);
      if (count >= PROVIDERS_MAX) {
        const words = `The account has ${count} sign-in providers; ${PROVIDERS_MAX} are allowed.`;
        throw limitExceeded(words, 'sign-in providers of one account', PROVIDERS_MAX, count);
      }
      if (fields.joiningRoleId !== null) await foundRole(tx, fields.joiningRoleId);
      const row = { ...fields, id, nameKey: textKey(fields.name), kind, clientSecret: sealed };
      const made = await insertProvider(tx, row);
      await record(tx, id, 'CREATE', null, made);
      return made;
    }),
  );
}

/** Throws as `createProvider`, and CONFLICT for another revision. */
export async function updateProvider(
  services: ProviderServices & { readonly database: Database },
  viewer: Viewer,
  input: UpdateSignInProviderInput,
  requestId: string,
): Promise<SignInProviderType> {
  if (input.url != null) await checkedAddress(services.outbound, input.url, ['input', 'url']);
  return refusingTakenName(input.name ?? '', () =>
    services.database.system.transaction(async (whole) => {
      const tx = whole.accountTransaction(actorOf(viewer, requestId));
      await refuseUnlessWhole(tx, viewer);
      const now = await existing(tx, input.id);
      if (now.revision !== input.expectedRevision) {
        throw conflict(`The provider was changed meanwhile: it has the revision ${now.revision}.`, {
          expectedRevision: input.expectedRevision,
          actualRevision: now.revision,
        });
      }
      const fields = checkedFields(now.kind, merged(now, input));
      if (fields.joiningRoleId !== null) await foundRole(tx, fields.joiningRoleId);
      const moved = fields.url !== now.url;
      const place = { accountId: tx.account, id: now.id, url: fields.url };
      const given = sealedSecret(services, place, input.clientSecret ?? null);
      const row = { ...fields, id: now.id, nameKey: textKey(fields.name) };
      const updated = await updateProviderRow(tx, {
        ...row,
        clientSecret: given ?? (moved ? null : undefined),
      });
      if (moved) {
        await forgetSubjects(tx, now.id);
        await forgetFlows(tx, now.id);
        await forgetSessions(whole, tx.account, now.id);
      }
      await record(tx, now.id, 'UPDATE', now, updated);
      return updated;
    }),
  );
}

/** Ends the sessions that were opened there. Throws NOT_FOUND and FORBIDDEN. */
export function removeProvider(db: AccountDatabase, viewer: Viewer, id: string): Promise<SignInProviderType> {
  return db.transaction(async (tx) => {
    await refuseUnlessWhole(tx, viewer);
    const removed = isId(id) && (await deleteProvider(tx, id));
    if (!removed) throw notFound('SignInProvider', id);
    await record(tx, id, 'DELETE', removed, null);
    return removed;
  });
}

async function refuseUnlessWhole(tx: AccountTransaction, viewer: Viewer): Promise<void> {
  const { everyPermission, scope } = await granterOf(tx, viewer, 'accounts.manage');
  requireWholeAccount(scope, 'A sign-in provider');
  if (everyPermission) return;
  throw new ApiError(
    'FORBIDDEN',
    'A provider can say that anybody is any member, so only somebody who signed in and holds every permission configures one.',
  );
}

async function existing(tx: AccountTransaction, id: string): Promise<SignInProviderType> {
  const provider = isId(id) ? await lockProvider(tx, id) : undefined;
  if (!provider) throw notFound('SignInProvider', id);
  return provider;
}

type Fields = Pick<
  SignInProviderType,
  'name' | 'url' | 'clientId' | 'returnUrls' | 'allowedDomains' | 'joiningRoleId' | 'enabled'
>;

const merged = (now: SignInProviderType, input: UpdateSignInProviderInput): Fields => ({
  name: input.name ?? now.name,
  url: input.url ?? now.url,
  clientId: input.clientId ?? now.clientId,
  returnUrls: input.returnUrls ?? now.returnUrls,
  allowedDomains: input.allowedDomains ?? now.allowedDomains,
  joiningRoleId: input.joiningRoleId === undefined ? now.joiningRoleId : input.joiningRoleId,
  enabled: input.enabled ?? now.enabled,
});

function checkedFields(kind: SignInProviderKind, fields: Fields): Fields {
  const path = (name: string) => ['input', name];
  const allowedDomains = checkedDomains(fields.allowedDomains, path('allowedDomains'));
  if (kind === SignInProviderKind.DHIS2 && allowedDomains.length > 0) {
    throw badInput('A DHIS2 does not confirm addresses, so nobody joins by them.', {
      path: path('allowedDomains'),
    });
  }
  return {
    name: checkedName(fields.name, path('name')),
    url: checkedProviderUrl(fields.url, path('url')),
    clientId: checkedClient(fields.clientId, path('clientId')),
    returnUrls: checkedReturnUrls(fields.returnUrls, path('returnUrls')),
    allowedDomains,
    joiningRoleId: fields.joiningRoleId,
    enabled: fields.enabled,
  };
}

function sealedSecret(
  { providerSeal }: ProviderServices,
  place: { accountId: string; id: string; url: string },
  plain: string | null,
): Buffer | null {
  if (plain === null) return null;
  const checked = checkedClient(plain, ['input', 'clientSecret']);
  return providerSeal.close(Buffer.from(checked), credentialContext(place));
}

function record(
  tx: AccountTransaction,
  subjectId: string,
  action: 'CREATE' | 'UPDATE' | 'DELETE',
  before: SignInProviderType | null,
  after: SignInProviderType | null,
): Promise<unknown> {
  const fields = (provider: SignInProviderType | null) =>
    provider && {
      name: provider.name,
      kind: provider.kind,
      url: provider.url,
      clientId: provider.clientId,
      clientSecret: provider.hasClientSecret ? secret : null,
      returnUrls: provider.returnUrls,
      allowedDomains: provider.allowedDomains,
      joiningRoleId: provider.joiningRoleId,
      enabled: provider.enabled,
    };
  return recordChange(tx, {
    subjectType: 'SignInProvider',
    subjectId,
    action,
    before: fields(before),
    after: fields(after),
  });
}

async function refusingTakenName<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isViolation(error, 'sign_in_provider_name_key')) throw error;
    throw conflict(`The account has a provider ${JSON.stringify(name)} already.`, { fields: ['name'] });
  }
}
