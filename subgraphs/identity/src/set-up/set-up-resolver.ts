import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { requireOperator } from './operator-tokens';
import { setUpAccount } from './set-up-account';

@InputType({ description: 'The first administrator of an account.' })
export class FirstAdministratorInput {
  @Field({ description: 'The e-mail address.' })
  email!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The password of a new user: 10 to 1,000 characters, not easy to guess; somebody who has a user keeps theirs. Without it an invitation is mailed.',
  })
  password?: string | null;

  @Field(() => String, { nullable: true, description: 'First name of a new user.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Last name of a new user.' })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'Language of a new user: en, fr or pt.' })
  language?: string | null;
}

@InputType({ description: 'The project an account begins with.' })
export class FirstProjectInput {
  @Field({ description: 'Its name; 1 to 200 characters.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What apps on phones call it: 1 to 100 letters, digits, dots, hyphens and underscores.',
  })
  appId?: string | null;
}

@InputType({ description: 'An account to be set up.' })
export class SetUpAccountInput {
  @Field({
    description:
      'Chosen by the operator, 1 to 200 characters: the same key gives the same account, and changes nothing in it.',
  })
  key!: string;

  @Field({
    description: 'Its short name in addresses: 1 to 63 small letters, digits and hyphens; unique everywhere.',
  })
  slug!: string;

  @Field({ description: 'Its name; 1 to 200 characters.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'IANA time zone such as Africa/Kinshasa; UTC without it.',
  })
  timeZone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The language of people who choose none: en, fr or pt; en without it.',
  })
  language?: string | null;

  @Field(() => FirstAdministratorInput, { description: 'Holds every permission.' })
  administrator!: FirstAdministratorInput;

  @Field(() => FirstProjectInput, { nullable: true, description: 'A project to begin with.' })
  project?: FirstProjectInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name of a data source to begin with; a job makes it, with its draft.',
  })
  source?: string | null;
}

@ObjectType('SetUp', { description: 'What came of setting an account up.', simpleResolvers: true })
export class SetUpType {
  @Field(() => ID, { description: 'The id of the account.' })
  accountId!: string;

  @Field({ description: 'The slug of the account.' })
  slug!: string;

  @Field({ description: 'Whether it was made now; false when the key had made it before.' })
  created!: boolean;

  @Field({ description: 'Whether the administrator was mailed an invitation now.' })
  invited!: boolean;
}

@Resolver()
export class SetUpResolver {
  @Mutation(() => SetUpType, {
    description:
      'Sets an account up, whole or not at all. Open to whoever has an operator token, which is made on the machine of the database. UNAUTHENTICATED for another token; BAD_USER_INPUT; CONFLICT for a slug that is taken and for a key that set up another slug.',
  })
  async setUpAccount(
    @Arg('operatorToken', () => String, {
      description: 'Begins with `irokoo_`; made by `npm run iroko -- operator-token create`.',
    })
    operatorToken: string,
    @Arg('input', () => SetUpAccountInput, { description: 'The account.' }) input: SetUpAccountInput,
    @Ctx() context: IdentityContext,
  ): Promise<SetUpType> {
    const { services, requestId } = context;
    await requireOperator(services.database, operatorToken);
    const { administrator, timeZone, language, ...given } = input;
    return setUpAccount(
      services,
      {
        ...given,
        ...present({ timeZone, language }),
        administrator: { email: administrator.email, ...present(administrator) },
      },
      requestId,
    );
  }
}

/** What is given, null being nothing. */
function present<Given extends object>(given: Given): { [Name in keyof Given]?: NonNullable<Given[Name]> } {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== null && value !== undefined),
  ) as { [Name in keyof Given]?: NonNullable<Given[Name]> };
}
