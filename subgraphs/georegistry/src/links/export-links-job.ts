/** The job that writes links to a file, batch by batch: memory does not grow with them. */
import { badInput } from '@iroko/errors';
import { CONTENT_TYPES, type Files } from '@iroko/files';
import { type CursorKey, type Cursors, RequestContext } from '@iroko/graph';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { writeCsv, writeXlsx, XLSX_ROWS_MAX } from '@iroko/tabular';
import { z } from 'zod';
import type { GeoContext } from '../context';
import { TABLE_FORMATS } from '../exports/table-format';
import { findSource } from '../versions/find-version';
import { seesDrafts } from '../versions/version';
import type { LinkRow } from './link';
import { LinkAnswer } from './link-answer';
import { LINK_HEADER, type LinkEnd, linkCells } from './link-columns';
import { LinkSort, linkFilter } from './link-list';
import { countLinks, type LinkList, linkKeys, listLinks } from './link-list.sql';

const exportLinksInput = z.object({ filter: linkFilter, format: z.enum(TABLE_FORMATS) });
export type ExportLinksInput = z.infer<typeof exportLinksInput>;

export interface LinksFile {
  fileId: string;
  name: string;
  links: number;
}

const KEPT_HOURS = 7 * 24;
const BATCH = 1000;

export const exportLinksJob = defineJob<ExportLinksInput, LinksFile, { files: Files; cursors: Cursors }>({
  name: 'georegistry.export-links',
  input: exportLinksInput as z.ZodType<ExportLinksInput>,
  permission: 'links.read',
  handler: (job, { filter, format }, services) =>
    job.db.transaction(
      async (db) => {
        const list = { filter, withDrafts: seesDrafts(job.viewer) };
        const { count } = await countLinks(db, list);
        if (format === 'XLSX' && count > XLSX_ROWS_MAX) {
          throw badInput(
            `There are ${count} links; a sheet holds ${XLSX_ROWS_MAX}. Take CSV, or fewer links.`,
            { path: ['format'] },
          );
        }
        // Loaders remember what they loaded, so each batch gets its own.
        const context = (): GeoContext =>
          new RequestContext({ viewer: job.viewer, requestId: job.id, log: job.logger }, services, {
            forAccount: () => db,
          });
        const rows = cells(job, context, list, count);
        const header = [...LINK_HEADER];
        const name = `links.${format.toLowerCase()}`;
        // The file's row is written on a connection of its own: this transaction only reads.
        const file = await services.files.store(
          job.db,
          format === 'CSV' ? writeCsv(header, rows) : writeXlsx('Links', header, rows),
          {
            name,
            contentType: format === 'CSV' ? 'text/csv' : CONTENT_TYPES.xlsx,
            expiresInHours: KEPT_HOURS,
            limitBytes: Number.MAX_SAFE_INTEGER,
          },
        );
        return { fileId: file.id, name, links: count };
      },
      { isolation: 'repeatable read', readOnly: true },
    ),
});

async function* cells(
  job: RunningJob,
  context: () => GeoContext,
  list: LinkList,
  total: number,
): AsyncGenerator<string[][]> {
  let done = 0;
  for (let after: CursorKey[] | undefined; ; ) {
    job.throwIfStopped();
    const own = context();
    const rows = await listLinks(own.db, list, LinkSort.SCORE_DESC, after, BATCH);
    const last = rows.at(-1);
    if (!last) return;
    yield await Promise.all(rows.map((row) => cellsOf(own, row)));
    after = linkKeys(last, LinkSort.SCORE_DESC);
    done += rows.length;
    await job.progress(done, total, 'links');
  }
}

async function cellsOf(context: GeoContext, row: LinkRow): Promise<string[]> {
  const answer = new LinkAnswer(row);
  const end = async (sourceId: string, unitId: string, which: 'first' | 'second'): Promise<LinkEnd> => {
    const [source, unit] = await Promise.all([findSource(context, sourceId), answer[which]({}, context)]);
    return { source: source.name, unitId, reference: unit?.reference ?? null, name: unit?.name ?? null };
  };
  const [first, second] = await Promise.all([
    end(row.firstSourceId, row.firstUnitId, 'first'),
    end(row.secondSourceId, row.secondUnitId, 'second'),
  ]);
  return linkCells(row, first, second);
}
