import { type Connection, PageArgs } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { IdentityContext } from '../context';
import { ChangeEventConnection, ChangeEventType, ChangeFilterInput } from './change-type';
import { changesPage } from './changes-page';
import { ChangeSubjectType, subjectOf } from './subjects';

@Resolver(() => ChangeEventType)
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
    return changesPage(context, args, filter ?? {});
  }

  @FieldResolver(() => ChangeSubjectType, {
    nullable: true,
    description:
      'What it happened to, as it is now and as the viewer may see it; null when it is gone, hidden, or no type that is reached by id.',
  })
  subject(
    @Root() { subjectType, subjectId }: ChangeEventType,
    @Ctx() context: IdentityContext,
  ): Promise<object | null> {
    return subjectOf(context, subjectType, subjectId);
  }
}
