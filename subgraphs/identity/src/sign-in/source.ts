/**
 * Where a request comes from, as the limits count it.
 */
import { countedAddress } from '@iroko/http';

/** Where a request came from, and which one it was. */
export interface RequestOrigin {
  /** As `countedAddress` counts it. */
  source: string;
  requestId: string;
}

export function originOf(request: { remoteAddress?: string | undefined; requestId: string }): RequestOrigin {
  return { source: countedAddress(request.remoteAddress), requestId: request.requestId };
}
