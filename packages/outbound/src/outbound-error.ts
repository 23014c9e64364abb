/**
 * Why a call to the outside did not happen or brought no answer. The message is for the person who named the
 * address; it never tells what a name of the inside leads to.
 */

/**
 * URL: not an address that can be called. REFUSED: it leads where accounts must not reach. NAME: the name leads
 * nowhere. CONNECTION: nobody answers there, or hangs up. TLS: the certificate is not valid for the name.
 * TIMEOUT: no whole answer in time. TOO_LARGE: the answer is larger than what is taken. STOPPED: the caller gave up.
 */
export type OutboundReason =
  | 'URL'
  | 'REFUSED'
  | 'NAME'
  | 'CONNECTION'
  | 'TLS'
  | 'TIMEOUT'
  | 'TOO_LARGE'
  | 'STOPPED';

export class OutboundError extends Error {
  override name = 'OutboundError';
  constructor(
    readonly reason: OutboundReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether trying again later can help without anybody changing the address. */
  get mayPass(): boolean {
    return !['URL', 'REFUSED'].includes(this.reason);
  }
}
