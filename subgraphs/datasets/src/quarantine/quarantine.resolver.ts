/** Waiting rows over GraphQL. */
import 'reflect-metadata';
import { LongScalar, OutcomeType, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { JobReference } from '@iroko/jobs';
import { seesEveryUnit } from '@iroko/viewer';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { datasetVersion, type VersionRecord } from '../datasets/dataset.sql';
import { Dataset } from '../datasets/dataset.types';
import { waitingRows } from '../loads/load-rows.sql';
import type { DatasetContext } from '../services';
import { correctRows, decideUnits, replayDataset } from './corrections';
import { countWaiting, type DefectRecord, defectsOfRows, unresolvedUnits } from './quarantine.sql';
import {
  QuarantinedRowConnection,
  type QuarantinedRowType,
  RowCorrectionInput,
  UnitDecisionInput,
  UnitDecisionsResult,
  UnresolvedUnitConnection,
} from './quarantine.types';

interface WaitingList {
  /** Null before the first file has landed. */
  readonly waitsIn: { datasetId: string; version: number } | null;
}

@Resolver(() => Dataset)
export class QuarantineResolver {
  @Authorized('datasets.edit')
  @FieldResolver(() => QuarantinedRowConnection, {
    nullable: true,
    description: 'The rows of the current version that could not be taken, in the order of the file.',
  })
  async quarantine(
    @Root() dataset: Dataset,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { db, services: { cursors } }: DatasetContext,
  ) {
    const version = await versionOf({ db }, dataset);
    const scope = { list: `quarantine ${dataset.id}`, account: db.account, version: String(version?.number) };
    const page = pageRequest(args, cursors, scope);
    const after = (page.after?.[0] as number | undefined) ?? 0;
    const rows = version ? await waitingRows(db, dataset.id, version.number, after, page.limit) : [];
    const numbers = rows.map(({ number }) => number);
    const defects = version ? await defectsOfRows(db, dataset.id, version.number, numbers) : [];
    const nodes = rows.map((row) => shown(row, defects, version as VersionRecord));
    return Object.assign(
      pageOf(nodes, page, cursors, scope, ({ number }) => [number]),
      { waitsIn: version ? { datasetId: dataset.id, version: version.number } : null } satisfies WaitingList,
    );
  }

  @Authorized('datasets.edit')
  @FieldResolver(() => UnresolvedUnitConnection, {
    nullable: true,
    description: 'The different values of the unit column that were not understood, by value.',
  })
  async unresolvedUnits(
    @Root() dataset: Dataset,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { db, services: { cursors } }: DatasetContext,
  ) {
    const scope = {
      list: `unresolvedUnits ${dataset.id}`,
      account: db.account,
      version: String(dataset.currentVersion),
    };
    const page = pageRequest(args, cursors, scope);
    const after = (page.after?.[0] as string | undefined) ?? null;
    const rows =
      dataset.currentVersion === null || !seesEveryUnit(db.actor.scope)
        ? []
        : await unresolvedUnits(db, dataset.id, dataset.currentVersion, after, page.limit);
    return pageOf(rows, page, cursors, scope, ({ value }) => [value]);
  }

  @Authorized('datasets.edit')
  @Mutation(() => [OutcomeType], {
    description:
      'Corrects waiting rows, at most 1,000, and tries them at once. An outcome for each, in their order.',
  })
  correctDatasetRows(
    @Arg('datasetId', () => ID, { description: 'The dataset.' }) datasetId: string,
    @Arg('rows', () => [RowCorrectionInput], { description: 'The rows with their corrections.' })
    rows: RowCorrectionInput[],
    @Ctx() { db }: DatasetContext,
  ) {
    return correctRows(db, datasetId, rows);
  }

  @Authorized('datasets.edit')
  @Mutation(() => UnitDecisionsResult, {
    description:
      'Says which units values mean, for the waiting rows and for files to come; at most 1,000 at once.',
  })
  async decideDatasetUnits(
    @Arg('datasetId', () => ID, { description: 'The dataset.' }) datasetId: string,
    @Arg('decisions', () => [UnitDecisionInput], { description: 'Values and their units.' })
    decisions: UnitDecisionInput[],
    @Ctx() { db }: DatasetContext,
  ): Promise<UnitDecisionsResult> {
    const { outcomes, jobId } = await decideUnits(db, datasetId, decisions);
    return { outcomes, job: JobReference.of(jobId) };
  }

  @Authorized('datasets.edit')
  @Mutation(() => JobReference, {
    description:
      'Tries all waiting rows again, for instance after units were imported. Its result: `{landed, waiting}`.',
  })
  async replayDataset(
    @Arg('datasetId', () => ID, { description: 'The dataset.' }) datasetId: string,
    @Ctx() { db }: DatasetContext,
  ) {
    return JobReference.of(await replayDataset(db, datasetId));
  }
}

@Resolver(() => QuarantinedRowConnection)
export class QuarantinedRowConnectionResolver {
  @FieldResolver(() => LongScalar, { description: 'How many rows wait.' })
  totalCount(@Root() { waitsIn }: WaitingList, @Ctx() { db }: DatasetContext) {
    return waitsIn === null ? 0 : countWaiting(db, waitsIn.datasetId, waitsIn.version);
  }
}

/** What waits stands at no unit, so a scope that ends at units holds none of it. */
async function versionOf(
  { db }: Pick<DatasetContext, 'db'>,
  dataset: Dataset,
): Promise<VersionRecord | undefined> {
  if (dataset.currentVersion === null || !seesEveryUnit(db.actor.scope)) return undefined;
  return datasetVersion(db, dataset.id, dataset.currentVersion);
}

function shown(
  { number, cells }: { number: number; cells: string[] },
  defects: readonly DefectRecord[],
  { fields }: VersionRecord,
): QuarantinedRowType {
  return {
    number,
    cells: cells.map((written, slot) => ({ key: fields[slot]?.key ?? null, written })),
    defects: defects
      .filter((defect) => defect.number === number)
      .map(({ slot, value, reason, message }) => ({
        field: fields[slot]?.key ?? null,
        heading: fields[slot]?.heading ?? null,
        value,
        reason,
        message,
      })),
  };
}
