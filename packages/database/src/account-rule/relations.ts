/** What a name in FROM stands for, as far as the account is concerned. */
import { type Tree, textOf } from './tree';

/** The PostgreSQL schemas whose tables belong to accounts. */
export const accountSchemas = ['identity', 'georegistry', 'submissions', 'datasets', 'platform'] as const;

/** Persons and what proves them: the only tables without an account. Identity alone writes them. */
export const tablesWithoutAccount: readonly string[] = [
  'identity.user',
  'identity.session',
  'identity.refresh_token',
  'identity.signing_key',
  'identity.sign_in_attempt',
  'identity.verification_key',
  'identity.mailbox_mail',
  'identity.mail_link',
  'identity.operator_token',
  'identity.registration',
  'identity.email_change',
  'identity.unproven_request',
  'identity.second_factor',
  'identity.recovery_code',
];

export type RelationKind =
  /** Rows of accounts: an equality on the account is demanded. */
  | 'account'
  /** A table without an account. */
  | 'person'
  /** A subquery or a WITH name, checked by itself: all its rows are of the account. */
  | 'derived'
  /** A temporary table, a function: nothing is known and nothing demanded. */
  | 'other';

export interface Relation {
  readonly alias: string;
  /** `schema.table`, or the bare name. */
  readonly name: string;
  readonly kind: RelationKind;
  /** The column that holds the account. */
  readonly accountColumn: string;
}

/** @param withNames names defined by WITH that are visible here */
export function relationOf(range: Tree, withNames: ReadonlySet<string>): Relation {
  const schema = textOf(range.schemaname);
  const table = textOf(range.relname) ?? '';
  const name = schema ? `${schema}.${table}` : table;
  const alias = aliasOf(range) ?? table;
  return { alias, name, kind: kindOf(schema, name, withNames), accountColumn: accountColumnOf(name) };
}

export function derivedRelation(alias: string, kind: 'derived' | 'other'): Relation {
  return { alias, name: alias, kind, accountColumn: 'account_id' };
}

export function aliasOf(range: Tree): string | undefined {
  return textOf((range.alias as Tree | undefined)?.aliasname);
}

function kindOf(schema: string | undefined, name: string, withNames: ReadonlySet<string>): RelationKind {
  if (!schema) return withNames.has(name) ? 'derived' : 'other';
  if (tablesWithoutAccount.includes(name)) return 'person';
  return accountSchemas.some((known) => known === schema) ? 'account' : 'other';
}

/** The account's own row is found by its id. */
function accountColumnOf(name: string): string {
  return name === 'identity.account' ? 'id' : 'account_id';
}
