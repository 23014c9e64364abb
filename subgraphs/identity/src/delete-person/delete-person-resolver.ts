import { Arg, Authorized, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { originOf } from '../sign-in/source';
import { deleteMyself } from './delete-person';

@InputType({ description: 'Who administers an account from now on.' })
export class HandOverInput {
  @Field(() => ID, { description: 'The id of the account.' })
  accountId!: string;

  @Field(() => ID, {
    description: 'The id of another member, who is given the role that holds every permission.',
  })
  userId!: string;
}

@InputType({ description: 'How one leaves.' })
export class DeleteMyselfInput {
  @Field({ description: 'The present password.' })
  password!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The code of the app or a recovery code; needed by whoever has a second factor, else not looked at.',
  })
  code?: string | null;

  @Field(() => [HandOverInput], {
    nullable: true,
    description: 'Needed for every account of which one is the last administrator and not the only member.',
  })
  handOvers?: HandOverInput[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Ids of accounts to close: only those in which nobody else is.',
  })
  closeAccounts?: string[] | null;
}

@Resolver()
export class DeletePersonResolver {
  @Authorized()
  @Mutation(() => Boolean, {
    description:
      'Deletes oneself, for good and in every account: name, address and password go, also out of the log; sessions and API tokens end; what one did stays. Answers true. BAD_USER_INPUT for a wrong password or code, with `reason`; CONFLICT, with `accountId`, for an account that would be left without administrator; NOT_FOUND; RATE_LIMITED; FORBIDDEN for an API token.',
  })
  async deleteMyself(
    @Arg('input', () => DeleteMyselfInput, { description: 'How one leaves.' }) input: DeleteMyselfInput,
    @Ctx() context: IdentityContext,
  ): Promise<boolean> {
    await deleteMyself(context.services, context.viewer, input, originOf(context));
    return true;
  }
}
