/**
 * What an operator proves themselves with over the API. Made and revoked on the machine of the database alone: no
 * token makes another, and no administrator of an account makes any.
 */
import { randomBytes } from 'node:crypto';
import { type Database, isId, newId } from '@iroko/database';
import { badInput, notFound, unauthenticated } from '@iroko/errors';
import { tokenHash } from '@iroko/viewer';
import { checkedName } from '../accounts/account-form';
import {
  insertOperatorToken,
  type OperatorTokenRow,
  operatorTokens,
  revokeOperatorTokenRow,
  useOperatorToken,
} from './operator-tokens.sql';

export type { OperatorTokenRow } from './operator-tokens.sql';

const FORM = /^irokoo_[A-Za-z0-9_-]{43}$/;
const DAYS_MAX = 731;

/** The token is shown here and never again. Throws BAD_USER_INPUT. */
export async function createOperatorToken(
  database: Database,
  { name, days }: { name: string; days: number },
): Promise<{ token: string; row: OperatorTokenRow }> {
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX) {
    throw badInput(`A token is good for 1 to ${DAYS_MAX} days.`, { path: ['days'] });
  }
  const token = `irokoo_${randomBytes(32).toString('base64url')}`;
  const inserted = { id: newId(), name: checkedName(name, ['name']), hash: tokenHash(token), days };
  return { token, row: await insertOperatorToken(database.system, inserted) };
}

export function listOperatorTokens(database: Database): Promise<OperatorTokenRow[]> {
  return operatorTokens(database.system);
}

/** Revoking twice is no error. Throws NOT_FOUND. */
export async function revokeOperatorToken(database: Database, id: string): Promise<void> {
  if (!isId(id) || (await revokeOperatorTokenRow(database.system, id)) === 0) {
    throw notFound('OperatorToken', id);
  }
}

/** Throws UNAUTHENTICATED for a token that is unknown, revoked or expired. */
export async function requireOperator(database: Database, token: string): Promise<void> {
  const found = FORM.test(token) ? await useOperatorToken(database.system, tokenHash(token)) : undefined;
  if (!found) throw unauthenticated('This is no operator token.', 'unknown');
  if (found.revoked) throw unauthenticated('This operator token was revoked.', 'revoked');
  if (found.expired) throw unauthenticated('This operator token has expired.', 'expired');
}
