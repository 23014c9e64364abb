/**
 * `GET /sign-in/callback`: the provider sends the browser back here. What the person gets is a one-time code in the
 * address of the page they came from; tokens never stand in an address.
 */
import { randomBytes } from 'node:crypto';
import { recordChange } from '@iroko/changes';
import { badInput, type ErrorCode } from '@iroko/errors';
import type { HttpReply, HttpRequest, Route } from '@iroko/http';
import { type Admission, admit } from './admit';
import { clearedCookie, type FlowSecrets, provenSecrets, sha256 } from './browser-secret';
import { dhis2Identity } from './dhis2';
import { type FlowRow, keepCode, takeFlow } from './flows.sql';
import { oidcIdentity } from './oidc';
import { type ProvenIdentity, ProviderFailure, type ProviderFailureReason } from './proven-identity';
import { SignInProviderKind } from './provider-type';
import { enabledProvider, type ProviderRow } from './providers.sql';
import { spoken } from './spoken-provider';
import { callbackUrl, type SignInRouteServices } from './start-route';

const CODES: Record<ProviderFailureReason, ErrorCode> = {
  UNAVAILABLE: 'UNAVAILABLE',
  UNTRUSTED: 'UNAUTHENTICATED',
  REFUSED: 'UNAUTHENTICATED',
  CONFIGURATION: 'UNAVAILABLE',
};

interface Refusal {
  code: ErrorCode;
  message: string;
}

export function callbackRoute(services: SignInRouteServices): Route {
  return {
    method: 'GET',
    path: '/sign-in/callback',
    description:
      'Where a sign-in provider sends the browser back to; register this address there. It takes each answer once, and only from the browser that began.',
    handler: (request) => callback(services, request),
  };
}

async function callback(services: SignInRouteServices, request: HttpRequest): Promise<HttpReply> {
  const state = request.query.get('state') ?? '';
  const secrets = provenSecrets(state, request.headers.cookie);
  // Looked up only for the browser that began: nobody else can use a flow up.
  const flow = secrets && (await takeFlow(services.database.system, sha256(state)));
  if (!secrets || !flow) {
    throw badInput('This sign-in was not begun in this browser, took too long, or was used. Begin again.', {
      path: ['state'],
    });
  }
  const provider = await enabledProvider(services.database.system, flow.providerId);
  const answer = provider
    ? await finished(services, request, flow, provider, secrets)
    : ({ code: 'FORBIDDEN', message: 'Nobody can sign in there any more.' } satisfies Refusal);
  const back = new URL(flow.returnTo);
  if (typeof answer === 'string') back.searchParams.set('sign_in_code', answer);
  else {
    back.searchParams.set('sign_in_error', answer.code);
    back.searchParams.set('sign_in_message', answer.message);
  }
  return {
    status: 302,
    headers: {
      location: back.href,
      'set-cookie': clearedCookie(state),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  };
}

/** The one-time code, or why there is none. */
async function finished(
  services: SignInRouteServices,
  request: HttpRequest,
  flow: FlowRow,
  provider: ProviderRow,
  secrets: FlowSecrets,
): Promise<string | Refusal> {
  try {
    const proven = await identityAt(services, request, provider, secrets);
    const code = randomBytes(32).toString('base64url');
    const admission = await services.database.system.transaction(async (tx): Promise<Admission> => {
      const inside = tx.accountTransaction({ accountId: flow.accountId, requestId: request.requestId });
      const found = await admit(tx, inside, provider, proven);
      if ('userId' in found) await keepCode(inside, flow.id, found.userId, sha256(code));
      return found;
    });
    if ('userId' in admission) return code;
    await noteFailure(services, request, provider, 'NO_MEMBER');
    return { code: 'FORBIDDEN', message: admission.refusal };
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    request.log.warn({ err: error, providerId: provider.id }, 'a sign-in provider failed');
    await noteFailure(services, request, provider, error.reason);
    return { code: CODES[error.reason], message: error.message };
  }
}

function identityAt(
  services: SignInRouteServices,
  { query }: HttpRequest,
  provider: ProviderRow,
  secrets: FlowSecrets,
): Promise<ProvenIdentity> {
  const response = { ...secrets, redirectUri: callbackUrl(services.publicUrl()), query };
  const partner = spoken(services, provider);
  if (provider.kind === SignInProviderKind.DHIS2) return dhis2Identity(services.outbound, partner, response);
  return oidcIdentity(services.oidc, partner, response);
}

async function noteFailure(
  { database }: SignInRouteServices,
  { requestId }: HttpRequest,
  { accountId, id }: ProviderRow,
  reason: string,
): Promise<void> {
  await database.forAccount({ accountId, requestId }).transaction((tx) =>
    recordChange(tx, {
      subjectType: 'SignInProvider',
      subjectId: id,
      action: 'SIGN_IN_FAILED',
      before: null,
      after: { reason },
    }),
  );
}
