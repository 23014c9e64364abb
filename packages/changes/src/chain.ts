/**
 * The chain: each event's hash covers the hash before it, so that no event can be changed, taken out, put in or
 * moved without breaking every hash after it. The database makes it (`platform.seal_changes`); here it is computed again, to compare.
 */
import { createHash } from 'node:crypto';

export interface ChainEnd {
  position: number;
  hash: Buffer;
}

/** Before the first event. */
export const CHAIN_START: ChainEnd = { position: 0, hash: Buffer.alloc(32) };

/** SHA-256 of the previous hash, the position (8 bytes, big-endian) and the digest of what the event says. */
export function chainHash(previous: Buffer, position: number, digest: Buffer): Buffer {
  const place = Buffer.alloc(8);
  place.writeBigInt64BE(BigInt(position));
  return createHash('sha256').update(previous).update(place).update(digest).digest();
}

export interface SealedLink {
  id: string;
  position: number;
  previousHash: Buffer;
  hash: Buffer;
  digest: Buffer;
}

export type LinkDefect = 'MISSING' | 'PREVIOUS_HASH' | 'CONTENT';

/** What is wrong with a link that should follow `end`; undefined when nothing is. */
export function linkDefect(end: ChainEnd, link: SealedLink): LinkDefect | undefined {
  if (link.position !== end.position + 1) return 'MISSING';
  if (!link.previousHash.equals(end.hash)) return 'PREVIOUS_HASH';
  if (!link.hash.equals(chainHash(end.hash, link.position, link.digest))) return 'CONTENT';
  return undefined;
}
