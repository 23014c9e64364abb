/** What datasets add to a place. */
import 'reflect-metadata';
import { isId } from '@iroko/database';
import { groupedBy, inOrderOf } from '@iroko/graph';
import { Authorized, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { datasetsByIds, datasetsOfUnits } from '../datasets/dataset.sql';
import { Dataset } from '../datasets/dataset.types';
import type { DatasetContext } from '../services';
import { OrgUnit } from './org-unit.types';

@Resolver(() => OrgUnit)
export class OrgUnitResolver {
  @Authorized('datasets.read')
  @FieldResolver(() => [Dataset], {
    nullable: true,
    description: 'The datasets whose current version has rows at this place, by name.',
  })
  datasets(@Root() unit: OrgUnit, @Ctx() context: DatasetContext) {
    return context
      .loader('datasetsOfUnit', (ids: readonly string[]) => datasetsAt(context, ids))
      .load(unit.id);
  }
}

async function datasetsAt({ db }: DatasetContext, unitIds: readonly string[]) {
  const rows = await datasetsOfUnits(db, unitIds.filter(isId));
  const ids = [...new Set(rows.map(({ datasetId }) => datasetId))];
  const datasets = new Map(
    inOrderOf(ids, ids.length === 0 ? [] : await datasetsByIds(db, ids), ({ id }) => id).map((dataset) => [
      dataset?.id,
      dataset,
    ]),
  );
  const lowered = unitIds.map((id) => id.toLowerCase());
  return groupedBy(lowered, rows, ({ unitId }) => unitId).map((group) =>
    group.flatMap(({ datasetId }) => datasets.get(datasetId) ?? []),
  );
}
