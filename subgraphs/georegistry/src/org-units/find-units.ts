/** Lists of units in versions, as resolvers ask for them. */
import { type CursorScope, type PageArgs, pageOf, pageRequest } from '@iroko/graph';
import type { GeoContext } from '../context';
import type { VersionRow } from '../versions/version';
import { resolveList } from './resolve-list';
import { checkedCap, type UnitConnection } from './unit-connection';
import { checkFilter, checkFilterSets, type OrgUnitFilter, requireFilterRights } from './unit-filter';
import { countBranches, countUnits, type ListBranch, type ListedRow, listUnits } from './unit-list.sql';
import { OrgUnitSort } from './unit-sort';

export interface UnitsRequest {
  /** The name of the list, which its cursors are bound to. */
  list: 'orgUnits' | 'orgUnitStates';
  /** One of each source. */
  versions: readonly VersionRow[];
  filter?: OrgUnitFilter | null | undefined;
  anyOf?: readonly OrgUnitFilter[] | null | undefined;
  sort?: OrgUnitSort | null | undefined;
  page: PageArgs;
}

/** A page of units. Throws BAD_USER_INPUT for a filter or cursor that cannot be meant, NOT_FOUND for a subtree. */
export async function findUnits<Node>(
  context: GeoContext,
  request: UnitsRequest,
  answer: (row: ListedRow) => Node,
): Promise<UnitConnection<Node>> {
  const { versions } = request;
  const filter = request.filter ?? {};
  const anyOf = request.anyOf ?? null;
  const sort = request.sort ?? OrgUnitSort.NAME;
  checkFilter(filter);
  if (anyOf) checkFilterSets(anyOf);
  await requireFilterRights(context, [filter, ...(anyOf ?? [])]);
  const { cursors } = context.services;
  const scope: CursorScope = {
    list: request.list,
    account: context.db.account,
    sort,
    filter: anyOf ? { filter, anyOf } : filter,
    version: versions.map(({ id }) => id).join(' '),
  };
  const page = pageRequest(request.page, cursors, scope);
  const list = { ...(await resolveList(context.db, versions, { filter, anyOf })), sort };
  const rows = await listUnits(context.db, list, page.after, page.limit);
  const found = new Map<Node, ListedRow>();
  const nodes = rows.map((row) => {
    const node = answer(row);
    found.set(node, row);
    return node;
  });
  const rowOf = (node: Node) => found.get(node) as ListedRow;
  const connection = pageOf(nodes, page, cursors, scope, (node) => rowOf(node).listKeys);
  return {
    nodes: connection.nodes,
    pageInfo: connection.pageInfo,
    get edges() {
      return connection.edges.map((edge) => ({ ...edge, set: rowOf(edge.node).set }));
    },
    totalCount: async (args) => (await countUnits(context.db, list, checkedCap(args))).count,
    setCounts: (args) => countSets(context, list.branches, anyOf?.length ?? 0, checkedCap(args)),
  };
}

async function countSets(
  context: GeoContext,
  branches: readonly ListBranch[],
  sets: number,
  atMost: number | null,
): Promise<number[]> {
  const counts = await countBranches(context.db, branches, atMost);
  const sums = Array.from({ length: sets }, () => 0);
  for (const [index, { set }] of branches.entries()) {
    if (set !== null) sums[set] = (sums[set] ?? 0) + (counts[index] ?? 0);
  }
  return atMost === null ? sums : sums.map((sum) => Math.min(sum, atMost));
}
