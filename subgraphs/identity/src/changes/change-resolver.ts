import { type Connection, PageArgs } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { ChangeEventConnection, type ChangeEventType, ChangeFilterInput } from './change-type';
import { changesPage } from './changes-page';

@Resolver()
export class ChangeResolver {
  @Authorized('audit.read')
  @Query(() => ChangeEventConnection, {
    description:
      'The log of changes of the account, oldest first, in the order in which they were committed. Ask again with the last `endCursor` for what came since: nothing is missed and nothing comes twice.',
  })
  changes(
    @Args() args: PageArgs,
    @Arg('filter', () => ChangeFilterInput, { nullable: true, description: 'Which changes; all without it.' })
    filter: ChangeFilterInput | null,
    @Ctx() context: IdentityContext,
  ): Promise<Connection<ChangeEventType>> {
    return changesPage(context.db, context.services.changeCursors, args, filter ?? {});
  }
}
