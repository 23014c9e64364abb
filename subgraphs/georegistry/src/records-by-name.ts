/** Lists of records that are few and have names: sources, types, groups, sets. By name, the deleted ones apart. */
import { type CursorScope, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { ArgsType, Field } from 'type-graphql';
import type { GeoContext } from './context';
import { type CountedConnection, counted } from './counted-connection';

@ArgsType()
export class RecordsArgs extends PageArgs {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Those that were deleted in the last 30 days instead.',
  })
  deleted!: boolean;
}

/** The last record of the page before. */
export interface AfterName {
  nameKey: string;
  id: string;
}

export interface RecordList<Row extends AfterName> {
  /** The name of the list, which its cursors are bound to. */
  name: string;
  /** What the list is of, beside `deleted`. */
  filter?: Record<string, unknown>;
  read(after: AfterName | undefined, limit: number): Promise<Row[]>;
  count(): Promise<{ count: number }>;
}

/** A page of them. Throws BAD_USER_INPUT for a size out of range and a cursor of another list. */
export async function pageByName<Row extends AfterName>(
  { db, services: { cursors } }: GeoContext,
  args: RecordsArgs,
  { name, filter = {}, read, count }: RecordList<Row>,
): Promise<CountedConnection<Row>> {
  const scope: CursorScope = {
    list: name,
    account: db.account,
    filter: { ...filter, deleted: args.deleted },
  };
  const page = pageRequest(args, cursors, scope);
  const after = page.after && { nameKey: String(page.after[0]), id: String(page.after[1]) };
  const rows = await read(after, page.limit);
  return counted(
    pageOf(rows, page, cursors, scope, (row) => [row.nameKey, row.id]),
    count,
  );
}
