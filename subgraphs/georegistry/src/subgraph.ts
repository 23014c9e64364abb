/**
 * The georegistry subgraph put together: sources, versions, and the places in them.
 */
import type { Database } from '@iroko/database';
import { buildSubgraph, type Cursors, type GraphRequest, RequestContext, type Subgraph } from '@iroko/graph';
import type { GeoServices } from './context';
import { GroupResolver } from './groups/group-resolver';
import { EditOrgUnitResolver } from './org-units/edit-unit-resolver';
import { unitReferences } from './org-units/unit-references';
import { OrgUnitResolver, OrgUnitStateResolver } from './org-units/unit-resolver';
import { ShapeResolver } from './shapes/shape-resolver';
import { DataSourceResolver } from './sources/source-resolver';
import { OrgUnitTypeResolver } from './types/type-resolver';
import { SourceVersionResolver } from './versions/version-resolver';

/** What the registry needs of the stack. */
export interface GeoregistryServices {
  database: Database;
  cursors: Cursors;
}

export function createGeoregistry({ database, cursors }: GeoregistryServices): Subgraph {
  const services: GeoServices = { cursors };
  const { schema, sdl } = buildSubgraph({
    resolvers: [
      DataSourceResolver,
      SourceVersionResolver,
      OrgUnitTypeResolver,
      GroupResolver,
      ShapeResolver,
      OrgUnitResolver,
      OrgUnitStateResolver,
      EditOrgUnitResolver,
    ],
    references: { OrgUnit: unitReferences },
  });
  return {
    name: 'georegistry',
    schema,
    sdl,
    context: (request: GraphRequest) => new RequestContext(request, services, database),
    routes: [],
  };
}
