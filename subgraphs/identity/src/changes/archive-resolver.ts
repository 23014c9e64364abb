import { archivesOfAccount } from '@iroko/changes';
import { type Connection, type CursorScope, connectionOf, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { Args, Authorized, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { visibleTo } from './visible-changes';

@ObjectType('ChangeArchive', {
  description: 'A part of the log that was put into a file, because it is older than the operator keeps it.',
  simpleResolvers: true,
})
export class ChangeArchiveType {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Field(() => Int, { description: 'How many events it holds.' })
  events!: number;
  @Field(() => Date, { description: 'When its first event was written.' })
  firstAt!: Date;
  @Field(() => Date, { description: 'When its last event was written.' })
  lastAt!: Date;
  @Field(() => Date, { description: 'When it was made.' })
  archivedAt!: Date;
  @Field({
    description:
      'Downloads it for a quarter of an hour: JSON lines, gzipped, an event each with the hashes of the chain. Personal values stand there by reference.',
  })
  downloadUrl!: string;
}

const ChangeArchiveConnection = connectionOf('ChangeArchive', () => ChangeArchiveType);

@Resolver(() => ChangeArchiveType)
export class ChangeArchiveResolver {
  @Authorized('audit.read')
  @Query(() => ChangeArchiveConnection, {
    description: 'What of the log lies in files, newest first. Only whoever sees all of the log sees them.',
  })
  async changeArchives(
    @Args() args: PageArgs,
    @Ctx() context: IdentityContext,
  ): Promise<Connection<ChangeArchiveType>> {
    const { db, services } = context;
    const { withoutTypes, projects } = await visibleTo(context);
    const seesAll = db.actor.scope === undefined && withoutTypes.length === 0 && projects === null;
    const scope: CursorScope = { list: 'changeArchives', account: db.account, filter: {} };
    const page = pageRequest(args, services.cursors, scope);
    const rows = seesAll
      ? await archivesOfAccount(db, page.after ? String(page.after[0]) : null, page.limit)
      : [];
    const archives = rows.map(({ fileId, ...archive }) => ({
      ...archive,
      downloadUrl: services.files.signedUrl({ accountId: db.account, id: fileId }),
    }));
    return pageOf(archives, page, services.cursors, scope, ({ id }) => [id]);
  }
}
