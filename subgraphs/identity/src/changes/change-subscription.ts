import { Arg, Authorized, Resolver, Root, Subscription } from 'type-graphql';
import type { IdentityContext } from '../context';
import { ChangeEventType, ChangeFilterInput } from './change-type';
import { liveChanges } from './live-changes';

interface ChangesArguments {
  after?: string | null;
  filter?: ChangeFilterInput | null;
}

@Resolver(() => ChangeEventType)
export class ChangeSubscription {
  @Authorized('audit.read')
  @Subscription(() => ChangeEventType, {
    description:
      'The log of changes from a cursor on: what happened since, then what happens, without a seam. Every event has the cursor to come back with; nothing is missed and, within one subscription, nothing comes twice. Ends with an error that says why when the token expires or a right is gone.',
    subscribe: ({ args, context }) => {
      const { after, filter } = args as ChangesArguments;
      return liveChanges(context as IdentityContext, after ?? null, filter ?? {});
    },
  })
  changes(
    @Root() event: ChangeEventType,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The cursor behind which it begins; the beginning of the log without it.',
    })
    _after: string | null,
    @Arg('filter', () => ChangeFilterInput, { nullable: true, description: 'Which changes; all without it.' })
    _filter: ChangeFilterInput | null,
  ): ChangeEventType {
    return event;
  }
}
