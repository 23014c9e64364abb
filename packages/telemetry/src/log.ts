/**
 * Structured logs. One line is one JSON object; `requestId` ties the lines of a request together through
 * gateway, subgraphs and jobs.
 */
import pino from 'pino';

export type Logger = pino.Logger;

/** Fields that would carry a secret into a log, wherever they stand. */
const SECRET_FIELDS = [
  'authorization',
  'password',
  'token',
  'refreshToken',
  'accessToken',
  'secret',
  'masterKey',
  'masterKeyOld',
  'masterKeys',
];

/** A logger that writes to standard error, so that standard output stays free for answers of commands. */
export function createLogger(options: { level: string; name?: string }): Logger {
  return pino(
    {
      level: options.level,
      base: options.name ? { name: options.name } : {},
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[not logged]',
      },
    },
    pino.destination({ fd: 2, sync: false }),
  );
}

/** A logger that writes nothing, for code that runs without an operator. */
export const silentLogger: Logger = pino({ level: 'silent' });
