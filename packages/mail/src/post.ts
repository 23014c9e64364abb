/**
 * Where mails leave: a mail server, or, where none is set, a mailbox that only the operator reads. Whoever sends
 * does not know which.
 */
import type { RenderedMail } from './render';

export interface OutgoingMail extends RenderedMail {
  /** The same at every attempt to send the same mail, so that mail systems recognise a second copy. */
  id: string;
  /** An address as its person wrote it; one, and nothing beside it. */
  to: string;
  /** Where one click, without signing in, ends mails of this kind: an address that takes a POST. */
  unsubscribe?: string;
}

export interface Post {
  /**
   * Resolves when somebody else has taken charge of the mail. Throws UNAVAILABLE where trying again may help, and
   * BAD_USER_INPUT where it will not.
   */
  deliver(mail: OutgoingMail): Promise<void>;
  /** Ends connections that are kept open. */
  close(): void;
}
