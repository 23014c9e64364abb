/** Rows over GraphQL. */
import 'reflect-metadata';
import { LongScalar, PageArgs } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Dataset } from '../datasets/dataset.types';
import { OrgUnit } from '../org-units/org-unit.types';
import type { DatasetContext } from '../services';
import { listRows, type RowList } from './list-rows';
import {
  DatasetRow,
  DatasetRowConnection,
  DatasetRowFilterInput,
  DatasetRowSortInput,
  SortDirection,
} from './row.types';
import { countRows } from './rows.sql';

@Resolver(() => Dataset)
export class DatasetRowsResolver {
  @Authorized('datasets.read')
  @FieldResolver(() => DatasetRowConnection, {
    nullable: true,
    description:
      'Its rows, in the order of the file unless sorted. Later pages stay in the version of the first one.',
  })
  rows(
    @Root() dataset: Dataset,
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => DatasetRowFilterInput, {
      nullable: true,
      description: 'Which rows; all without it.',
    })
    filter: DatasetRowFilterInput | null,
    @Arg('sort', () => DatasetRowSortInput, {
      nullable: true,
      description: 'In which order; that of the file without it.',
    })
    sort: DatasetRowSortInput | null,
    @Arg('version', () => Int, {
      nullable: true,
      description: 'The number of a version; the current one without it.',
    })
    version: number | null,
    @Ctx() { db, services: { cursors } }: DatasetContext,
  ) {
    const order = sort
      ? { field: sort.field, descending: sort.direction === SortDirection.DESCENDING }
      : null;
    return listRows(db, cursors, dataset, {
      args,
      filter: filter ?? null,
      sort: order,
      version: version ?? null,
    });
  }
}

@Resolver(() => DatasetRow)
export class DatasetRowResolver {
  @FieldResolver(() => OrgUnit, { nullable: true, description: 'The place it stands at.' })
  orgUnit(@Root() { unitId }: DatasetRow) {
    return unitId === null ? null : OrgUnit.of(unitId);
  }
}

@Resolver(() => DatasetRowConnection)
export class DatasetRowConnectionResolver {
  @FieldResolver(() => LongScalar, { description: 'How many rows the whole list has.' })
  totalCount(@Root() { counted }: RowList, @Ctx() { db }: DatasetContext) {
    return counted === null ? 0 : countRows(db, counted.source, counted.query);
  }
}
