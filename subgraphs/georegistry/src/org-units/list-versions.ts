/** Of which versions a list of units is, when it is of one source or of all. */
import { isId } from '@iroko/database';
import { badInput } from '@iroko/errors';
import type { GeoContext } from '../context';
import { firstSources, sourcesById } from '../sources/source.sql';
import { currentVersionOf, findSource } from '../versions/find-version';
import type { VersionRow } from '../versions/version';
import type { OrgUnitFilter } from './unit-filter';

/** Each source is a part of the statement. */
const SOURCES_MAX = 50;

/**
 * The current version of the source; without a source those of all sources that the filter names, or of all there
 * are. Sources without a version that the viewer may see have none. Throws NOT_FOUND for the source, BAD_USER_INPUT
 * for too many.
 */
export async function versionsToList(
  context: GeoContext,
  dataSource: string | null | undefined,
  filter: OrgUnitFilter | null,
): Promise<VersionRow[]> {
  if (dataSource != null) {
    const version = await currentVersionOf(context, await findSource(context, dataSource));
    return version ? [version] : [];
  }
  const named = filter?.sources;
  const sources = named
    ? await sourcesById(context.db, [...new Set(named.filter(isId))])
    : await firstSources(context.db, SOURCES_MAX + 1);
  if (sources.length > SOURCES_MAX) {
    throw badInput(
      `A list is of at most ${SOURCES_MAX} sources at once. Name a source, or some in filter.sources.`,
      { path: ['filter', 'sources'] },
    );
  }
  const versions = await Promise.all(sources.map((source) => currentVersionOf(context, source)));
  return versions.filter((version) => version !== undefined);
}
