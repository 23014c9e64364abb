/**
 * A page of rows. A cursor names the version it was made for, so that a list that was begun is read to its end even
 * when a new version lands meanwhile.
 */
import type { AccountDatabase } from '@iroko/database';
import { badInput } from '@iroko/errors';
import { type Connection, type Cursors, type PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { datasetVersion, type VersionRecord } from '../datasets/dataset.sql';
import type { DatasetCell, DatasetRow } from './row.types';
import { type RowFilter, type RowQuery, type RowSort, rowQuery } from './row-conditions';
import { type RowRecord, type RowSource, rowsPage } from './rows.sql';

export interface RowList extends Connection<DatasetRow> {
  /** Null when the dataset has no version yet. */
  readonly counted: { source: RowSource; query: RowQuery } | null;
}

export interface RowRequest {
  args: PageArgs;
  filter: RowFilter | null;
  sort: RowSort | null;
  version: number | null;
}

export async function listRows(
  db: AccountDatabase,
  cursors: Cursors,
  dataset: { id: string; currentVersion: number | null },
  { args, filter, sort, version: asked }: RowRequest,
): Promise<RowList> {
  const scope = { list: `datasetRows ${dataset.id}`, account: db.account, filter: [filter, asked], sort };
  const page = pageRequest(args, cursors, scope);
  const number = asked ?? (page.after?.[0] as number | undefined) ?? dataset.currentVersion;
  const version = number === null ? undefined : await datasetVersion(db, dataset.id, number);
  if (!version) {
    if (asked !== null) throw badInput(`The dataset has no version ${asked}.`, { path: ['version'] });
    return Object.assign(
      pageOf<DatasetRow>([], page, cursors, scope, () => []),
      { counted: null },
    );
  }
  const source = { datasetId: dataset.id, version: version.number };
  const query = rowQuery(version.fields, filter, sort);
  const rows = await rowsPage(db, source, query, (page.after?.[1] as number | undefined) ?? null, page.limit);
  return Object.assign(
    pageOf(
      rows.map((row) => shown(row, version)),
      page,
      cursors,
      scope,
      (row) => [version.number, row.number],
    ),
    { counted: { source, query } },
  );
}

function shown({ number, unitId, values, written }: RowRecord, { fields }: VersionRecord): DatasetRow {
  const cells = fields.map(({ slot, key, type }): DatasetCell => {
    const value = values[slot] ?? null;
    return {
      key,
      value,
      written: written?.[slot] ?? value,
      number: value !== null && (type === 'INTEGER' || type === 'DECIMAL') ? Number(value) : null,
      boolean: value !== null && type === 'BOOLEAN' ? value === 'true' : null,
      date: type === 'DATE' ? value : null,
      dateTime: value !== null && type === 'DATE_TIME' ? new Date(value) : null,
    };
  });
  return { number, unitId, cells };
}
