/**
 * Which unit of the source each row is. References go first; what they leave is matched by identity and coordinates,
 * pass by pass. The rest is new, or removed.
 */
import type { AccountTransaction } from '@iroko/database';
import type { ImportMapping } from '../mapping';
import {
  chainExisting,
  chainRows,
  countLeft,
  createDefectUnits,
  createMatches,
  findDefectUnits,
  matchReferences,
  type Scope,
} from './existing.sql';
import { identityParts } from './identity';
import { createLeft } from './left.sql';
import { matchCoordinates, matchIdentity, matchIdentityAndCoordinates, type Side } from './passes.sql';

/** The passes as reports name them, in their order. */
export const PASSES = ['REFERENCE', 'IDENTITY_AND_COORDINATES', 'IDENTITY', 'COORDINATES'] as const;
export type Pass = (typeof PASSES)[number];

const ANCESTORS: Side = { implied: true, rowKey: 'chain' };
const ROWS: Side = { implied: false, rowKey: 'identity' };

/** Fills `import_match`. With `byReferenceOnly`, a row whose reference is not known is a new unit. */
export async function matchUnits(
  tx: AccountTransaction,
  scope: Scope,
  mapping: ImportMapping,
  { hasUnits, byReferenceOnly }: { hasUnits: boolean; byReferenceOnly: boolean },
): Promise<void> {
  const identity = identityParts(mapping);
  await createMatches(tx);
  await createDefectUnits(tx);
  if (!hasUnits) return;
  await matchReferences(tx, scope);
  const left = await countLeft(tx, scope);
  if (byReferenceOnly || left.rows === 0 || left.units === 0) return;
  await chainExisting(tx, scope);
  await chainRows(tx);
  await findDefectUnits(tx);
  await createLeft(tx, scope, mapping, identity);
  for (const side of [ANCESTORS, ROWS]) await matchIdentityAndCoordinates(tx, side);
  for (const side of [ANCESTORS, ROWS]) await matchIdentity(tx, side);
  await matchCoordinates(tx, ROWS);
}
