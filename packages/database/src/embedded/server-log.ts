/** The file into which the embedded PostgreSQL writes its own messages. */
import { readFileSync, statSync, truncateSync } from 'node:fs';

const logBytesMax = 16 * 1024 * 1024;

/** Begins the log anew at a start when it has grown large: nobody else rotates it. */
export function shortenLog(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logBytesMax) truncateSync(path);
}

/** The end of the log, for a message to the person who started us. */
export function lastLines(path: string, count = 8): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '(no log was written)';
  }
}
