/**
 * The secret of an external credential, for whoever calls its server. The row comes from the contract view
 * `identity.sealed_credential`.
 */
import type { Seal } from './seal';

/** What a Seal for credentials is made with. */
export const CREDENTIAL_PURPOSE = 'external credential';

export interface CredentialRow {
  accountId: string;
  id: string;
  url: string;
  secretSealed: Buffer;
}

/**
 * The address is part of what must be the same at opening: a secret that was given for one address cannot be opened
 * for another, whatever stands in the row.
 */
export function credentialContext({ accountId, id, url }: Omit<CredentialRow, 'secretSealed'>): string {
  return JSON.stringify([accountId, id, url]);
}

/** Throws when account, id or address are not those that the secret was sealed for. */
export function openCredential(seal: Seal, row: CredentialRow): string {
  return seal.open(row.secretSealed, credentialContext(row)).toString();
}
