/** App users over GraphQL. */
import 'reflect-metadata';
import { isId } from '@iroko/database';
import { inOrderOf, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { SubmissionContext } from '../services';
import { AppUser, AppUserConnection, CreatedAppUser } from './app-user.types';
import { createAppUser, revokeAppUser } from './app-users.service';
import { appUsersByIds, appUsersPage } from './app-users.sql';

@Resolver(() => AppUser)
export class AppUserResolver {
  @Authorized('forms.edit')
  @Query(() => AppUserConnection, {
    description: 'The app users of the account, revoked ones included, newest first.',
  })
  async appUsers(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { db, services: { cursors } }: SubmissionContext,
  ) {
    const scope = { list: 'appUsers', account: db.account };
    const page = pageRequest(args, cursors, scope);
    const rows = await appUsersPage(db, (page.after?.[0] as string | undefined) ?? null, page.limit);
    return pageOf(rows, page, cursors, scope, ({ id }) => [id]);
  }

  @Authorized('forms.edit')
  @Mutation(() => CreatedAppUser, {
    description: 'Makes an app user. Its key is in this answer and nowhere else.',
  })
  async createAppUser(
    @Arg('name', () => String, {
      description: '1 to 255 characters, such as the name of the person or the phone.',
    })
    name: string,
    @Ctx() { db }: SubmissionContext,
  ): Promise<CreatedAppUser> {
    const { id, key } = await createAppUser(db, name);
    const [appUser] = await appUsersByIds(db, [id]);
    return { appUser: appUser as AppUser, key, serverPath: `/openrosa/${key}` };
  }

  @Authorized('forms.edit')
  @Mutation(() => AppUser, {
    description: "Ends an app user's key at once; what it sent stays. Twice is the same as once.",
  })
  revokeAppUser(
    @Arg('id', () => ID, { description: 'The app user.' }) id: string,
    @Ctx() { db }: SubmissionContext,
  ) {
    return revokeAppUser(db, id);
  }
}

/** App users by id, in the order of the ids; undefined where there is none. */
export async function appUsersInOrder({ db }: SubmissionContext, ids: readonly string[]) {
  return inOrderOf(ids, await appUsersByIds(db, ids.filter(isId)), ({ id }) => id);
}

export function appUserLoader(context: SubmissionContext) {
  return context.loader('appUser', (ids: readonly string[]) => appUsersInOrder(context, ids));
}
