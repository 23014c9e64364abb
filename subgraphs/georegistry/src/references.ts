/** How references of other subgraphs to records that are no units are answered: one statement per type and request. */
import type { Reference, References } from '@iroko/graph';
import type { Permission } from '@iroko/viewer';
import type { GeoContext } from './context';
import { loaders } from './loaders';
import { seesDrafts, type VersionRow } from './versions/version';
import { versionAnswer } from './versions/version-answer';

interface Loader<Row> {
  loadMany(ids: string[]): Promise<(Row | Error | undefined)[]>;
}

/** Nothing for those without the permission, as for a record that never was. */
function byId<Row extends object>(
  permission: Permission,
  loader: (context: GeoContext) => Loader<Row>,
  shown: (context: GeoContext, row: Row) => object | null = (_, row) => row,
) {
  return async (context: GeoContext, references: readonly Reference[]): Promise<(object | null)[]> => {
    if (!context.viewer.permissions.has(permission)) return references.map(() => null);
    const rows = await loader(context).loadMany(references.map(({ id }) => String(id)));
    return rows.map((row) => {
      if (row instanceof Error) throw row;
      return row ? shown(context, row) : null;
    });
  };
}

const shownVersion = (context: GeoContext, version: VersionRow) =>
  version.status === 'DRAFT' && !seesDrafts(context.viewer) ? null : versionAnswer(version);

export const recordReferences: References<GeoContext> = {
  DataSource: byId('sources.read', loaders.source),
  Group: byId('org_units.read', loaders.group),
  OrgUnitType: byId('org_units.read', loaders.type),
  SourceVersion: byId('sources.read', loaders.version, shownVersion),
};
