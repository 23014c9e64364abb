/** Which version a request means, and whether its viewer may see it. */
import { type AccountDatabase, isId } from '@iroko/database';
import { conflict, notFound } from '@iroko/errors';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import { currentVersionNumber, type SourceRow } from '../sources/source';
import { sourcesById } from '../sources/source.sql';
import { seesDrafts, type VersionRow } from './version';

/** The version of that id. Throws NOT_FOUND, also for a draft that the viewer may not see. */
export async function findVersion(context: GeoContext, id: string): Promise<VersionRow> {
  const version = await loaders.version(context).load(id);
  if (!version || (version.status === 'DRAFT' && !seesDrafts(context.viewer))) {
    throw notFound('SourceVersion', id);
  }
  return version;
}

/** Throws NOT_FOUND. */
export async function findSource(context: GeoContext, id: string): Promise<SourceRow> {
  const source = await loaders.source(context).load(id);
  if (!source) throw notFound('DataSource', id);
  return source;
}

/** The version of a source that is read when none is named; undefined when there is none for this viewer. */
export async function currentVersionOf(
  context: GeoContext,
  source: SourceRow,
): Promise<VersionRow | undefined> {
  const number = currentVersionNumber(source, seesDrafts(context.viewer));
  if (number === null) return undefined;
  return loaders.versionByNumber(context).load({ dataSourceId: source.id, number });
}

/**
 * The number of the version that the next edit begins from: the draft, or else the newest released one. Throws
 * NOT_FOUND for the source, CONFLICT when it has no version yet.
 */
export async function newestNumber(db: AccountDatabase, dataSourceId: string): Promise<number> {
  const [source] = isId(dataSourceId) ? await sourcesById(db, [dataSourceId]) : [];
  if (!source) throw notFound('DataSource', dataSourceId);
  const number = source.draftVersionNumber ?? source.releasedVersionNumber;
  if (number === null) throw conflict('The source has no version yet: there is nothing to edit.');
  return number;
}
