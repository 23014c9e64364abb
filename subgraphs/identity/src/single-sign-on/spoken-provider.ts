/**
 * A provider with its secret opened, for the moment of one call.
 */
import { credentialContext } from '@iroko/secrets';
import type { SpokenProvider } from './proven-identity';
import type { ProviderServices } from './providers';
import type { ProviderRow } from './providers.sql';

/** Throws when the row's secret was sealed for another address. */
export function spoken({ providerSeal }: ProviderServices, provider: ProviderRow): SpokenProvider {
  const { id, url, clientId, clientSecret } = provider;
  const opened = clientSecret && providerSeal.open(clientSecret, credentialContext(provider)).toString();
  return { id, url, clientId, clientSecret: opened };
}
