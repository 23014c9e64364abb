/** `docs/settings.md`: every setting an operator can make. */
import { DEFINITIONS, type SettingDefinition } from '@iroko/settings';
import { type Page, table } from './page';

const INTRODUCTION = `# Settings

<!-- Printed from packages/settings/src/definitions.ts by \`npm run pages\`. -->

All from the environment, read once at the start. A wrong value ends the start with the setting, the value and what
is allowed; the values of secrets are never shown.
`;

function defaultOf({ schema }: SettingDefinition): string {
  const result = schema.safeParse(undefined);
  if (!result.success) return 'required';
  const value = result.data;
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  if (value === undefined || isEmpty) return 'none';
  return `\`${String(value)}\``;
}

export const settingsPage: Page = {
  file: 'settings.md',
  render: () => {
    const definitions = Object.entries<SettingDefinition>(DEFINITIONS as Record<string, SettingDefinition>);
    const rows = definitions.map(([name, definition]) => [
      `\`${name}\``,
      definition.description + (definition.secret ? ' Secret.' : ''),
      definition.allowed,
      defaultOf(definition),
    ]);
    return `${INTRODUCTION}\n${table(['setting', 'what it does', 'allowed', 'default'], rows)}\n`;
  },
};
