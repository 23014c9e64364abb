/** Datasets over GraphQL. */
import 'reflect-metadata';
import { isId } from '@iroko/database';
import { groupedBy, inOrderOf, LongScalar, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { JobReference } from '@iroko/jobs';
import { textKey } from '@iroko/text';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { createDataset, type Load, reloadDataset } from '../loads/load-job';
import type { DatasetContext } from '../services';
import {
  CreateDatasetInput,
  DatasetLoad,
  DatasetPreview,
  ReloadDatasetInput,
  TableReadingInput,
  UpdateDatasetInput,
} from './dataset.inputs';
import {
  countDatasets,
  datasetsByIds,
  datasetsPage,
  fieldsOfDatasets,
  versionsOfDatasets,
} from './dataset.sql';
import { Dataset, DatasetConnection, DatasetField, DatasetVersion } from './dataset.types';
import { datasetById, updateDataset } from './edit-dataset';
import { previewDataset } from './preview';

interface DatasetList {
  readonly searchKey: string | null;
}

@Resolver(() => Dataset)
export class DatasetResolver {
  @Authorized('datasets.read')
  @Query(() => DatasetConnection, { description: 'The datasets of the account, by name.' })
  async datasets(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('search', () => String, {
      nullable: true,
      description: 'Only names that hold this text; accents and case do not count.',
    })
    search: string | null,
    @Ctx() { db, services: { cursors } }: DatasetContext,
  ) {
    const searchKey = search ? textKey(search) : null;
    const scope = { list: 'datasets', account: db.account, filter: searchKey };
    const page = pageRequest(args, cursors, scope);
    const rows = await datasetsPage(
      db,
      searchKey,
      (page.after?.[0] as string | undefined) ?? null,
      page.limit,
    );
    return Object.assign(
      pageOf(rows, page, cursors, scope, ({ nameKey }) => [nameKey]),
      { searchKey } satisfies DatasetList,
    );
  }

  @Authorized('datasets.read')
  @Query(() => Dataset, { nullable: true, description: 'One dataset; null when there is none with this id.' })
  async dataset(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() { db }: DatasetContext) {
    return isId(id) ? (await datasetsByIds(db, [id]))[0] : null;
  }

  @Authorized('datasets.edit')
  @Query(() => DatasetPreview, {
    description:
      'A look at the beginning of an uploaded file: how it would be read, its columns and their types. Nothing is stored.',
  })
  previewDataset(
    @Arg('fileId', () => ID, { description: 'The uploaded CSV or XLSX file.' }) fileId: string,
    @Arg('reading', () => TableReadingInput, {
      nullable: true,
      description: 'What is known about it; the rest is found.',
    })
    reading: TableReadingInput | null,
    @Ctx() { db, services }: DatasetContext,
  ) {
    return previewDataset(services.files, db, fileId, reading ?? {});
  }

  @Authorized('datasets.edit')
  @Mutation(() => DatasetLoad, {
    description:
      'Makes a dataset from an uploaded file, by a job. Rows with a defect (a value of another type, an unknown org unit) wait in quarantine, the rest lands together. CONFLICT when the name is taken.',
  })
  async createDataset(
    @Arg('input', () => CreateDatasetInput, { description: 'The dataset.' }) input: CreateDatasetInput,
    @Ctx() { db, services }: DatasetContext,
  ): Promise<DatasetLoad> {
    return answered(await createDataset(services, db, input));
  }

  @Authorized('datasets.edit')
  @Mutation(() => DatasetLoad, {
    description:
      'Loads another file into a dataset, or its file again with other types, by a job. The rows become a new version; the same file read in the same way changes nothing.',
  })
  async reloadDataset(
    @Arg('input', () => ReloadDatasetInput, { description: 'What to load.' }) input: ReloadDatasetInput,
    @Ctx() { db, services }: DatasetContext,
  ): Promise<DatasetLoad> {
    return answered(await reloadDataset(services, db, input));
  }

  @Authorized('datasets.edit')
  @Mutation(() => Dataset, { description: "Changes a dataset's name or description." })
  async updateDataset(
    @Arg('input', () => UpdateDatasetInput, { description: 'What to change.' }) input: UpdateDatasetInput,
    @Ctx() { db }: DatasetContext,
  ) {
    await updateDataset(db, input);
    return datasetById(db, input.id);
  }

  @FieldResolver(() => [DatasetField], { nullable: true, description: 'Its columns.' })
  fields(@Root() dataset: Dataset, @Ctx() context: DatasetContext) {
    return context
      .loader('fieldsOfDataset', async (ids: readonly string[]) =>
        groupedBy(ids, await fieldsOfDatasets(context.db, ids), ({ datasetId }) => datasetId),
      )
      .load(dataset.id);
  }

  @FieldResolver(() => [DatasetVersion], { nullable: true, description: 'Its versions, the newest first.' })
  versions(@Root() dataset: Dataset, @Ctx() context: DatasetContext) {
    return context
      .loader('versionsOfDataset', async (ids: readonly string[]) =>
        groupedBy(ids, await versionsOfDatasets(context.db, ids), ({ datasetId }) => datasetId),
      )
      .load(dataset.id);
  }
}

@Resolver(() => DatasetConnection)
export class DatasetConnectionResolver {
  @FieldResolver(() => LongScalar, { description: 'How many datasets the whole list has.' })
  totalCount(@Root() list: DatasetList, @Ctx() { db }: DatasetContext) {
    return countDatasets(db, list.searchKey);
  }
}

function answered({ datasetId, jobId }: Load): DatasetLoad {
  return { datasetId, job: JobReference.of(jobId) };
}

/** Datasets by id, in the order of the ids; undefined where there is none. */
export async function datasetsInOrder({ db }: DatasetContext, ids: readonly string[]) {
  return inOrderOf(ids, await datasetsByIds(db, ids.filter(isId)), ({ id }) => id);
}
