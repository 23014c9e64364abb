import { badInput } from '@iroko/errors';
import { XmlDefect } from './defect';

/** A defect of a document, in the words of the API; anything else is passed on as it is. */
export function asBadInput(error: unknown, path: string[]): unknown {
  return error instanceof XmlDefect ? badInput(error.message, { path, reason: error.reason }) : error;
}
