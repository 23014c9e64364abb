/** What explains a difference: the operations between two versions of one source that a unit took part in. */
import type { GeoContext } from '../context';
import type { VersionRow } from '../versions/version';
import { LineageAnswer } from './lineage-answer';
import { lineageLoaders } from './lineage-loaders';

/** Oldest first, those by which it only came below another parent included; none for versions of two sources. */
export async function lineageBetween(
  context: GeoContext,
  unitId: string | undefined,
  from: VersionRow,
  to: VersionRow,
): Promise<LineageAnswer[]> {
  if (unitId === undefined || from.dataSourceId !== to.dataSourceId) return [];
  const [older, newer] = from.number < to.number ? [from, to] : [to, from];
  const operations = await lineageLoaders.parts(context, newer).load(unitId);
  return operations
    .filter(({ versionNumber }) => versionNumber > older.number)
    .map((row) => new LineageAnswer(row));
}
