/**
 * OpenID Connect: discovery, authorization code with PKCE, state and nonce. The protocol is openid-client's; that ID
 * tokens are verified by signature too, and that every call goes through packages/outbound, is ours.
 */
import { OutboundError } from '@iroko/outbound';
import * as client from 'openid-client';
import type { OidcDiscovery } from './oidc-discovery';
import {
  type AuthorizationRequest,
  type AuthorizationResponse,
  type ProvenIdentity,
  ProviderFailure,
  type SpokenProvider,
} from './proven-identity';
import { isLoopback } from './provider-form';

const SCOPE = 'openid email profile';

/** Where the browser goes. Throws ProviderFailure. */
export async function oidcAuthorizationUrl(
  discovery: OidcDiscovery,
  provider: SpokenProvider,
  { redirectUri, state, nonce, verifier }: AuthorizationRequest,
): Promise<string> {
  const config = await asking(() => discovery.configuration(provider));
  const challenge = await client.calculatePKCECodeChallenge(verifier);
  const url = await asking(async () =>
    client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: SCOPE,
      state,
      nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    }),
  );
  // A document may name anything as its endpoint; a browser is sent to pages alone.
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return url.href;
  throw new ProviderFailure(
    'CONFIGURATION',
    'The provider names an address for signing in that is no https page.',
  );
}

/** Who came back. Throws ProviderFailure. */
export async function oidcIdentity(
  discovery: OidcDiscovery,
  provider: SpokenProvider,
  { redirectUri, state, nonce, verifier, query }: AuthorizationResponse,
): Promise<ProvenIdentity> {
  const config = await asking(() => discovery.configuration(provider));
  const callback = new URL(redirectUri);
  callback.search = query.toString();
  const identity = asking(async () => {
    const tokens = await client.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new ProviderFailure('UNTRUSTED', 'The provider sent no ID token.');
    const told: Record<string, unknown> = {
      ...claims,
      ...(await moreAbout(config, tokens.access_token, claims)),
    };
    return identityOf(claims.sub, told);
  });
  // What was kept may be why it failed: the next sign-in asks anew.
  return identity.then(
    (proven) => {
      discovery.keepKeys(provider, config);
      return proven;
    },
    (error) => {
      discovery.forget(provider);
      throw error;
    },
  );
}

/** Most providers tell the address only at their userinfo endpoint. */
async function moreAbout(
  config: client.Configuration,
  accessToken: string,
  claims: { sub: string; email?: unknown },
): Promise<object> {
  if (claims.email !== undefined || !config.serverMetadata().userinfo_endpoint) return {};
  return client.fetchUserInfo(config, accessToken, claims.sub);
}

interface Told {
  email?: unknown;
  email_verified?: unknown;
  given_name?: unknown;
  family_name?: unknown;
}

function identityOf(subject: string, told: Told): ProvenIdentity {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    subject,
    // Only the provider's own word that it confirmed the address counts; a text "true" is not it.
    confirmedEmail: told.email_verified === true ? text(told.email) || null : null,
    firstName: text(told.given_name),
    lastName: text(told.family_name),
  };
}

async function asking<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  const outbound = causeOf(error);
  if (outbound) {
    const reason = outbound.mayPass ? 'UNAVAILABLE' : 'CONFIGURATION';
    return new ProviderFailure(reason, `The provider cannot be reached: ${outbound.message}`, {
      cause: error,
    });
  }
  if (error instanceof client.AuthorizationResponseError) {
    return new ProviderFailure('REFUSED', 'The provider did not sign you in.', { cause: error });
  }
  return new ProviderFailure('UNTRUSTED', 'What the provider answered proves nothing.', { cause: error });
}

/** Our own error, however deep the library wrapped it. */
function causeOf(error: unknown): OutboundError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutboundError) return cause;
  }
  return undefined;
}
