/** A unit that an operation took out of the tree, for whoever asks for it by the id that they know. */
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import { UnitAnswer } from '../org-units/place-answer';
import { operationsOn } from './lineage-loaders';
import { currentKey } from './unit-lineage';

/** As the last version that held it; null for one that was only removed, and for one that never was. */
export async function endedUnit(context: GeoContext, id: string): Promise<UnitAnswer | null> {
  const row = await loaders.knownUnit(context).load(id);
  if (!row) return null;
  const operations = await operationsOn(context, await currentKey(context, row));
  return operations.some(({ ended }) => ended) ? new UnitAnswer(row) : null;
}
