/** Lists of links as resolvers ask for them. */
import { type CursorScope, type PageArgs, pageOf, pageRequest } from '@iroko/graph';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { seesDrafts } from '../versions/version';
import { LinkAnswer } from './link-answer';
import { checkLinkFilter, type LinkFilter, LinkSort } from './link-list';
import { countLinks, linkKeys, listLinks } from './link-list.sql';

/** A page of links. Throws BAD_USER_INPUT for a filter or cursor that cannot be meant. */
export async function findLinks(
  context: GeoContext,
  filter: LinkFilter,
  sort: LinkSort,
  args: PageArgs,
): Promise<CountedConnection<LinkAnswer>> {
  checkLinkFilter(filter);
  const { cursors } = context.services;
  const scope: CursorScope = { list: 'links', account: context.db.account, sort, filter };
  const page = pageRequest(args, cursors, scope);
  const list = { filter, withDrafts: seesDrafts(context.viewer) };
  const rows = await listLinks(context.db, list, sort, page.after, page.limit);
  const answers = rows.map((row) => new LinkAnswer(row));
  const connection = pageOf(answers, page, cursors, scope, ({ row }) => linkKeys(row, sort));
  return counted(connection, () => countLinks(context.db, list));
}
