/**
 * DHIS2 as OAuth 2 server: authorization code at `uaa/oauth`, then who one is at `api/me`. It knows neither PKCE nor
 * nonce, so what protects is the state, tied to the browser, and the code, exchanged with the client's secret.
 */
import { type Answer, type Outbound, OutboundError } from '@iroko/outbound';
import { z } from 'zod';
import { below } from '../credentials/check-connection';
import { CALL_TIMEOUT_MS } from './outbound-fetch';
import {
  type AuthorizationRequest,
  type AuthorizationResponse,
  type ProvenIdentity,
  ProviderFailure,
  type SpokenProvider,
} from './proven-identity';

const ANSWER_BYTES_MAX = 64 * 1024;
/** An id of DHIS2. */
export const DHIS2_ID = /^[A-Za-z][A-Za-z0-9]{10}$/;

const tokenAnswer = z.object({ access_token: z.string().regex(/^[\x21-\x7e]{1,4000}$/) });
const meAnswer = z.object({
  id: z.string().regex(DHIS2_ID),
  firstName: z.string().catch(''),
  surname: z.string().catch(''),
});

export function dhis2AuthorizationUrl(
  { url, clientId }: SpokenProvider,
  { redirectUri, state }: AuthorizationRequest,
): string {
  const page = new URL(below(url, 'uaa/oauth/authorize'));
  page.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'ALL',
    state,
  }).toString();
  return page.href;
}

/** Who came back. Throws ProviderFailure. */
export async function dhis2Identity(
  outbound: Outbound,
  provider: SpokenProvider,
  { redirectUri, query }: AuthorizationResponse,
): Promise<ProvenIdentity> {
  const code = query.get('code');
  if (!code || query.has('error')) throw new ProviderFailure('REFUSED', 'The DHIS2 did not sign you in.');
  const { access_token: token } = await answered(outbound, tokenAnswer, {
    method: 'POST',
    url: below(provider.url, 'uaa/oauth/token'),
    headers: {
      authorization: `Basic ${Buffer.from(`${provider.clientId}:${provider.clientSecret ?? ''}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
    }).toString(),
  });
  const me = await answered(outbound, meAnswer, {
    method: 'GET',
    url: below(provider.url, 'api/me?fields=id,firstName,surname'),
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  });
  return { subject: me.id, confirmedEmail: null, firstName: me.firstName, lastName: me.surname };
}

interface Asked {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
}

async function answered<Told>(outbound: Outbound, form: z.ZodType<Told>, asked: Asked): Promise<Told> {
  const { status, body } = await calling(outbound, asked);
  if (status >= 500) throw new ProviderFailure('UNAVAILABLE', `The DHIS2 answered ${status}.`);
  if (status !== 200) throw new ProviderFailure('REFUSED', `The DHIS2 refused the sign-in (${status}).`);
  const told = form.safeParse(parsed(body));
  if (told.success) return told.data;
  throw new ProviderFailure('UNTRUSTED', 'What the DHIS2 answered proves nothing.');
}

async function calling(outbound: Outbound, asked: Asked): Promise<Answer> {
  try {
    return await outbound.call({ ...asked, timeoutMs: CALL_TIMEOUT_MS, maxBytes: ANSWER_BYTES_MAX });
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    const reason = error.mayPass ? 'UNAVAILABLE' : 'CONFIGURATION';
    throw new ProviderFailure(reason, `The DHIS2 cannot be reached: ${error.message}`, { cause: error });
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
