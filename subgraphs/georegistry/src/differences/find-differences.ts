/** Pages of differences with what they tell: states, values, distances. */
import { isId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import { type CursorScope, type PageArgs, pageOf, pageRequest } from '@iroko/graph';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { lineageBetween } from '../lineage/between';
import type { LineageAnswer } from '../lineage/lineage-answer';
import { loaders } from '../loaders';
import { StateAnswer } from '../org-units/place-answer';
import { contentOf, type StateRow } from '../org-units/state';
import type { VersionRow } from '../versions/version';
import { type DescribedUnit, type FieldDifference, fieldDifference, type UnitField } from './difference';
import { type DifferenceQuery, type DifferenceRow, differenceCounts, differencePage } from './difference.sql';
import type { VersionDiffFilter } from './difference-type';
import { differingM2, levelFor } from './differing-area';

/** What is asked for. Throws NOT_FOUND when neither version holds the unit of the subtree. */
export async function differenceQuery(
  context: GeoContext,
  from: VersionRow,
  to: VersionRow,
  filter: VersionDiffFilter,
): Promise<DifferenceQuery> {
  const { subtree } = filter;
  return {
    from,
    to,
    filter: {
      kinds: filter.kinds ?? undefined,
      fields: filter.fields ?? undefined,
      typeIds: filter.types?.filter(isId),
    },
    subtree: subtree == null ? undefined : await subtreePaths(context, subtree, from, to),
  };
}

async function subtreePaths(context: GeoContext, unitId: string, from: VersionRow, to: VersionRow) {
  const [before, after] = await Promise.all(
    [from, to].map(async ({ dataSourceId, number }) => {
      const state = await loaders.state(context).load({ unitId, dataSourceId, number });
      return state && loaders.path(context).load({ unitId, dataSourceId, number });
    }),
  );
  if (!before && !after) throw notFound('OrgUnit', unitId);
  return { before, after };
}

/** One difference, with what is needed to describe it. */
export class DifferenceAnswer {
  constructor(
    private readonly row: DifferenceRow,
    readonly before: StateAnswer | null,
    readonly after: StateAnswer | null,
    private readonly versions: readonly [VersionRow, VersionRow],
  ) {}

  get kind() {
    return this.row.kind;
  }

  get key(): string {
    return this.row.key;
  }

  get reference(): string {
    return (this.after ?? this.before)?.reference ?? '';
  }

  lineage(_args: unknown, context: GeoContext): Promise<LineageAnswer[]> {
    return lineageBetween(context, (this.after ?? this.before)?.unitId, ...this.versions);
  }

  fields(_args: unknown, context: GeoContext): Promise<FieldAnswer[]> {
    return fieldAnswers(context, this.row.fields, this.before, this.after);
  }
}

/** A difference as the API shows it: what takes reading the outlines is measured when it is asked for. */
export interface FieldAnswer extends FieldDifference {
  areaDifferingM2(_args: unknown, context: GeoContext): Promise<number | null>;
}

export async function fieldAnswers(
  context: GeoContext,
  fields: readonly UnitField[],
  before: StateAnswer | null,
  after: StateAnswer | null,
): Promise<FieldAnswer[]> {
  if (!before || !after) return [];
  const [was, is] = await Promise.all([described(context, before), described(context, after)]);
  return fields.map((field) => ({
    ...fieldDifference(field, was, is),
    areaDifferingM2: async (_args, within) =>
      field === 'SHAPE' && was.shape && is.shape ? differingBetween(within, was.shape, is.shape) : null,
  }));
}

type Outline = NonNullable<DescribedUnit['shape']>;

async function differingBetween(
  context: GeoContext,
  before: Outline,
  after: Outline,
): Promise<number | null> {
  const geometries = loaders.geometry(context, levelFor(before.vertexCount + after.vertexCount));
  const [was, is] = await Promise.all([geometries.load(before.hash), geometries.load(after.hash)]);
  return was && is ? differingM2(was, is) : null;
}

export async function described(context: GeoContext, state: StateAnswer): Promise<DescribedUnit> {
  const [type, parent, groups, shape] = await Promise.all([
    state.type({}, context),
    state.parent({}, context),
    state.groups({}, context),
    state.shape({}, context),
  ]);
  return {
    content: contentOf(state.row),
    type: type && { id: type.id, name: type.name },
    parent: parent && { id: parent.unitId, reference: parent.reference, name: parent.name },
    groups: groups.map(({ id, reference, name }) => ({ id, reference, name })),
    shape: shape && {
      hash: shape.hash,
      areaM2: shape.areaM2,
      vertexCount: shape.vertexCount,
      centre: [(shape.west + shape.east) / 2, (shape.south + shape.north) / 2],
    },
  };
}

export async function findDifferences(
  context: GeoContext,
  query: DifferenceQuery,
  filter: VersionDiffFilter,
  args: PageArgs,
): Promise<CountedConnection<DifferenceAnswer>> {
  const { cursors } = context.services;
  const scope: CursorScope = {
    list: 'versionDiff',
    account: context.db.account,
    filter,
    version: `${query.from.id} ${query.to.id}`,
  };
  const page = pageRequest(args, cursors, scope);
  const rows = await differencePage(context.db, query, page.after && String(page.after[0]), page.limit);
  const states = async (version: VersionRow, ids: (string | null)[]) => {
    const { dataSourceId, number } = version;
    const found = await Promise.all(
      ids.map((unitId) => unitId && loaders.state(context).load({ unitId, dataSourceId, number })),
    );
    return found.map((row) => (row ? new StateAnswer(row as StateRow, version) : null));
  };
  const [before, after] = await Promise.all([
    states(
      query.from,
      rows.map((row) => row.beforeId),
    ),
    states(
      query.to,
      rows.map((row) => row.afterId),
    ),
  ]);
  const nodes = rows.map(
    (row, index) =>
      new DifferenceAnswer(row, before[index] ?? null, after[index] ?? null, [query.from, query.to]),
  );
  const connection = pageOf(nodes, page, cursors, scope, (node) => [node.key]);
  return counted(connection, async () => {
    const { added, removed, changed } = await differenceCounts(context.db, query);
    return { count: added + removed + changed };
  });
}
