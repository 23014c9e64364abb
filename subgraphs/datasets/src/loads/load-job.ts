/** Asking for a file to be loaded, and the job that does it. */
import { type AccountDatabase, isId, newId } from '@iroko/database';
import { badInput, conflict, limitExceeded, notFound } from '@iroko/errors';
import { defineJob, enqueue } from '@iroko/jobs';
import { textKey } from '@iroko/text';
import { requireEveryUnit } from '@iroko/viewer';
import type { FieldType } from '../cells/field-type';
import { datasetNamed, datasetsByIds } from '../datasets/dataset.sql';
import type { DatasetServices } from '../services';
import { COLUMNS_MAX } from '../source-files/open-table';
import { type ReadingChoices, readingChoices } from '../source-files/reading';
import type { UnitMark } from '../units/resolve-units';
import { type LoadResult, loadFile } from './load-file';
import { type LoadInput, loadInput } from './load-input';

export const loadJob = defineJob<LoadInput, LoadResult, DatasetServices>({
  name: 'datasets.load',
  input: loadInput,
  permission: 'datasets.edit',
  oneAtATimeBy: ({ datasetId }) => datasetId,
  handler: (job, input, { files }) => loadFile(job, input, files),
});

const NAME_LENGTH_MAX = 255;
const DESCRIPTION_LENGTH_MAX = 10_000;

export interface LoadRequest {
  reading?: ReadingChoices | null;
  fields?: { heading: string; type: FieldType }[] | null;
  unit?: { heading: string; by: UnitMark; dataSourceId?: string | null } | null;
}

export interface Load {
  datasetId: string;
  jobId: string;
}

/** Asks for a new dataset from a file. It is there when the job has succeeded, and not before. */
export async function createDataset(
  { files }: DatasetServices,
  db: AccountDatabase,
  request: LoadRequest & { name: string; description?: string | null; fileId: string },
): Promise<Load> {
  requireEveryUnit(db.actor, 'A dataset');
  const name = checkedName(request.name);
  const description = checkedDescription(request.description);
  await files.find(db, request.fileId);
  if (await datasetNamed(db, textKey(name))) {
    throw conflict(
      `There is a dataset called ${JSON.stringify(name)} already. Load the file into it, or choose another name.`,
      {
        fields: ['name'],
      },
    );
  }
  const datasetId = newId();
  return ask(db, {
    datasetId,
    create: { name, description },
    fileId: request.fileId,
    ...checkedRequest(request),
  });
}

/** Asks for another file to take the place of a dataset's rows, or for its file to be read in another way. */
export async function reloadDataset(
  { files }: DatasetServices,
  db: AccountDatabase,
  request: LoadRequest & { datasetId: string; fileId?: string | null },
): Promise<Load> {
  requireEveryUnit(db.actor, 'A dataset');
  const [dataset] = isId(request.datasetId) ? await datasetsByIds(db, [request.datasetId]) : [];
  if (!dataset) throw notFound('Dataset', request.datasetId);
  if (request.fileId != null) await files.find(db, request.fileId);
  return ask(db, {
    datasetId: dataset.id,
    create: null,
    fileId: request.fileId ?? null,
    ...checkedRequest(request),
  });
}

async function ask(db: AccountDatabase, input: LoadInput): Promise<Load> {
  const jobId = await db.transaction((tx) => enqueue(tx, loadJob, input));
  return { datasetId: input.datasetId, jobId };
}

function checkedRequest({
  reading,
  fields,
  unit,
}: LoadRequest): Pick<LoadInput, 'reading' | 'fields' | 'unit'> {
  const choices = readingChoices.safeParse(reading ?? {});
  if (!choices.success) {
    const [issue] = choices.error.issues;
    throw badInput(`reading.${issue?.path.join('.')}: ${issue?.message}.`, {
      path: ['input', 'reading', ...(issue?.path.map(String) ?? [])],
    });
  }
  if ((fields?.length ?? 0) > COLUMNS_MAX) {
    throw limitExceeded(
      `A dataset has at most ${COLUMNS_MAX} fields.`,
      'fields',
      COLUMNS_MAX,
      fields?.length,
    );
  }
  return { reading: choices.data, fields: fields ?? [], unit: unit ? checkedUnit(unit) : null };
}

function checkedUnit({
  heading,
  by,
  dataSourceId,
}: NonNullable<LoadRequest['unit']>): NonNullable<LoadInput['unit']> {
  if (by === 'ID') return { heading, by, dataSourceId: null };
  if (dataSourceId == null) {
    throw badInput(`A ${by.toLowerCase()} tells a unit only within a data source: say in which.`, {
      path: ['input', 'unit', 'dataSourceId'],
    });
  }
  if (!isId(dataSourceId)) throw notFound('DataSource', dataSourceId);
  return { heading, by, dataSourceId };
}

export function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > NAME_LENGTH_MAX) {
    throw badInput(`A dataset's name has 1 to ${NAME_LENGTH_MAX} characters.`, { path: ['input', 'name'] });
  }
  return trimmed;
}

export function checkedDescription(description: string | null | undefined): string | null {
  const trimmed = description?.trim() || null;
  if (trimmed && trimmed.length > DESCRIPTION_LENGTH_MAX) {
    throw badInput(`A description has at most ${DESCRIPTION_LENGTH_MAX} characters.`, {
      path: ['input', 'description'],
    });
  }
  return trimmed;
}
