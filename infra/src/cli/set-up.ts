/**
 * `npm run iroko -- setup` and `operator-token`: accounts and the tokens that make them, on the machine of the database.
 * What they ask of jobs (an invitation by mail, a data source) is done by the running Iroko.
 */
import { parseArgs } from 'node:util';
import { Database, newId } from '@iroko/database';
import {
  createOperatorToken,
  listOperatorTokens,
  passwordsOf,
  revokeOperatorToken,
  type SetUpInput,
  setUpAccount,
} from '@iroko/identity';
import { readSettings, type Settings } from '@iroko/settings';
import { reachDatabase } from '../stack/reach-database';
import { CommandFailure } from './failure';

const USAGE = ['npm run iroko -- help shows what there is.'];
const TOKEN_DAYS = 90;

const OPTIONS = {
  key: { type: 'string' },
  slug: { type: 'string' },
  name: { type: 'string' },
  admin: { type: 'string' },
  'first-name': { type: 'string' },
  'last-name': { type: 'string' },
  language: { type: 'string' },
  'time-zone': { type: 'string' },
  project: { type: 'string' },
  'app-id': { type: 'string' },
  source: { type: 'string' },
  days: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof read>['values'];

/** What is printed: a value for machines, lines for people. */
export interface Printed {
  json: boolean;
  value: Record<string, unknown>;
  lines: string[];
}

export async function runSetUp(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Printed> {
  const { values, positionals } = read(argv);
  if (positionals.length > 0) throw new CommandFailure('setup takes options alone.', USAGE);
  const input = setUpInput(values, env.IROKO_ADMIN_PASSWORD);
  const made = await onDatabase(env, (database, settings) =>
    setUpAccount({ database, passwords: passwordsOf(settings) }, input, `set-up-${newId()}`),
  );
  const lines = made.created
    ? [
        `Account ${made.slug} was set up: ${made.accountId}`,
        ...(made.invited ? [`An invitation goes to ${input.administrator.email}.`] : []),
        ...(input.source ? [`The data source ${input.source} is made by a job.`] : []),
      ]
    : [`The key ${input.key} set up account ${made.slug} before: ${made.accountId}. Nothing was changed.`];
  return { json: values.json ?? false, value: { ...made }, lines };
}

function setUpInput(values: Values, password: string | undefined): SetUpInput {
  const { slug, name, admin, key = slug, language, project, source } = values;
  if (!slug || !name || !admin || !key) {
    throw new CommandFailure('setup needs --slug SLUG, --name NAME and --admin EMAIL.', USAGE);
  }
  if (values['app-id'] !== undefined && project === undefined) {
    throw new CommandFailure('--app-id is the app id of a project: give --project NAME, too.', USAGE);
  }
  return {
    key,
    slug,
    name,
    ...given('timeZone', values['time-zone']),
    ...given('language', language),
    ...given('source', source),
    ...(project === undefined ? {} : { project: { name: project, ...given('appId', values['app-id']) } }),
    administrator: {
      email: admin,
      ...given('password', password || undefined),
      ...given('firstName', values['first-name']),
      ...given('lastName', values['last-name']),
    },
  };
}

export async function runOperatorToken(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Printed> {
  const { values, positionals } = read(argv);
  const [what, id, ...more] = positionals;
  const json = values.json ?? false;
  if (more.length > 0) throw new CommandFailure('operator-token got one argument too many.', USAGE);
  if (what === 'create' && id === undefined) {
    const { name, days = String(TOKEN_DAYS) } = values;
    if (!name) throw new CommandFailure('operator-token create needs --name NAME: what it is for.', USAGE);
    const { token, row } = await onDatabase(env, (database) =>
      createOperatorToken(database, { name, days: Number(days) }),
    );
    const until = row.expiresAt.toISOString();
    return { json, value: { token, ...row }, lines: [token, `Good until ${until}. It is not shown again.`] };
  }
  if (what === 'list' && id === undefined) {
    const tokens = await onDatabase(env, listOperatorTokens);
    const lines = tokens.map(({ id: tokenId, name, expiresAt, lastUsedAt, revokedAt }) =>
      [
        tokenId,
        name,
        revokedAt ? `revoked ${revokedAt.toISOString()}` : `until ${expiresAt.toISOString()}`,
        lastUsedAt ? `last used ${lastUsedAt.toISOString()}` : 'never used',
      ].join('  '),
    );
    return { json, value: { tokens }, lines: lines.length > 0 ? lines : ['There are no operator tokens.'] };
  }
  if (what === 'revoke' && id !== undefined) {
    await onDatabase(env, (database) => revokeOperatorToken(database, id));
    return { json, value: { id }, lines: [`Operator token ${id} is revoked.`] };
  }
  throw new CommandFailure('operator-token takes create --name NAME, list, or revoke ID.', USAGE);
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [message] = (error as Error).message.split('. ');
    throw new CommandFailure(`${message?.replace(/\.$/, '')}.`, USAGE);
  }
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value };
}

async function onDatabase<Result>(
  env: NodeJS.ProcessEnv,
  work: (database: Database, settings: Settings) => Promise<Result>,
): Promise<Result> {
  const settings = readSettings(env);
  const reached = await reachDatabase(settings);
  const database = new Database({ url: reached.url, name: 'set-up' });
  try {
    return await work(database, settings);
  } finally {
    await database.close();
    await reached.stop();
  }
}
