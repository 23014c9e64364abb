/**
 * Changing what an account says of itself: name, languages, modules, its own words and its look.
 */
import { asRevert, type RevertWords, recordChange } from '@iroko/changes';
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import { badInput, conflict, limitExceeded } from '@iroko/errors';
import type { Files } from '@iroko/files';
import { isModule, MODULES, MODULES_ALWAYS_ON, type Viewer } from '@iroko/viewer';
import { ownFile } from '../../files/own-file';
import { requireWholeAccount } from '../../scope/member-scope';
import { checkedLanguage, checkedName, checkedTimeZone } from '../account-form';
import {
  type AccountSettingsRow,
  type Labels,
  saveSettings,
  settingsForChange,
  type Theme,
} from './settings.sql';
import type { LabelTranslationInput, ThemeInput, UpdateAccountInput } from './settings-type';

const LABELS_MAX = 1000;
const LABEL_LENGTH_MAX = 200;
const TEXT_LENGTH_MAX = 500;
const LOGO_BYTES_MAX = 1_000_000;
const LOGO_TYPES = ['image/png', 'image/jpeg'];
const COLOUR = /^#[0-9a-f]{6}$/;

type Settings = Omit<AccountSettingsRow, 'id' | 'revision'>;

/** Throws BAD_USER_INPUT, NOT_FOUND for the logo, FORBIDDEN for a limited scope, and CONFLICT for another revision. */
export async function updateAccount(
  db: AccountDatabase,
  viewer: Viewer,
  files: Files,
  input: UpdateAccountInput,
  revert?: RevertWords,
): Promise<void> {
  requireWholeAccount(viewer.scope, 'The account itself');
  const logoFileId = await checkedLogo(db, viewer, files, input.theme);
  await db.transaction(async (tx) => {
    const { id: _, revision, ...before } = await settingsForChange(tx);
    if (revision !== input.expectedRevision) {
      throw conflict(`The account was changed meanwhile: it has the revision ${revision}.`, {
        expectedRevision: input.expectedRevision,
        actualRevision: revision,
      });
    }
    const after = changed(before, input, logoFileId);
    const names = (Object.keys(after) as (keyof Settings)[]).filter(
      (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    );
    if (names.length === 0) return;
    if (after.logoFileId !== null && names.includes('logoFileId')) await files.keep(tx, after.logoFileId);
    await saveSettings(tx, after);
    await record(tx, names, before, after, revert);
  });
}

function changed(before: Settings, input: UpdateAccountInput, logoFileId: string | null): Settings {
  const languages = input.languages ? checkedLanguages(input.languages) : before.languages;
  const language =
    input.language == null ? before.language : checkedLanguage(input.language, ['input', 'language']);
  if (!languages.includes(language)) {
    throw badInput(`The account speaks ${language} to people who chose nothing, so it has to offer it.`, {
      path: ['input', 'languages'],
    });
  }
  return {
    name: input.name == null ? before.name : checkedName(input.name, ['input', 'name']),
    timeZone:
      input.timeZone == null ? before.timeZone : checkedTimeZone(input.timeZone, ['input', 'timeZone']),
    language,
    languages,
    modules: input.modules ? checkedModules(input.modules) : before.modules,
    labels: input.labels ? checkedLabels(input.labels, languages) : before.labels,
    theme: input.theme ? checkedTheme(input.theme) : before.theme,
    logoFileId: input.theme ? logoFileId : before.logoFileId,
  };
}

function checkedLanguages(given: readonly string[]): string[] {
  const path = ['input', 'languages'];
  if (given.length === 0) throw badInput('An account offers at least one language.', { path });
  return [...new Set(given.map((language) => checkedLanguage(language, path)))].sort();
}

/** Null when all are on, so that those of later releases are too. */
function checkedModules(given: readonly string[]): string[] | null {
  const unknown = given.find((name) => !isModule(name));
  if (unknown !== undefined) {
    throw badInput(
      `There is no module ${JSON.stringify(unknown.slice(0, 100))}; there are ${MODULES.join(', ')}.`,
      {
        path: ['input', 'modules'],
      },
    );
  }
  const on = new Set([...MODULES_ALWAYS_ON, ...given]);
  return MODULES.every((name) => on.has(name)) ? null : MODULES.filter((name) => on.has(name));
}

function checkedLabels(given: readonly LabelTranslationInput[], languages: readonly string[]): Labels {
  if (given.length > LABELS_MAX) {
    throw limitExceeded(
      `An account has at most ${LABELS_MAX} words of its own.`,
      'labels',
      LABELS_MAX,
      given.length,
    );
  }
  const labels: Labels = {};
  for (const [index, { language, label, text }] of given.entries()) {
    const path = ['input', 'labels', String(index)];
    if (!languages.includes(language)) {
      throw badInput(`The account does not offer the language ${JSON.stringify(language.slice(0, 20))}.`, {
        path,
      });
    }
    const words = labels[language] ?? {};
    labels[language] = words;
    if (Object.hasOwn(words, label))
      throw badInput(`The label ${label.slice(0, 100)} is given twice.`, { path });
    words[checkedWord(label, LABEL_LENGTH_MAX, path)] = checkedWord(text, TEXT_LENGTH_MAX, path);
  }
  return labels;
}

function checkedWord(text: string, lengthMax: number, path: string[]): string {
  if (text.trim() !== '' && text.length <= lengthMax && !/[\p{Cc}\p{Cs}]/u.test(text)) return text;
  throw badInput(
    `A label has 1 to ${LABEL_LENGTH_MAX} characters on one line, its text 1 to ${TEXT_LENGTH_MAX}.`,
    {
      path,
    },
  );
}

function checkedTheme({ title, primaryColour, secondaryColour }: ThemeInput): Theme {
  const path = ['input', 'theme'];
  return {
    ...(title == null ? {} : { title: checkedName(title, [...path, 'title']) }),
    ...(primaryColour == null ? {} : { primaryColour: checkedColour(primaryColour, 'primaryColour') }),
    ...(secondaryColour == null
      ? {}
      : { secondaryColour: checkedColour(secondaryColour, 'secondaryColour') }),
  };
}

function checkedColour(colour: string, field: string): string {
  if (COLOUR.test(colour.toLowerCase())) return colour.toLowerCase();
  throw badInput('A colour is written as #rrggbb.', { path: ['input', 'theme', field] });
}

/** Pictures alone: a logo is shown to everybody, and a page of markup in its place would speak as the product. */
async function checkedLogo(
  db: AccountDatabase,
  viewer: Viewer,
  files: Files,
  theme: ThemeInput | null | undefined,
): Promise<string | null> {
  const id = theme?.logoFileId ?? null;
  if (id === null) return null;
  const { contentType, size } = await ownFile(db, viewer, files, id);
  if (LOGO_TYPES.includes(contentType) && size <= LOGO_BYTES_MAX) return id;
  throw badInput('A logo is a PNG or JPEG of at most 1 MB.', {
    path: ['input', 'theme', 'logoFileId'],
  });
}

function record(
  tx: AccountTransaction,
  names: readonly (keyof Settings)[],
  before: Settings,
  after: Settings,
  revert: RevertWords | undefined,
): Promise<string> {
  const picked = (settings: Settings) => Object.fromEntries(names.map((name) => [name, settings[name]]));
  const change = {
    subjectType: 'Account',
    subjectId: tx.account,
    action: 'UPDATE',
    before: picked(before),
    after: picked(after),
  };
  return recordChange(tx, asRevert(change, revert));
}
