/**
 * What providers say about themselves: their discovery document and their keys, kept for some minutes in this process.
 * A sign-in is two requests of a browser, and without this each of them would ask the provider for the same again.
 *
 * Nothing rests on it but time: what leads to a failure is forgotten, and a key that nobody knows is asked for at once.
 */
import type { Outbound } from '@iroko/outbound';
import * as client from 'openid-client';
import { outboundFetch } from './outbound-fetch';
import type { SpokenProvider } from './proven-identity';
import { isLoopback } from './provider-form';

/** A provider that moves its endpoints is followed within this. */
const DOCUMENT_MS = 10 * 60_000;
/** Accounts have 20 providers at most; more than this many in ten minutes are asked anew. */
const PROVIDERS_MAX = 1000;
/**
 * The library looks again for a key it does not know once its keys are a minute old, and drops them after five. Kept
 * ones are given to it a minute older than they are: so a new key is known at once, and a removed one no longer than
 * four minutes.
 */
const KEYS_SECONDS_AHEAD = 60;

interface Kept {
  metadata: client.ServerMetadata;
  keys?: client.ExportedJWKSCache | undefined;
  untilMs: number;
}

type Addressed = Pick<SpokenProvider, 'id' | 'url'>;

export class OidcDiscovery {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly outbound: Outbound,
    private readonly now: () => number = Date.now,
  ) {}

  /** How to speak with the provider. Throws whatever the library throws for a document that says nothing true. */
  async configuration(provider: SpokenProvider): Promise<client.Configuration> {
    const { metadata, keys } = this.found(provider) ?? (await this.ask(provider));
    const config = new client.Configuration(
      metadata,
      provider.clientId,
      undefined,
      authentication(provider.clientSecret, metadata.token_endpoint_auth_methods_supported),
    );
    config[client.customFetch] = outboundFetch(this.outbound);
    if (isLoopback(new URL(provider.url))) client.allowInsecureRequests(config);
    client.enableNonRepudiationChecks(config);
    if (keys) client.setJwksCache(config, keys);
    return config;
  }

  /** After they verified a token. */
  keepKeys(provider: Addressed, config: client.Configuration): void {
    const kept = this.found(provider);
    const used = client.getJwksCache(config);
    if (!kept || !used || used.uat === kept.keys?.uat) return;
    kept.keys = { jwks: used.jwks, uat: used.uat - KEYS_SECONDS_AHEAD };
  }

  forget(provider: Addressed): void {
    this.kept.delete(keyOf(provider));
  }

  private found(provider: Addressed): Kept | undefined {
    const kept = this.kept.get(keyOf(provider));
    return kept && kept.untilMs > this.now() ? kept : undefined;
  }

  private async ask(provider: SpokenProvider): Promise<Kept> {
    const issuer = new URL(provider.url);
    // Compares the issuer of the document with the one that was asked for, letter by letter.
    const found = await client.discovery(issuer, provider.clientId, undefined, client.None(), {
      [client.customFetch]: outboundFetch(this.outbound),
      execute: isLoopback(issuer) ? [client.allowInsecureRequests] : [],
    });
    const kept = { metadata: { ...found.serverMetadata() }, untilMs: this.now() + DOCUMENT_MS };
    const [oldest] = this.kept.keys();
    if (this.kept.size >= PROVIDERS_MAX && oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(keyOf(provider), kept);
    return kept;
  }
}

/** With another address it is another provider. */
const keyOf = ({ id, url }: Addressed): string => `${id} ${url}`;

/** The secret goes in the header where the provider takes that, as the specification prefers, else in the form. */
function authentication(
  secret: string | null,
  methods: readonly string[] = ['client_secret_basic'],
): client.ClientAuth {
  if (secret === null) return client.None();
  return methods.includes('client_secret_basic')
    ? client.ClientSecretBasic(secret)
    : client.ClientSecretPost(secret);
}
