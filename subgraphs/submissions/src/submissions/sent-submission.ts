/** A submission as it reaches the service, whichever way it came. */
import type { ReceivedFile } from './attachments.sql';

export interface SentSubmission {
  xml: Buffer;
  files: readonly ReceivedFile[];
  appUserId: string | null;
  /** What the transport says; the submission's own word goes first. */
  deviceId: string | null;
  /** A person's correction of the unit, in place of the answer. */
  orgUnitId?: string | null;
}
