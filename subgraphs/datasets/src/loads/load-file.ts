/**
 * Loading a file into a dataset: look at all of it, decide on fields and units, then land every good row at once as
 * a new version, with the rest in quarantine. Readers see the old version until the new one is whole.
 */
import { createHash } from 'node:crypto';
import { recordChange } from '@iroko/changes';
import { type AccountTransaction, isViolation } from '@iroko/database';
import { badInput, conflict, notFound } from '@iroko/errors';
import type { Files } from '@iroko/files';
import type { RunningJob } from '@iroko/jobs';
import { textKey } from '@iroko/text';
import {
  type DatasetRecord,
  datasetsByIds,
  datasetVersion,
  fieldsOfDatasets,
  insertDataset,
  insertVersion,
  lockDataset,
  publishVersion,
  saveFields,
} from '../datasets/dataset.sql';
import { type OpenTable, openTable } from '../source-files/open-table';
import { scanTable } from '../source-files/scan-table';
import { resolveUnits, type UnitColumn } from '../units/resolve-units';
import { sourceState } from '../units/units.sql';
import type { RowRules } from './build-row';
import type { LoadInput } from './load-input';
import { unitDecisions } from './load-rows.sql';
import { type FieldPlan, planFields } from './plan-fields';
import { writeRows } from './write-rows';

export interface LoadResult {
  datasetId: string;
  version: number;
  /** False: this very file, read in this very way, is the current version already. */
  changed: boolean;
  rows: number;
  quarantined: number;
}

export async function loadFile(job: RunningJob, input: LoadInput, files: Files): Promise<LoadResult> {
  const dataset = await existingDataset(job, input);
  const current = dataset?.currentVersion
    ? await datasetVersion(job.db, dataset.id, dataset.currentVersion)
    : undefined;
  const fileId = input.fileId ?? current?.fileId;
  if (!fileId) throw badInput('There is no file to load.', { path: ['fileId'] });
  // What was decided about the earlier file counts for it again, until somebody decides otherwise.
  const choices = { ...(input.fileId ? {} : current?.reading), ...withoutNulls(input.reading) };
  const table = await openTable(files, job.db, fileId, choices);
  try {
    return await loadTable(job, input, files, table, dataset);
  } finally {
    await table.dispose();
  }
}

async function existingDataset(
  job: RunningJob,
  { datasetId, create }: LoadInput,
): Promise<DatasetRecord | undefined> {
  const [dataset] = await datasetsByIds(job.db, [datasetId]);
  if (!dataset && !create) throw notFound('Dataset', datasetId);
  return dataset;
}

async function loadTable(
  job: RunningJob,
  input: LoadInput,
  files: Files,
  table: OpenTable,
  dataset: DatasetRecord | undefined,
): Promise<LoadResult> {
  const existing = dataset ? await fieldsOfDatasets(job.db, [dataset.id]) : [];
  const unit = unitOf(input, dataset, existing.find(({ isUnit }) => isUnit)?.heading);
  if (unit) await demandSource(job, unit);
  const unitColumn = unit ? table.headings.indexOf(unit.heading) : -1;
  const scan = await scanTable(table, {
    ...(unitColumn < 0 ? {} : { unitColumn }),
    onBatch: async (rows) => {
      job.throwIfStopped();
      await job.progress(rows, null, 'rows', 'Looking at the file');
    },
  });
  const plan = planFields({
    datasetId: input.datasetId,
    existing,
    columns: scan.columns,
    choices: input.fields,
    unitHeading: unit?.heading ?? null,
  });
  const decided = new Map(
    (await unitDecisions(job.db, input.datasetId)).map(({ valueKey, unitId }) => [valueKey, unitId]),
  );
  const rules: RowRules = {
    fields: plan.fields,
    habits: table.reading,
    unitBy: unit?.by ?? null,
    resolutions: unit ? await resolveUnits(job.db, unit, scan.unitValues, decided) : new Map(),
  };
  try {
    return await job.complete((tx) =>
      land(tx, job, { input, files, table, plan, rules, unit, rowCount: scan.rowCount }),
    );
  } catch (error) {
    if (!isViolation(error, 'dataset_name_unique')) throw error;
    throw conflict(`There is a dataset called ${JSON.stringify(input.create?.name)} already.`, {
      fields: ['name'],
    });
  }
}

interface Landing {
  input: LoadInput;
  files: Files;
  table: OpenTable;
  plan: FieldPlan;
  rules: RowRules;
  unit: NamedUnitColumn | null;
  rowCount: number;
}

async function land(tx: AccountTransaction, job: RunningJob, landing: Landing): Promise<LoadResult> {
  const { input, files, table, plan, rules, unit, rowCount } = landing;
  const dataset = await claimDataset(tx, input);
  const contentHash = hashOf(landing);
  if (dataset.currentVersion !== null) {
    const current = await datasetVersion(tx, dataset.id, dataset.currentVersion);
    if (current?.contentHash.equals(contentHash)) {
      return { datasetId: dataset.id, version: current.number, changed: false, rows: 0, quarantined: 0 };
    }
  }
  await saveFields(tx, plan.fields);
  const version = await insertVersion(tx, {
    datasetId: dataset.id,
    fileId: table.file.id,
    contentHash,
    reading: table.reading,
    fields: plan.fields,
  });
  await files.keep(tx, table.file.id);
  const counts = await writeRows(
    tx,
    { datasetId: dataset.id, version, table, columns: plan.columns, rules },
    async (done) => {
      job.throwIfStopped();
      await job.progress(done, rowCount, 'rows', 'Writing rows');
    },
  );
  await publishVersion(tx, dataset.id, version, unit);
  const result = { datasetId: dataset.id, version, changed: true, ...counts };
  await recordChange(tx, {
    subjectType: 'Dataset',
    subjectId: dataset.id,
    action: 'LOAD',
    before: { version: dataset.currentVersion },
    after: {
      version,
      file: table.file.name,
      fields: plan.fields.map(({ key, type }) => ({ key, type })),
      ...counts,
    },
  });
  return result;
}

/** Locked until the new version has landed. */
async function claimDataset(
  tx: AccountTransaction,
  { datasetId, create }: LoadInput,
): Promise<Pick<DatasetRecord, 'id' | 'currentVersion'>> {
  const known = await lockDataset(tx, datasetId);
  if (known) return known;
  if (!create) throw notFound('Dataset', datasetId);
  await insertDataset(tx, { id: datasetId, ...create, nameKey: textKey(create.name) });
  await recordChange(tx, {
    subjectType: 'Dataset',
    subjectId: datasetId,
    action: 'CREATE',
    before: null,
    after: { name: create.name, description: create.description },
  });
  return { id: datasetId, currentVersion: null };
}

interface NamedUnitColumn extends UnitColumn {
  heading: string;
}

function unitOf(
  input: LoadInput,
  dataset: DatasetRecord | undefined,
  heading: string | undefined,
): NamedUnitColumn | null {
  if (input.unit) return input.unit;
  if (!dataset?.unitBy || heading === undefined) return null;
  return { heading, by: dataset.unitBy, dataSourceId: dataset.unitSourceId };
}

/** Without a released version nothing could be found, and every row would wait for a reason nobody sees. */
async function demandSource(job: RunningJob, { by, dataSourceId }: UnitColumn): Promise<void> {
  if (by === 'ID') return;
  const source = dataSourceId ? await sourceState(job.db, dataSourceId) : undefined;
  if (!source) throw notFound('DataSource', dataSourceId ?? '');
  if (!source.released) {
    throw badInput(
      'The data source has no released version yet. Release its draft, then load the file again.',
      {
        path: ['unit', 'dataSourceId'],
      },
    );
  }
}

/** Over the bytes and everything that decides what they mean. */
function hashOf({ table, plan, unit }: Landing): Buffer {
  const { dateOrderAmbiguous: _, ...reading } = table.reading;
  const meaning = JSON.stringify([
    reading,
    plan.fields.map(({ heading, type, isUnit }) => [heading, type, isUnit]),
    unit ? [unit.by, unit.dataSourceId] : null,
  ]);
  return createHash('sha256').update(table.file.sha256).update(meaning).digest();
}

function withoutNulls<Value extends object>(value: Value): Partial<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one != null)) as Partial<Value>;
}
