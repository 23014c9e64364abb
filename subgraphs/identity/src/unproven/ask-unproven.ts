/**
 * Writes down what somebody asks who has proven nothing. The same statements run whoever the address belongs to, if
 * to anybody; what comes of it is found out after the answer.
 */
import { createHash } from 'node:crypto';
import { newId, type SystemTransaction } from '@iroko/database';
import { rateLimited } from '@iroko/errors';
import type { RequestOrigin } from '../sign-in/source';
import {
  countUnproven,
  insertUnproven,
  lockUnproven,
  UNPROVEN_CHANNEL,
  type UnprovenKind,
} from './unproven.sql';
import { waitSeconds } from './unproven-limits';

export interface UnprovenAsk {
  kind: UnprovenKind;
  /** The folded address, or what was given for one. */
  addressKey: string;
  /** What is done later needs this; it is kept until then and no longer. */
  details: Record<string, unknown>;
}

/** For what sends a mail. Throws RATE_LIMITED. */
export async function askForMail(
  tx: SystemTransaction,
  ask: UnprovenAsk,
  from: RequestOrigin,
): Promise<void> {
  const addressHash = hashOf(ask.addressKey);
  await lockUnproven(tx, addressHash, from.source);
  const wait = waitSeconds(await countUnproven(tx, addressHash, from.source));
  if (wait > 0) throw rateLimited(`Mails were asked for too often. Try again in ${wait} seconds.`, wait);
  await writeDown(tx, ask, from);
  await tx.notify(UNPROVEN_CHANNEL, '');
}

/** For what can wait until somebody looks. */
export async function writeDown(
  tx: SystemTransaction,
  { kind, addressKey, details }: UnprovenAsk,
  { source, requestId }: RequestOrigin,
): Promise<void> {
  await insertUnproven(tx, {
    id: newId(),
    kind,
    addressHash: hashOf(addressKey),
    source,
    details: JSON.stringify(details),
    requestId,
  });
}

function hashOf(addressKey: string): Buffer {
  return createHash('sha256').update(addressKey).digest();
}
