/** Taking a change of the account's settings back, under the rules of such a change. */
import { editToRevert } from '@iroko/changes';
import type { AccountDatabase } from '@iroko/database';
import type { Files } from '@iroko/files';
import { MODULES, type Viewer } from '@iroko/viewer';
import { updateAccount } from './settings';
import { type AccountSettingsRow, settingsForChange } from './settings.sql';
import type { UpdateAccountInput } from './settings-type';

type Settings = Omit<AccountSettingsRow, 'id' | 'revision'>;

const NAMES = [
  'name',
  'timeZone',
  'language',
  'languages',
  'modules',
  'labels',
  'theme',
  'logoFileId',
] as const satisfies readonly (keyof Settings)[];

/**
 * Throws NOT_FOUND for an event of something else, BAD_USER_INPUT for what is no edit, CONFLICT with the settings that
 * were changed since, and what updateAccount throws. A logo that was replaced comes back for whoever uploaded it.
 */
export async function revertAccountChange(
  db: AccountDatabase,
  viewer: Viewer,
  files: Files,
  eventId: string,
  reason: string | null,
): Promise<void> {
  const edit = await editToRevert(db, eventId, 'Account', NAMES, reason);
  await db.transaction(async (tx) => {
    const { id: _, revision, ...now } = await settingsForChange(tx);
    edit.requireUnchanged(now);
    const input = inputOf(edit.fields as Partial<Settings>, now);
    await updateAccount(tx, viewer, files, { ...input, expectedRevision: revision }, edit.words);
  });
}

/** The settings as `updateAccount` takes them: what is null of them is all modules, and a look comes whole. */
function inputOf(
  { modules, labels, theme, logoFileId, ...plain }: Partial<Settings>,
  now: Settings,
): Omit<UpdateAccountInput, 'expectedRevision'> {
  const look = {
    ...(theme ?? now.theme),
    logoFileId: logoFileId === undefined ? now.logoFileId : logoFileId,
  };
  return {
    ...plain,
    ...(modules !== undefined && { modules: modules ?? [...MODULES] }),
    ...(labels && {
      labels: Object.entries(labels).flatMap(([language, words]) =>
        Object.entries(words).map(([label, text]) => ({ language, label, text })),
      ),
    }),
    ...((theme !== undefined || logoFileId !== undefined) && { theme: look }),
  };
}
