import type { IncomingHttpHeaders } from 'node:http';
import { newId } from '@iroko/database';

const ACCEPTED = /^[\w.-]{8,64}$/;

/** The id that a caller gave its request, when it has an acceptable form, or a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && ACCEPTED.test(given) ? given : newId();
}
