/** What was typed, checked before anything is sent. */
import { parseArgs } from 'node:util';
import { CommandFailure } from './failure';

export interface ImportCommand {
  name: 'import';
  file: string;
  /** A JSON file; needed for CSV and XLSX. */
  mapping?: string;
  /** The name or id of the source. */
  source: string;
  /** Make the source where there is none of that name. */
  createSource: boolean;
  url: string;
  token: string;
  dryRun: boolean;
  strict: boolean;
  keepAbsent: boolean;
  json: boolean;
}

export interface VerifyLogCommand {
  name: 'verify-log';
  /** The id of one account; all without it. */
  account?: string;
  json: boolean;
}

export interface MailCommand {
  name: 'mail';
  /** Only mails to this address. */
  to?: string;
  /** How many, the newest first. */
  limit: number;
  json: boolean;
}

/** Commands about keys, on the machine of the database. */
export interface KeysCommand {
  name: 'reseal' | 'rotate-signing-key';
  json: boolean;
}

export type Command = ImportCommand | VerifyLogCommand | MailCommand | KeysCommand | { name: 'help' };

const KEY_COMMANDS: readonly string[] = ['reseal', 'rotate-signing-key'] satisfies KeysCommand['name'][];

const DEFAULT_MAILS = 10;
const DEFAULT_URL = 'http://127.0.0.1:4000/';

export const HELP = `Usage: npm run iroko -- COMMAND [OPTIONS]

Commands
  import FILE   Import a file of org units into the draft of a source, and report what became of every row.
  verify-log    For operators, on the machine of the database: check that nobody changed the log of changes, nor
                the files of its archives, and name the first broken link of each account.
  setup         For operators, on the machine of the database: set an account up, with its administrator.
  operator-token create | list | revoke ID
                For operators, on the machine of the database: tokens that set accounts up over the API.
  mail          For operators, on the machine of the database: show the mails that were kept because no mail server
                is set.
  reseal        For operators: encrypt everything under MASTER_KEY that MASTER_KEY_OLD encrypted (docs/keys.md).
  rotate-signing-key
                For operators: sign access tokens with a new key from now on. Nobody is signed out.
  help          Show this text.

Options of import
  --source NAME    The source the file belongs to: its name or its id.
  --create         Make the source when there is none of that name.
  --mapping FILE   For CSV and XLSX: a JSON file that says which columns mean what (docs/guides/first-import.md).
  --dry-run        Say what would change and write nothing.
  --strict         Refuse the whole file when a single row cannot be taken.
  --keep-absent    Keep units that the file does not hold. Without it the file is the whole tree and they are
                   removed, except by a GeoPackage.
  --url URL        Where Iroko is. Otherwise IROKO_URL, otherwise ${DEFAULT_URL}
  --token TOKEN    An API token. Better in IROKO_TOKEN: other users of a machine can read arguments.
  --json           Print one JSON object for machines instead of text.

Options of verify-log
  --account ID     One account; all without it.
  --json           Print one JSON object for machines instead of text.

Options of setup
  --slug SLUG      The account's short name in addresses: small letters, digits and hyphens.
  --name NAME      Its name.
  --admin EMAIL    Its administrator. With a password in IROKO_ADMIN_PASSWORD they can sign in at once; without one
                   they are mailed an invitation. --first-name and --last-name name them.
  --key KEY        The same key gives the same account again and changes nothing; the slug without it.
  --language LANG, --time-zone ZONE
                   Of the account: en, fr or pt; an IANA name. Without them en and UTC.
  --project NAME   A project to begin with; --app-id ID is what apps on phones call it.
  --source NAME    A data source to begin with, with its draft.
  --json           Print one JSON object for machines instead of text.

Options of operator-token create
  --name NAME      What it is for.
  --days N         How long it is good, 1 to 731; 90 without it.

Options of mail
  --to ADDRESS     Only mails to this address.
  --limit N        So many, the newest first; ${DEFAULT_MAILS} without it.
  --json           Print one JSON object for machines instead of text.

Commands for operators read DATABASE_URL, DATA_DIR and MASTER_KEY as npm start does.

Exit code
  0   Everything landed (with --dry-run: everything would); every log is intact.
  1   A log is broken, or nothing was written: wrong call, not reachable, not allowed, refused, failed or cancelled.
  2   Landed, except for rows that are in quarantine; the report names them.
  3   The connection was lost for two minutes while the job was at work; it goes on when Iroko does.
`;

const OPTIONS = {
  source: { type: 'string' },
  create: { type: 'boolean' },
  mapping: { type: 'string' },
  'dry-run': { type: 'boolean' },
  strict: { type: 'boolean' },
  'keep-absent': { type: 'boolean' },
  url: { type: 'string' },
  token: { type: 'string' },
  account: { type: 'string' },
  to: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const USAGE = ['npm run iroko -- help shows what there is.'];

/** Whether machines are to read the answer; asked even when the rest of the call cannot be understood. */
export const wantsJson = (argv: readonly string[]) => argv.includes('--json');

/** Throws CommandFailure that says which argument is wrong and what is allowed. */
export function parseCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Command {
  const { values, positionals } = split(argv);
  const [name, ...rest] = positionals;
  if (name === undefined || name === 'help' || values.help) return { name: 'help' };
  if (name === 'verify-log') {
    if (rest.length > 0) throw new CommandFailure('verify-log takes no file.', USAGE);
    const { account, json = false } = values;
    return { name, json, ...(account === undefined ? {} : { account }) };
  }
  if (name === 'mail') {
    if (rest.length > 0) throw new CommandFailure('mail takes no file.', USAGE);
    const { to, json = false } = values;
    return { name, json, limit: readLimit(values.limit), ...(to === undefined ? {} : { to }) };
  }
  if (KEY_COMMANDS.includes(name)) {
    if (rest.length > 0) throw new CommandFailure(`${name} takes no file.`, USAGE);
    return { name: name as KeysCommand['name'], json: values.json ?? false };
  }
  if (name !== 'import') throw new CommandFailure(`There is no command ${JSON.stringify(name)}.`, USAGE);
  const [file, ...more] = rest;
  if (!file) throw new CommandFailure('import needs the file to import.', USAGE);
  if (more.length > 0) {
    throw new CommandFailure(`import takes one file; ${JSON.stringify(more[0])} is one too many.`, USAGE);
  }
  const source = values.source?.trim();
  if (!source) throw new CommandFailure('import needs --source NAME: the source the file belongs to.', USAGE);
  const token = values.token ?? env.IROKO_TOKEN;
  if (!token) {
    throw new CommandFailure('There is no API token.', [
      'Set IROKO_TOKEN, or give --token. docs/guides/tokens-and-notebooks.md says how to get one.',
    ]);
  }
  return {
    name,
    file,
    source,
    createSource: values.create ?? false,
    token,
    url: readUrl(values.url ?? env.IROKO_URL ?? DEFAULT_URL),
    dryRun: values['dry-run'] ?? false,
    strict: values.strict ?? false,
    keepAbsent: values['keep-absent'] ?? false,
    json: values.json ?? false,
    ...(values.mapping === undefined ? {} : { mapping: values.mapping }),
  };
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MAILS;
  if (/^[1-9][0-9]{0,3}$/.test(text)) return Number(text);
  throw new CommandFailure('--limit takes a number from 1 to 9999.', USAGE);
}

function split(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's words name the option and are meant for people; its second sentence is about its own rules.
    const [message] = (error as Error).message.split('. ');
    throw new CommandFailure(`${message?.replace(/\.$/, '')}.`, USAGE);
  }
}

/** With a slash at its end, so that paths are added below it, also behind a proxy that serves a folder. */
function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new CommandFailure(`--url must be an http or https address, not ${JSON.stringify(text)}.`);
  }
  url.hash = '';
  url.search = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url.href;
}
