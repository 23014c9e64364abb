/** A page of submissions, for the root field and for the places they were made at. */
import { isId } from '@iroko/database';
import { type Connection, type PageArgs, pageOf, pageRequest } from '@iroko/graph';
import type { SubmissionContext } from '../services';
import { type SubmissionFilter, type SubmissionRow, submissionsPage } from './submissions.sql';

export interface SubmissionList extends Connection<SubmissionRow> {
  readonly filter: SubmissionFilter | null;
}

export async function listSubmissions(
  { db, services: { cursors } }: SubmissionContext,
  args: PageArgs,
  filter: SubmissionFilter,
): Promise<SubmissionList> {
  const scope = { list: 'submissions', account: db.account, filter: { ...filter } };
  const page = pageRequest(args, cursors, scope);
  const possible = [filter.formId, filter.orgUnitId].every((id) => id == null || isId(id));
  const after = (page.after?.[0] as string | undefined) ?? null;
  const rows = possible ? await submissionsPage(db, filter, after, page.limit) : [];
  return Object.assign(
    pageOf(rows, page, cursors, scope, ({ id }) => [id]),
    { filter: possible ? filter : null },
  );
}
