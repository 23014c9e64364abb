import { isModuleOn, MODULES } from '@iroko/viewer';
import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { IdentityContext } from '../../context';
import { AccountType } from '../account-type';
import { ownAccount } from '../accounts.sql';
import { revertAccountChange } from './revert-settings';
import { updateAccount } from './settings';
import { type AccountSettingsRow, settingsOfAccount } from './settings.sql';
import { AccountSettingsType, UpdateAccountInput } from './settings-type';

@Resolver(() => AccountType)
export class AccountSettingsResolver {
  @FieldResolver(() => AccountSettingsType, {
    nullable: true,
    description: 'What it has chosen; null unless the viewer acts in it.',
  })
  async settings(
    @Root() { id }: AccountType,
    @Ctx() context: IdentityContext,
  ): Promise<AccountSettingsType | null> {
    const { viewer, services } = context;
    if (viewer.accountId !== id || viewer.kind === 'anonymous') return null;
    return shown(await settingsOfAccount(context.db), (logo) =>
      services.files.signedUrl({ accountId: id, id: logo }),
    );
  }

  @Authorized('accounts.manage')
  @Mutation(() => AccountType, {
    description:
      'Changes the account. BAD_USER_INPUT; NOT_FOUND for a logo that is no file of the viewer; FORBIDDEN for a viewer whose scope is a part of the account; CONFLICT for another revision.',
  })
  async updateAccount(
    @Arg('input', () => UpdateAccountInput, { description: 'What to change.' }) input: UpdateAccountInput,
    @Ctx() context: IdentityContext,
  ): Promise<AccountType> {
    await updateAccount(context.db, context.viewer, context.services.files, input);
    return ownAccount(context.db);
  }

  @Authorized('accounts.manage')
  @Mutation(() => AccountType, {
    description:
      'Takes an edit of the settings of the account back, as a new change that names it: the fields that the event changed become what they were before it. NOT_FOUND for an event of something else; BAD_USER_INPUT for one that is no edit, such as a creation; CONFLICT with the fields that were changed again since; otherwise errors as updateAccount.',
  })
  async revertAccountChange(
    @Arg('event', () => ID, { description: 'The id of the ChangeEvent.' }) event: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, kept in the log.' }) reason:
      | string
      | null,
    @Ctx() context: IdentityContext,
  ): Promise<AccountType> {
    const { db, viewer, services } = context;
    await revertAccountChange(db, viewer, services.files, event, reason);
    return ownAccount(db);
  }
}

function shown(row: AccountSettingsRow, linkTo: (fileId: string) => string): AccountSettingsType {
  const { languages, modules, labels, theme, logoFileId, revision } = row;
  return {
    languages,
    modules: MODULES.filter((name) => isModuleOn(name, modules)),
    labels: Object.entries(labels)
      .flatMap(([language, words]) =>
        Object.entries(words).map(([label, text]) => ({ language, label, text })),
      )
      .sort((a, b) => (`${a.language} ${a.label}` < `${b.language} ${b.label}` ? -1 : 1)),
    theme: {
      title: theme.title ?? null,
      primaryColour: theme.primaryColour ?? null,
      secondaryColour: theme.secondaryColour ?? null,
      logoUrl: logoFileId === null ? null : linkTo(logoFileId),
    },
    revision,
  };
}
