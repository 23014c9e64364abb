import { countedAddress } from '@iroko/http';
import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { UserType } from '../users/user-type';
import { shownTo } from '../users/users';
import { changePassword } from './change-password';
import { endSessionsEverywhere } from './end-sessions';
import { updateProfile } from './profile';
import { UpdateProfileInput } from './profile-type';
import { signedInPerson } from './signed-in';

@Resolver()
export class OwnPersonResolver {
  @Authorized()
  @Mutation(() => UserType, {
    description: "Changes one's own profile, in every account. FORBIDDEN for an API token.",
  })
  async updateProfile(
    @Arg('input', () => UpdateProfileInput, { description: 'What to change.' }) input: UpdateProfileInput,
    @Ctx() context: IdentityContext,
  ): Promise<UserType> {
    const { database } = context.services;
    return shownTo(context, await updateProfile(database, context.viewer, input, context.requestId));
  }

  @Authorized()
  @Mutation(() => Boolean, {
    description:
      "Changes one's own password and ends every other session, in every account. Answers true. BAD_USER_INPUT for a wrong present password or code, with `reason`, and for a new one that is easy to guess; RATE_LIMITED after too many wrong ones; FORBIDDEN for an API token.",
  })
  async changePassword(
    @Arg('currentPassword', () => String, { description: 'The present password.' }) currentPassword: string,
    @Arg('newPassword', () => String, {
      description: 'The new one: 10 to 1,000 characters, not easy to guess. No rules on kinds of characters.',
    })
    newPassword: string,
    @Arg('code', () => String, {
      nullable: true,
      description:
        'The code of the app or a recovery code; needed by whoever has a second factor, else not looked at.',
    })
    code: string | null | undefined,
    @Ctx() context: IdentityContext,
  ): Promise<boolean> {
    const from = { source: countedAddress(context.remoteAddress), requestId: context.requestId };
    await changePassword(
      context.services,
      context.viewer,
      { currentPassword, newPassword, code: code ?? null },
      from,
    );
    return true;
  }

  @Authorized()
  @Mutation(() => Boolean, {
    description:
      'Ends all sessions of the person, in every account, this one included; API tokens stay. Answers true. FORBIDDEN for an API token.',
  })
  async signOutEverywhere(@Ctx() context: IdentityContext): Promise<boolean> {
    const { userId } = signedInPerson(context.viewer);
    const { requestId } = context;
    await context.services.database.system.transaction((tx) =>
      endSessionsEverywhere(tx, { userId, requestId }, 'SIGNED_OUT'),
    );
    return true;
  }
}
