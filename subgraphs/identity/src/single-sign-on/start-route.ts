/**
 * `GET /sign-in/start`: sends the browser to a provider.
 */
import { type Database, isId, newId } from '@iroko/database';
import { badInput, notFound, unavailable } from '@iroko/errors';
import type { HttpReply, HttpRequest, Route } from '@iroko/http';
import { cookieFor, newBrowserSecret, secretsOf, sha256 } from './browser-secret';
import { dhis2AuthorizationUrl } from './dhis2';
import { deleteOldFlows, insertFlow } from './flows.sql';
import { oidcAuthorizationUrl } from './oidc';
import type { OidcDiscovery } from './oidc-discovery';
import { ProviderFailure, type SpokenProvider } from './proven-identity';
import { SignInProviderKind } from './provider-type';
import type { ProviderServices } from './providers';
import { enabledProvider, type ProviderRow } from './providers.sql';
import { spoken } from './spoken-provider';

export interface SignInRouteServices extends ProviderServices {
  readonly database: Database;
  readonly oidc: OidcDiscovery;
  /** Where people reach Iroko, without a slash at the end. */
  readonly publicUrl: () => string;
}

/** What must be registered at the provider. */
export const callbackUrl = (publicUrl: string): string => `${publicUrl.replace(/\/$/, '')}/sign-in/callback`;

export function startRoute(services: SignInRouteServices): Route {
  return {
    method: 'GET',
    path: '/sign-in/start',
    description:
      'Sends the browser to sign in at `provider`. It comes back to `returnTo` with `sign_in_code`, which exchangeSignInCode takes together with the verifier of `challenge` (its SHA-256 in base64url), or with `sign_in_error` and `sign_in_message`.',
    handler: (request) => start(services, request),
  };
}

async function start(services: SignInRouteServices, { query }: HttpRequest): Promise<HttpReply> {
  const { database } = services;
  const provider = await namedProvider(database, query.get('provider') ?? '');
  const returnTo = checkedReturn(query.get('returnTo'), provider, services.publicUrl());
  const challenge = query.get('challenge') ?? '';
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    throw badInput('challenge is the SHA-256 of a random text of the page, in base64url: 43 characters.', {
      path: ['challenge'],
    });
  }
  const browserSecret = newBrowserSecret();
  const secrets = secretsOf(browserSecret);
  const redirectUri = callbackUrl(services.publicUrl());
  const location = await authorizationUrl(services, provider, { ...secrets, redirectUri });
  await deleteOldFlows(database.system);
  const { accountId, id: providerId } = provider;
  const stateHash = sha256(secrets.state);
  await insertFlow(database.system, { accountId, id: newId(), providerId, stateHash, challenge, returnTo });
  return {
    status: 302,
    headers: {
      location,
      'set-cookie': cookieFor(secrets.state, browserSecret, services.publicUrl()),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  };
}

async function namedProvider(database: Database, id: string): Promise<ProviderRow> {
  const provider = isId(id) ? await enabledProvider(database.system, id) : undefined;
  if (!provider) throw notFound('SignInProvider', id);
  return provider;
}

/** A page that the account named, or one of Iroko itself: nobody is sent anywhere else with a code in hand. */
export function checkedReturn(
  text: string | null,
  { returnUrls }: Pick<ProviderRow, 'returnUrls'>,
  publicUrl: string,
): string {
  const path = ['returnTo'];
  if (text === null || text.length > 2048 || !URL.canParse(text)) {
    throw badInput('returnTo is the address of the page to come back to.', { path });
  }
  const url = new URL(text);
  const isOurs = url.origin !== 'null' && url.origin === originOf(publicUrl);
  if (
    url.username === '' &&
    url.password === '' &&
    url.hash === '' &&
    (isOurs || returnUrls.includes(url.href))
  ) {
    return url.href;
  }
  throw badInput('This page is not among those that the sign-in provider may send people back to.', { path });
}

const originOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).origin : undefined);

async function authorizationUrl(
  services: SignInRouteServices,
  provider: ProviderRow,
  request: { redirectUri: string; state: string; nonce: string; verifier: string },
): Promise<string> {
  try {
    const partner: SpokenProvider = spoken(services, provider);
    if (provider.kind === SignInProviderKind.DHIS2) return dhis2AuthorizationUrl(partner, request);
    return await oidcAuthorizationUrl(services.oidc, partner, request);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    const lost = unavailable(error.message, 'sign-in provider');
    lost.cause = error;
    throw lost;
  }
}
