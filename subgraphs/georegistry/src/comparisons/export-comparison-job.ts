/** The job that writes a comparison to a file, batch by batch: memory does not grow with its rows. */
import { badInput, notFound } from '@iroko/errors';
import { CONTENT_TYPES, type Files } from '@iroko/files';
import { readWkb } from '@iroko/geometry';
import { type Cursors, RequestContext } from '@iroko/graph';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { writeCsv, writeXlsx, XLSX_ROWS_MAX } from '@iroko/tabular';
import { requireEveryUnit } from '@iroko/viewer';
import { z } from 'zod';
import type { GeoContext } from '../context';
import { type DescribedUnit, fieldValue } from '../differences/difference';
import { described } from '../differences/find-differences';
import { featureCollection } from '../exports/geojson-text';
import type { StateAnswer } from '../org-units/place-answer';
import { locationOf } from '../org-units/state';
import { geometriesByHash } from '../shapes/shape.sql';
import { seesDrafts } from '../versions/version';
import { type ComparedAnswer, comparedAnswers } from './compared-answer';
import { COMPARED_STATUSES } from './comparison';
import { type ComparedFilter, comparedPage, comparisonById, countCompared } from './comparison.sql';
import { cellsOf, type DescribedRow, headerOf } from './comparison-columns';
import { sidesOf } from './comparison-job';

export const COMPARISON_FORMATS = ['CSV', 'XLSX', 'GEOJSON'] as const;
export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];

const exportComparisonInput = z.object({
  comparisonId: z.string(),
  format: z.enum(COMPARISON_FORMATS),
  statuses: z.array(z.enum(COMPARED_STATUSES)).nullish(),
});
type Input = z.infer<typeof exportComparisonInput>;

export interface ComparisonFile {
  fileId: string;
  name: string;
  units: number;
}

const KEPT_HOURS = 7 * 24;
const BATCH = 500;
const FORMATS: Record<ComparisonFormat, { extension: string; contentType: string }> = {
  CSV: { extension: 'csv', contentType: 'text/csv' },
  XLSX: { extension: 'xlsx', contentType: CONTENT_TYPES.xlsx },
  GEOJSON: { extension: 'geojson', contentType: 'application/geo+json' },
};

export const exportComparison = defineJob<Input, ComparisonFile, { files: Files; cursors: Cursors }>({
  name: 'georegistry.export-comparison',
  input: exportComparisonInput,
  permission: 'org_units.export',
  handler: async (job, input, services) =>
    job.db.transaction(
      async (db) => {
        requireEveryUnit(job.db.actor, 'A comparison');
        const comparison = await comparisonById(db, input.comparisonId, seesDrafts(job.viewer));
        if (!comparison?.finishedAt) throw notFound('Comparison', input.comparisonId);
        const filter = { statuses: input.statuses ?? undefined };
        const { count } = await countCompared(db, comparison.id, filter);
        if (input.format === 'XLSX' && count > XLSX_ROWS_MAX) {
          throw badInput(
            `The comparison has ${count} rows; a sheet holds ${XLSX_ROWS_MAX}. Take CSV, or fewer statuses.`,
            { path: ['format'] },
          );
        }
        const { fields } = comparison.options;
        const sides = await sidesOf(db, comparison);
        // Loaders remember what they loaded, so each batch gets its own.
        const context = (): GeoContext =>
          new RequestContext({ viewer: job.viewer, requestId: job.id, log: job.logger }, services, {
            forAccount: () => db,
          });
        const batches = batchesOf(job, db, comparison.id, filter, count, async (rows) => {
          const own = context();
          return { context: own, answers: await comparedAnswers(own, sides, rows) };
        });
        const { extension, contentType } = FORMATS[input.format];
        const name = `comparison.${extension}`;
        const content =
          input.format === 'GEOJSON'
            ? featureCollection(features(batches))
            : input.format === 'CSV'
              ? writeCsv(headerOf(fields), cells(batches, fields))
              : writeXlsx('Comparison', headerOf(fields), cells(batches, fields));
        // The file's row is written on a connection of its own: this transaction only reads.
        const file = await services.files.store(job.db, content, {
          name,
          contentType,
          expiresInHours: KEPT_HOURS,
          limitBytes: Number.MAX_SAFE_INTEGER,
        });
        return { fileId: file.id, name, units: count };
      },
      { isolation: 'repeatable read', readOnly: true },
    ),
});

interface Batch {
  context: GeoContext;
  answers: ComparedAnswer[];
}

async function* batchesOf(
  job: RunningJob,
  db: Parameters<typeof comparedPage>[0],
  comparisonId: string,
  filter: ComparedFilter,
  total: number,
  answer: (rows: Awaited<ReturnType<typeof comparedPage>>) => Promise<Batch>,
): AsyncGenerator<Batch> {
  let after = 0;
  let done = 0;
  for (;;) {
    job.throwIfStopped();
    const rows = await comparedPage(db, comparisonId, filter, after, BATCH);
    const last = rows.at(-1);
    if (!last) return;
    yield await answer(rows);
    after = last.position;
    done += rows.length;
    await job.progress(done, total, 'units');
  }
}

async function* cells(batches: AsyncIterable<Batch>, fields: Parameters<typeof cellsOf>[1]) {
  for await (const batch of batches) {
    const rows = await Promise.all(batch.answers.map((answer) => describedRow(answer, batch.context)));
    yield rows.map((row) => cellsOf(row, fields));
  }
}

async function describedRow(answer: ComparedAnswer, context: GeoContext): Promise<DescribedRow> {
  const side = (state: StateAnswer | null): Promise<DescribedUnit> | null =>
    state && described(context, state);
  return {
    status: answer.status,
    before: await side(answer.before),
    after: await side(answer.after),
    referenceBefore: answer.before?.reference ?? null,
    referenceAfter: answer.after?.reference ?? null,
    differences: await Promise.all(
      (await answer.fields({}, context)).map(async (field) => ({
        ...field,
        areaDifferingM2: await field.areaDifferingM2({}, context),
      })),
    ),
  };
}

async function* features(batches: AsyncIterable<Batch>): AsyncGenerator<object[]> {
  for await (const { context, answers } of batches) {
    const states = answers.map(({ after, before }) => after ?? before);
    const hashes = states.flatMap((state) => (state?.row.shapeHash ? [state.row.shapeHash] : []));
    const found = await geometriesByHash(context.db, hashes, 0);
    const shapes = new Map(found.map(({ hash, wkb }) => [hash.toString('hex'), readWkb(wkb)]));
    yield await Promise.all(answers.map((answer) => feature(answer, context, shapes)));
  }
}

/** Where the unit is now, or was: its shape, else its point. */
async function feature(
  answer: ComparedAnswer,
  context: GeoContext,
  shapes: ReadonlyMap<string, object>,
): Promise<object> {
  const state = answer.after ?? answer.before;
  const location = state && locationOf(state.row);
  const shape = state?.row.shapeHash && shapes.get(state.row.shapeHash.toString('hex'));
  const point = location && { type: 'Point', coordinates: [location.longitude, location.latitude] };
  const row = await describedRow(answer, context);
  const name = (unit: DescribedUnit | null) => (unit ? fieldValue('NAME', unit) : null);
  return {
    type: 'Feature',
    geometry: shape || point || null,
    properties: {
      status: row.status,
      referenceBefore: row.referenceBefore,
      referenceAfter: row.referenceAfter,
      nameBefore: name(row.before),
      nameAfter: name(row.after),
      fields: row.differences,
    },
  };
}
