/**
 * The baseline: one hand-written schema that answers both queries with the very statements of the subgraphs, in
 * batches, and nothing else: no federation, no sign-in, no rights.
 */
import { type AccountDatabase, isId } from '@iroko/database';
import DataLoader from 'dataloader';
import { buildSchema } from 'graphql';
import { type GroupRow, groupsById } from '../../../subgraphs/georegistry/src/groups/group.sql';
import type { StateRow } from '../../../subgraphs/georegistry/src/org-units/state';
import { currentStates } from '../../../subgraphs/georegistry/src/org-units/state.sql';
import { listUnits } from '../../../subgraphs/georegistry/src/org-units/unit-list.sql';
import { OrgUnitSort } from '../../../subgraphs/georegistry/src/org-units/unit-sort';
import { sourcesById } from '../../../subgraphs/georegistry/src/sources/source.sql';
import { versionsByNumber } from '../../../subgraphs/georegistry/src/versions/version.sql';
import { countsByUnit } from '../../../subgraphs/submissions/src/submissions/submissions.sql';

export const plainSchema = buildSchema(`
  scalar Long
  type Query { orgUnits(dataSource: ID!, first: Int! = 50): Units! }
  type Units { nodes: [OrgUnit!]! }
  type Group { id: ID!  name: String! }
  type OrgUnit {
    id: ID!
    name: String!
    reference: String!
    parent: OrgUnit
    groups: [Group!]!
    submissionCount(formId: ID): Long
  }
`);

export interface PlainContext {
  db: AccountDatabase;
  parents: DataLoader<string, Unit | null>;
  groups: DataLoader<string, GroupRow | undefined>;
  counts: Map<string, DataLoader<string, number>>;
}

class Unit {
  constructor(private readonly row: StateRow) {}
  get id() {
    return this.row.unitId;
  }
  get name() {
    return this.row.name;
  }
  get reference() {
    return this.row.reference;
  }
  parent(_: unknown, { parents }: PlainContext) {
    return this.row.parentId === null ? null : parents.load(this.row.parentId);
  }
  async groups(_: unknown, context: PlainContext) {
    const found = await Promise.all((this.row.groupIds ?? []).map((id) => context.groups.load(id)));
    return found.filter((group) => group !== undefined).sort((a, b) => (a.nameKey < b.nameKey ? -1 : 1));
  }
  submissionCount({ formId }: { formId: string }, context: PlainContext) {
    return countsOf(context, formId).load(this.row.unitId);
  }
}

export function plainContext(db: AccountDatabase): PlainContext {
  return {
    db,
    parents: new DataLoader(async (ids) => {
      const rows = await currentStates(db, ids, true);
      const found = new Map(rows.map((row) => [row.unitId, new Unit(row)]));
      return ids.map((id) => found.get(id) ?? null);
    }),
    groups: new DataLoader(async (ids) => {
      const found = new Map((await groupsById(db, ids)).map((row) => [row.id, row]));
      return ids.map((id) => found.get(id));
    }),
    counts: new Map(),
  };
}

function countsOf(context: PlainContext, formId: string): DataLoader<string, number> {
  let loader = context.counts.get(formId);
  if (!loader) {
    loader = new DataLoader(async (ids) => {
      const rows = await countsByUnit(context.db, ids, formId);
      const found = new Map(rows.map((row) => [row.unitId, row.count]));
      return ids.map((id) => found.get(id) ?? 0);
    });
    context.counts.set(formId, loader);
  }
  return loader;
}

export const plainRoot = {
  async orgUnits({ dataSource, first }: { dataSource: string; first: number }, { db }: PlainContext) {
    const [source] = isId(dataSource) ? await sourcesById(db, [dataSource]) : [];
    if (!source) throw new Error('There is no such source.');
    const number = source.chosenVersionNumber ?? source.releasedVersionNumber ?? 1;
    const [version] = await versionsByNumber(db, [{ dataSourceId: source.id, number }]);
    if (!version) throw new Error('There is no such version.');
    const list = {
      branches: [
        { dataSourceId: source.id, number: version.number, set: null, filters: [], roots: undefined },
      ],
      searches: [],
      sort: OrgUnitSort.NAME,
    };
    // One more than asked, as the registry reads to know whether there is a next page.
    const rows = await listUnits(db, list, undefined, first + 1);
    return { nodes: rows.slice(0, first).map((row) => new Unit(row)) };
  },
};
