/** How other subgraphs' references to units and groups of them are answered: one statement per type and request. */
import type { Reference } from '@iroko/graph';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import { UnitAnswer } from './place-answer';

/**
 * Nothing for those who may not read units, as for a unit that never was. A record of old keeps its place: a unit that
 * the current version holds no more is answered as the last one before had it, and names its successors.
 */
export async function unitReferences(
  context: GeoContext,
  references: readonly Reference[],
): Promise<(UnitAnswer | null)[]> {
  if (!context.viewer.permissions.has('org_units.read')) return references.map(() => null);
  const rows = await loaders.knownUnit(context).loadMany(references.map(({ id }) => String(id)));
  return rows.map((row) => (row === undefined ? null : new UnitAnswer(thrown(row))));
}

function thrown<Value>(value: Value | Error): Value {
  if (value instanceof Error) throw value;
  return value;
}
