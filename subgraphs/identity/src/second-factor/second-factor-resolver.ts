import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { originOf } from '../sign-in/source';
import { CreatedSecondFactorType } from './created-second-factor-type';
import {
  beginSecondFactor,
  confirmSecondFactor,
  newRecoveryCodes,
  removeSecondFactor,
} from './second-factor';

const PASSWORD = { description: 'The present password.' };
const CODE = { description: 'The six digits that the app shows, or a recovery code.' };

@Resolver()
export class SecondFactorResolver {
  @Authorized()
  @Mutation(() => CreatedSecondFactorType, {
    description:
      'Begins a second factor (TOTP) for oneself, which is not asked for before confirmSecondFactor. Takes the place of one that was begun and not confirmed. BAD_USER_INPUT for a wrong password; CONFLICT when one is active; RATE_LIMITED; FORBIDDEN for an API token.',
  })
  beginSecondFactor(
    @Arg('password', () => String, PASSWORD) password: string,
    @Ctx() context: IdentityContext,
  ): Promise<CreatedSecondFactorType> {
    return beginSecondFactor(context.services, context.viewer, password, originOf(context));
  }

  @Authorized()
  @Mutation(() => [String], {
    description:
      'Makes the second factor active, ends every other session, and answers ten recovery codes, each good once, which are shown this once. BAD_USER_INPUT for a wrong code; CONFLICT when none was begun or it is active already; RATE_LIMITED; FORBIDDEN for an API token.',
  })
  confirmSecondFactor(
    @Arg('code', () => String, { description: 'The six digits that the app shows.' }) code: string,
    @Ctx() context: IdentityContext,
  ): Promise<string[]> {
    return confirmSecondFactor(context.services, context.viewer, code, originOf(context));
  }

  @Authorized()
  @Mutation(() => Boolean, {
    description:
      'Removes the second factor with its recovery codes. Answers true. BAD_USER_INPUT for a wrong password or code; CONFLICT when there is none; RATE_LIMITED; FORBIDDEN for an API token.',
  })
  async removeSecondFactor(
    @Arg('password', () => String, PASSWORD) password: string,
    @Arg('code', () => String, CODE) code: string,
    @Ctx() context: IdentityContext,
  ): Promise<boolean> {
    await removeSecondFactor(context.services, context.viewer, { password, code }, originOf(context));
    return true;
  }

  @Authorized()
  @Mutation(() => [String], {
    description:
      'Ten new recovery codes, shown this once; those before are refused from now on. Errors as removeSecondFactor.',
  })
  newRecoveryCodes(
    @Arg('password', () => String, PASSWORD) password: string,
    @Arg('code', () => String, CODE) code: string,
    @Ctx() context: IdentityContext,
  ): Promise<string[]> {
    return newRecoveryCodes(context.services, context.viewer, { password, code }, originOf(context));
  }
}
