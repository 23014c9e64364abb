/** Lists of units in a version, as resolvers ask for them. */
import { notFound } from '@iroko/errors';
import { type CursorScope, type PageArgs, pageOf, pageRequest } from '@iroko/graph';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { loaders } from '../loaders';
import type { VersionRow } from '../versions/version';
import { checkFilter, type OrgUnitFilter, OrgUnitSort } from './unit-list';
import { countUnits, type ListedRow, listKeys, listUnits, type UnitList } from './unit-list.sql';

export interface UnitsRequest {
  /** The name of the list, which its cursors are bound to. */
  list: 'orgUnits' | 'orgUnitStates';
  version: VersionRow;
  filter?: OrgUnitFilter | null | undefined;
  sort?: OrgUnitSort | null | undefined;
  page: PageArgs;
}

/** A page of units. Throws BAD_USER_INPUT for a filter or cursor that cannot be meant, NOT_FOUND for the subtree. */
export async function findUnits<Node>(
  context: GeoContext,
  request: UnitsRequest,
  answer: (row: ListedRow) => Node,
): Promise<CountedConnection<Node>> {
  const { version } = request;
  const filter = request.filter ?? {};
  const sort = request.sort ?? OrgUnitSort.NAME;
  checkFilter(filter);
  const { cursors } = context.services;
  const scope: CursorScope = {
    list: request.list,
    account: context.db.account,
    sort,
    filter,
    version: version.id,
  };
  const page = pageRequest(request.page, cursors, scope);
  const subtree = await subtreePath(context, filter, version);
  const list: UnitList = {
    dataSourceId: version.dataSourceId,
    number: version.number,
    filter,
    subtree,
    sort,
  };
  const rows = await listUnits(context.db, list, page.after, page.limit);
  const keys = new Map<Node, ListedRow>();
  const nodes = rows.map((row) => {
    const node = answer(row);
    keys.set(node, row);
    return node;
  });
  const connection = pageOf(nodes, page, cursors, scope, (node) =>
    listKeys(keys.get(node) as ListedRow, sort),
  );
  return counted(connection, () => countUnits(context.db, list));
}

async function subtreePath(
  context: GeoContext,
  filter: OrgUnitFilter,
  version: VersionRow,
): Promise<Buffer | undefined> {
  if (filter.subtree == null) return undefined;
  const { dataSourceId, number } = version;
  const state = await loaders.state(context).load({ unitId: filter.subtree, dataSourceId, number });
  const path = state && (await loaders.path(context).load({ unitId: filter.subtree, dataSourceId, number }));
  if (!path) throw notFound('OrgUnit', filter.subtree);
  return path;
}

/** A list that has nothing, for a source without a version that the viewer may see. */
export function noUnits<Node>(page: PageArgs): CountedConnection<Node> {
  const pageInfo = {
    hasNextPage: false,
    hasPreviousPage: page.after != null,
    startCursor: null,
    endCursor: null,
  };
  return { edges: [], nodes: [], pageInfo, totalCount: async () => 0 };
}
