import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { AccountType } from '../accounts/account-type';
import { ownAccount } from '../accounts/accounts.sql';
import type { IdentityContext } from '../context';
import { originOf } from '../sign-in/source';
import { allowedMailDomains, allowMailDomains } from './allowed-mail-domains';
import { confirmRegistration } from './confirm-registration';
import { register } from './register';
import { RegisterInput } from './registration-type';

@Resolver(() => AccountType)
export class RegistrationResolver {
  @Mutation(() => Boolean, {
    description:
      'Asks to found an account or to join one: mails a link to the address, whether or not it has a user here. Nothing is made before confirmRegistration. Answers true. Open to everybody. BAD_USER_INPUT; FORBIDDEN where sign-up is closed or the account does not let the domain in; CONFLICT for a slug that is taken; RATE_LIMITED as requestPasswordReset.',
  })
  async register(
    @Arg('input', () => RegisterInput, { description: 'Who, and what for.' }) input: RegisterInput,
    @Ctx() context: IdentityContext,
  ): Promise<boolean> {
    await register(context.services, input, originOf(context));
    return true;
  }

  @Mutation(() => String, {
    description:
      'Follows the link of a registration: makes the user, and founds or joins the account. Answers the slug of the account to sign in to. Open to whoever has the link. BAD_USER_INPUT for a link that is unknown, expired (after a day) or used, with `reason`, and for a password that is easy to guess; UNAUTHENTICATED when the address has a user with another password; CONFLICT for a slug that was taken meanwhile, and for somebody who is a member already.',
  })
  async confirmRegistration(
    @Arg('token', () => String, { description: 'What stands behind `register=` in the link.' }) token: string,
    @Arg('password', () => String, {
      description:
        'The password: 10 to 1,000 characters, not easy to guess. Of somebody who has a user here, the present one.',
    })
    password: string,
    @Arg('slug', () => String, {
      nullable: true,
      description: 'Another slug for the account, when the one asked for was taken meanwhile.',
    })
    slug: string | null | undefined,
    @Ctx() context: IdentityContext,
  ): Promise<string> {
    return confirmRegistration(context.services, { token, password, slug: slug ?? null }, originOf(context));
  }

  @Authorized('accounts.manage')
  @Mutation(() => AccountType, {
    description:
      'Says whose people may join the account by themselves. They may do nothing until somebody gives them a role.',
  })
  async allowMailDomains(
    @Arg('domains', () => [String], {
      description:
        'All mail domains from now on, such as sante.gouv.example; at most 50. Everybody who can have an address there is let in, so name none of a public mail provider.',
    })
    domains: string[],
    @Ctx() context: IdentityContext,
  ): Promise<AccountType> {
    await allowMailDomains(context.db, domains);
    return ownAccount(context.db);
  }

  @FieldResolver(() => [String], {
    nullable: true,
    description:
      'Mail domains whose people may join by themselves; null unless the viewer holds accounts.manage.',
  })
  async allowedMailDomains(
    @Root() { id }: AccountType,
    @Ctx() context: IdentityContext,
  ): Promise<string[] | null> {
    const { viewer } = context;
    if (viewer.accountId !== id || !viewer.permissions.has('accounts.manage')) return null;
    return allowedMailDomains(context.db);
  }
}
