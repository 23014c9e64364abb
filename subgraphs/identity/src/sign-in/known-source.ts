/**
 * Whoever just proved that they read the mails of an address is known for it where they did. So failures of others
 * elsewhere never keep out a person who answers a mail.
 */
import { createHash } from 'node:crypto';
import { newId, type SystemTransaction } from '@iroko/database';
import { insertAttempt } from './attempts.sql';

export async function knownSource(tx: SystemTransaction, addressKey: string, source: string): Promise<void> {
  const addressHash = createHash('sha256').update(addressKey).digest();
  await insertAttempt(tx, { id: newId(), addressHash, source, outcome: 'SUCCEEDED' });
}
