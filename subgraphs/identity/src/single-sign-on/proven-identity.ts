/**
 * What a provider says about whoever signed in there, and why it may say nothing that counts.
 */
export interface ProvenIdentity {
  /** Who they are at the provider: stable, never given to somebody else. */
  subject: string;
  /** Null when the provider tells none, or does not confirm it. */
  confirmedEmail: string | null;
  firstName: string;
  lastName: string;
}

/**
 * UNAVAILABLE: no answer. UNTRUSTED: an answer that proves nothing (another issuer, nonce, signature). REFUSED: the
 * person or the provider said no. CONFIGURATION: what is kept about the provider cannot work.
 */
export type ProviderFailureReason = 'UNAVAILABLE' | 'UNTRUSTED' | 'REFUSED' | 'CONFIGURATION';

export class ProviderFailure extends Error {
  override name = 'ProviderFailure';
  constructor(
    readonly reason: ProviderFailureReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface AuthorizationRequest {
  redirectUri: string;
  state: string;
  nonce: string;
  verifier: string;
}

export interface AuthorizationResponse extends AuthorizationRequest {
  /** The callback as the browser asked for it. */
  query: URLSearchParams;
}

/** A provider as it is spoken to. */
export interface SpokenProvider {
  id: string;
  url: string;
  clientId: string;
  clientSecret: string | null;
}
