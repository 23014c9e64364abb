/**
 * The job that writes a version, or a part of it, to a file. It reads one moment of the tree, also of a draft that
 * others edit meanwhile.
 */
import type { AccountDatabase } from '@iroko/database';
import { notFound } from '@iroko/errors';
import type { Files } from '@iroko/files';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { writeCsv } from '@iroko/tabular';
import { resolveList } from '../org-units/resolve-list';
import { countUnits } from '../org-units/unit-list.sql';
import { sourcesById } from '../sources/source.sql';
import { seesDrafts, type VersionRow } from '../versions/version';
import { versionsById } from '../versions/version.sql';
import { CSV_HEADER, CSV_MAPPING, csvCells } from './csv-columns';
import { type ExportInput, exportInput } from './export-input';
import type { ExportedUnit } from './exported-unit';
import { geoJsonText } from './geojson-text';
import { readUnits } from './read-units';

/** A week: long enough to come back after a weekend. */
const KEPT_HOURS = 7 * 24;

export interface ExportResult {
  /** The file; its download link is `file(id) { downloadUrl }`. */
  fileId: string;
  name: string;
  units: number;
  /** For CSV: the import mapping that reads the file. */
  mapping: typeof CSV_MAPPING | null;
}

export const exportOrgUnits = defineJob<ExportInput, ExportResult, { files: Files }>({
  name: 'georegistry.export-org-units',
  input: exportInput,
  permission: 'org_units.export',
  handler: (job, input, { files }) =>
    job.db.transaction((db) => write(job, db, input, files), {
      isolation: 'repeatable read',
      readOnly: true,
    }),
});

async function write(
  job: RunningJob,
  db: AccountDatabase,
  input: ExportInput,
  files: Files,
): Promise<ExportResult> {
  const version = await visibleVersion(job, db, input.versionId);
  const list = await resolveList(db, [version], input);
  const { count: total } = await countUnits(db, list);
  let done = 0;
  async function* counted(): AsyncGenerator<ExportedUnit[]> {
    for await (const units of readUnits(db, list, version)) {
      job.throwIfStopped();
      yield units;
      done += units.length;
      await job.progress(done, total, 'units');
    }
  }
  const name = await fileName(db, version, input);
  const content = input.format === 'CSV' ? writeCsv(CSV_HEADER, csvRows(counted())) : geoJsonText(counted());
  // The file's row is written on a connection of its own: this transaction only reads.
  const file = await files.store(job.db, content, {
    name,
    contentType: input.format === 'CSV' ? 'text/csv' : 'application/geo+json',
    expiresInHours: KEPT_HOURS,
    limitBytes: Number.MAX_SAFE_INTEGER,
  });
  return { fileId: file.id, name, units: done, mapping: input.format === 'CSV' ? CSV_MAPPING : null };
}

async function* csvRows(batches: AsyncIterable<ExportedUnit[]>): AsyncGenerator<string[][]> {
  for await (const units of batches) yield units.map(csvCells);
}

async function visibleVersion(job: RunningJob, db: AccountDatabase, id: string): Promise<VersionRow> {
  const [version] = await versionsById(db, [id]);
  if (!version || (version.status === 'DRAFT' && !seesDrafts(job.viewer)))
    throw notFound('SourceVersion', id);
  return version;
}

async function fileName(db: AccountDatabase, version: VersionRow, { format }: ExportInput): Promise<string> {
  const [source] = await sourcesById(db, [version.dataSourceId]);
  return `${source?.name ?? 'org units'} v${version.number}.${format === 'CSV' ? 'csv' : 'geojson'}`;
}
