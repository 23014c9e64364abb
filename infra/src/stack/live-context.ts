/**
 * What the gateway needs to know of a viewer while a subscription goes on: whose log it follows, and whether what they
 * may see has changed.
 */
import type { GatewayContext } from '@iroko/gateway';
import type { Viewer } from '@iroko/viewer';

export function liveContext({
  accountId,
  permissions,
  scope,
}: Viewer): Pick<GatewayContext, 'logOf' | 'rights'> {
  return {
    logOf: accountId ?? undefined,
    rights: () => JSON.stringify([[...permissions].sort(), scope]),
  };
}
