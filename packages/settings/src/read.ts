/**
 * The environment is read once, at the start. A wrong value stops the start and names itself, so that nobody
 * finds out at night that a limit was never set.
 */
import type { z } from 'zod';
import { DEFINITIONS, decodeKey, type SettingDefinition } from './definitions';

type Definitions = typeof DEFINITIONS;
type Environment = Readonly<Record<string, string | undefined>>;

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<Name>;

/** Every setting under its name in camel case: `DATABASE_URL` is `databaseUrl`. */
export type Settings = Readonly<{
  [Name in keyof Definitions as CamelCase<Name>]: z.output<Definitions[Name]['schema']>;
}>;

export class SettingsError extends Error {
  override name = 'SettingsError';
  constructor(readonly problems: string[]) {
    super(`The settings cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** Reads and checks all settings; every wrong one is named in one SettingsError. An empty value counts as unset. */
export function readSettings(environment: Environment = process.env): Settings {
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(DEFINITIONS) as [string, SettingDefinition][]) {
    const given = environment[name] === '' ? undefined : environment[name];
    const result = definition.schema.safeParse(given);
    if (result.success) settings[camelCase(name)] = result.data;
    else problems.push(problem(name, definition, given));
  }
  if (environment.NODE_ENV === 'production' && !environment.MASTER_KEY) {
    problems.push('MASTER_KEY is missing: with NODE_ENV=production give 32 bytes in base64 or hexadecimal.');
  }
  if (environment.SMTP_URL && !environment.MAIL_FROM) {
    problems.push('MAIL_FROM is missing: with SMTP_URL give the address that mails come from.');
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return settings as Settings;
}

/** The master key and, after it, those before it, which still open what they sealed. */
export function masterKeys(settings: Settings): [Buffer, ...Buffer[]] {
  return [masterKey(settings), ...settings.masterKeyOld];
}

/** The bytes of the master key. Throws when there is none: whoever starts Iroko makes or demands one first. */
export function masterKey(settings: Settings): Buffer {
  const key = settings.masterKey && decodeKey(settings.masterKey);
  if (!key) throw new SettingsError(['MASTER_KEY is missing: give 32 bytes in base64 or hexadecimal.']);
  return key;
}

function problem(name: string, definition: SettingDefinition, given: string | undefined): string {
  const value = definition.secret ? 'its value (not shown)' : JSON.stringify(given);
  return `${name} is ${value}; allowed: ${definition.allowed}.`;
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
