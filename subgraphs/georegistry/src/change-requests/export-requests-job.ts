/** The job that writes change requests to a file, batch by batch; of shapes it reads the area and no outline. */
import { badInput } from '@iroko/errors';
import { CONTENT_TYPES, type Files } from '@iroko/files';
import { type Cursors, RequestContext } from '@iroko/graph';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { writeCsv, writeXlsx, XLSX_ROWS_MAX } from '@iroko/tabular';
import { z } from 'zod';
import type { GeoContext } from '../context';
import { TABLE_FORMATS } from '../exports/table-format';
import { seesDrafts } from '../versions/version';
import { ChangeRequestAnswer } from './change-request-answer';
import { REQUEST_HEADER, requestCells } from './request-columns';
import { requestFilter, requestListOf } from './request-filter';
import { countRequests, type RequestList, requestsPage } from './request-list.sql';

const exportRequestsInput = z.object({ filter: requestFilter, format: z.enum(TABLE_FORMATS) });
export type ExportRequestsInput = z.infer<typeof exportRequestsInput>;

export interface RequestsFile {
  fileId: string;
  name: string;
  requests: number;
}

const KEPT_HOURS = 7 * 24;
const BATCH = 500;

export const exportRequestsJob = defineJob<
  ExportRequestsInput,
  RequestsFile,
  { files: Files; cursors: Cursors }
>({
  name: 'georegistry.export-change-requests',
  input: exportRequestsInput as z.ZodType<ExportRequestsInput>,
  permission: 'change_requests.read',
  handler: (job, { filter, format }, services) =>
    job.db.transaction(
      async (db) => {
        const list = requestListOf(filter, seesDrafts(job.viewer));
        const { count } = await countRequests(db, list);
        if (format === 'XLSX' && count > XLSX_ROWS_MAX) {
          throw badInput(
            `There are ${count} requests; a sheet holds ${XLSX_ROWS_MAX}. Take CSV, or fewer requests.`,
            { path: ['format'] },
          );
        }
        // Loaders remember what they loaded, so each batch gets its own.
        const context = (): GeoContext =>
          new RequestContext({ viewer: job.viewer, requestId: job.id, log: job.logger }, services, {
            forAccount: () => db,
          });
        const cells = cellsOf(job, context, list, count);
        const header = [...REQUEST_HEADER];
        const name = `change requests.${format.toLowerCase()}`;
        // The file's row is written on a connection of its own: this transaction only reads.
        const file = await services.files.store(
          job.db,
          format === 'CSV' ? writeCsv(header, cells) : writeXlsx('Change requests', header, cells),
          {
            name,
            contentType: format === 'CSV' ? 'text/csv' : CONTENT_TYPES.xlsx,
            expiresInHours: KEPT_HOURS,
            limitBytes: Number.MAX_SAFE_INTEGER,
          },
        );
        return { fileId: file.id, name, requests: count };
      },
      { isolation: 'repeatable read', readOnly: true },
    ),
});

async function* cellsOf(
  job: RunningJob,
  context: () => GeoContext,
  list: RequestList,
  total: number,
): AsyncGenerator<string[][]> {
  let done = 0;
  for (let before: string | undefined; ; ) {
    job.throwIfStopped();
    const own = context();
    const rows = await requestsPage(own.db, list, before, BATCH);
    if (rows.length === 0) return;
    const told = await Promise.all(rows.map((row) => new ChangeRequestAnswer(row).forFile(own)));
    yield told.map(requestCells);
    before = rows.at(-1)?.id;
    done += rows.length;
    await job.progress(done, total, 'requests');
  }
}
