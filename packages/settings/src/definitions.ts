/**
 * Every setting an operator can make, each described once. `docs/settings.md` is printed from this list.
 */
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const count = z.coerce.number().int().min(1);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const flag = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'])
  .transform((text) => ['true', '1', 'yes'].includes(text));
const url = (protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

export interface SettingDefinition<T = unknown> {
  description: string;
  /** What is allowed, in words, for the error and the documentation. */
  allowed: string;
  schema: z.ZodType<T, string | undefined>;
  /** Its value is never shown in an error or a log. */
  secret?: boolean;
}

function setting<T>(
  description: string,
  allowed: string,
  schema: z.ZodType<T, unknown>,
  options: { secret?: boolean } = {},
): SettingDefinition<T> {
  return { description, allowed, schema: schema as z.ZodType<T, string | undefined>, ...options };
}

/** `name=url` pairs. */
const addresses = list.pipe(
  z
    .array(
      z
        .string()
        .regex(/^[a-z]+=https?:\/\/[^\s=]+$/)
        .transform((pair) => pair.split('=') as [string, string]),
    )
    .transform((pairs): Readonly<Record<string, string>> => Object.fromEntries(pairs)),
);

export const DEFINITIONS = {
  NODE_ENV: setting(
    'In `production` there is no demo account and no mail page, and `MASTER_KEY` must be given.',
    'development, production or test',
    z.enum(['development', 'production', 'test']).default('development'),
  ),
  HOST: setting(
    'The address the door listens on.',
    'a host name or address',
    z.string().min(1).default('127.0.0.1'),
  ),
  PORT: setting('The port the door listens on; 0 takes a free one.', '0 to 65535', port.default(4000)),
  PUBLIC_URL: setting(
    'The address under which people reach Iroko, for links in answers and mails. Without it: http://HOST:PORT.',
    'an http or https URL',
    url(['http:', 'https:']).optional(),
  ),
  METRICS_PORT: setting(
    'The port of `/metrics`, on the loopback address only. Without it metrics are not served.',
    '0 to 65535',
    port.optional(),
  ),
  DATA_DIR: setting(
    'The folder of the embedded database, files and generated keys.',
    'a path',
    z.string().min(1).default('.data'),
  ),
  DATABASE_URL: setting(
    'A PostgreSQL 15 or newer. Without it an embedded server is started in `DATA_DIR`.',
    'a postgres:// or postgresql:// URL',
    url(['postgres:', 'postgresql:']).optional(),
    { secret: true },
  ),
  DATABASE_CONNECTIONS: setting(
    'Connections per subgraph and process, at most.',
    '1 or more',
    count.default(10),
  ),
  REDIS_URL: setting(
    'A Redis or Valkey for the queue. Without it the queue lives in PostgreSQL.',
    'a redis:// or rediss:// URL',
    url(['redis:', 'rediss:']).optional(),
    { secret: true },
  ),
  LOG_RETENTION_DAYS: setting(
    'How long changes stay in the log before they are put into files, per account, once a day. Without it they stay.',
    '30 or more',
    count.min(30).optional(),
  ),
  MASTER_KEY: setting(
    'Encrypts signing keys and secrets. `npm start` makes one in `DATA_DIR`; in production it must be given.',
    '32 bytes in base64 or hexadecimal',
    z
      .string()
      .refine((text) => decodeKey(text)?.length === 32, {
        message: 'must be 32 bytes in base64 or hexadecimal',
      })
      .optional(),
    { secret: true },
  ),
  MASTER_KEY_OLD: setting(
    'Master keys used before, separated by commas: they still open what they encrypted. `npm run iroko -- reseal` encrypts it all under `MASTER_KEY`; then leave them out.',
    'keys of 32 bytes in base64 or hexadecimal',
    list
      .transform((keys) => keys.map(decodeKey))
      .refine((keys): keys is Buffer[] => keys.every((key) => key?.length === 32), {
        message: 'must be keys of 32 bytes in base64 or hexadecimal',
      })
      .default([]),
    { secret: true },
  ),
  LOG_LEVEL: setting(
    'The least important log line that is written.',
    'fatal, error, warn, info, debug, trace or silent',
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  ),
  CORS_ORIGINS: setting(
    'Origins whose pages may call the API, separated by commas. None by default.',
    'origins such as https://maps.example.org',
    list.default([]),
  ),
  ACCOUNT_HOST_SUFFIX: setting(
    'What follows the slug of an account in host names: with `iroko.example.org` a request to `moh.iroko.example.org` without authorization reads what the account `moh` shows to everybody. None by default.',
    'a host name',
    z.string().optional(),
  ),
  TRUST_PROXY: setting(
    'Addresses of proxies whose forwarded address and host count, separated by commas. None by default.',
    'IP addresses or CIDR ranges',
    list.default([]),
  ),
  OUTBOUND_ALLOW: setting(
    'Private or loopback targets that calls to the outside may reach, separated by commas. None by default.',
    'CIDR ranges or host:port',
    list.default([]),
  ),
  SMTP_URL: setting(
    'The mail server. Without it mails are kept in a mailbox that the operator reads with `npm run iroko -- mail`.',
    'an smtp:// or smtps:// URL such as smtp://user:password@mail.example.org:587',
    url(['smtp:', 'smtps:']).optional(),
    { secret: true },
  ),
  MAIL_FROM: setting(
    'The sender of mails; its address should be one that the mail server may send for.',
    'an address such as iroko@example.org or Iroko <iroko@example.org>',
    z
      .string()
      .regex(
        /^(?:[^\p{Cc}<>",;:@]+ <[^\s\p{Cc}<>",;:@]+@[^\s\p{Cc}<>",;:@]+>|[^\s\p{Cc}<>",;:@]+@[^\s\p{Cc}<>",;:@]+)$/u,
      )
      .default('Iroko <iroko@localhost>'),
  ),
  SIGN_UP: setting(
    'Whether strangers may found an account (`open`), or accounts come from set-up alone (`closed`).',
    'open or closed',
    z.enum(['open', 'closed']).default('closed'),
  ),
  LINK_URL: setting(
    'The page that links in mails lead to; what a link proves follows the `#`. Without it: `/link` of Iroko itself.',
    'an http or https URL such as https://dashboard.example.org/link',
    url(['http:', 'https:']).optional(),
  ),
  UPLOAD_LIMIT_MB: setting(
    'The largest file that can be uploaded, in megabytes.',
    '1 or more',
    count.default(1024),
  ),
  REQUEST_LIMIT_KB: setting(
    'The largest GraphQL request body, in kilobytes.',
    '1 or more',
    count.default(512),
  ),
  QUERY_DEPTH_LIMIT: setting('How deep a GraphQL operation may be nested.', '1 or more', count.default(15)),
  QUERY_ALIAS_LIMIT: setting('Aliases in one GraphQL operation, at most.', '1 or more', count.default(100)),
  QUERY_ROOT_FIELD_LIMIT: setting(
    'Root fields in one GraphQL operation, at most.',
    '1 or more',
    count.default(30),
  ),
  QUERY_TOKEN_LIMIT: setting(
    'Lexical tokens in one GraphQL document, at most.',
    '1 or more',
    count.default(5000),
  ),
  QUERY_COST_LIMIT: setting(
    'The cost of one GraphQL operation, at most: every field costs 1, times the page sizes around it.',
    '1 or more',
    count.default(200_000),
  ),
  RATE_LIMIT_PER_MINUTE: setting(
    'Requests a minute from one token or address, at most.',
    '1 or more',
    count.default(6000),
  ),
  LIVE_CONNECTION_LIMIT: setting(
    'WebSockets and event streams that one address may have open at once in one process.',
    '1 or more',
    count.default(1000),
  ),
  LIVE_SUBSCRIPTION_LIMIT: setting(
    'Subscriptions that one token may have open at once in one process, or one address without a token.',
    '1 or more',
    count.default(100),
  ),
  JOB_CONCURRENCY: setting('Jobs one worker process runs at once.', '1 or more', count.default(4)),
  ARGON2_MEMORY_KB: setting(
    'Memory for hashing one password, in kilobytes.',
    '8192 or more',
    z.coerce.number().int().min(8192).default(19_456),
  ),
  ARGON2_PASSES: setting(
    'Passes for hashing one password.',
    '2 or more',
    z.coerce.number().int().min(2).default(2),
  ),
  SUBGRAPH_URLS: setting(
    'Where the gateway finds subgraphs that run apart, separated by commas. Those not named: http://NAME:4001/graphql.',
    'pairs such as identity=http://10.0.0.5:4001/graphql',
    addresses.default({}),
  ),
  DEMO: setting(
    'Whether the demo account and its tree are made at the first start with the embedded database.',
    'true or false',
    flag.default(true),
  ),
} satisfies Record<string, SettingDefinition>;

/** The bytes of a key given in hexadecimal or base64, or undefined when it is neither. */
export function decodeKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  return undefined;
}
