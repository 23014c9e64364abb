/**
 * A person becomes a member of an account, by invitation or because the account lets their mail domain in.
 */
import { recordChange } from '@iroko/changes';
import type { AccountTransaction } from '@iroko/database';
import { conflict } from '@iroko/errors';
import { type MemberScope, NO_LIMIT } from '../scope/member-scope';
import { insertJoining } from './join.sql';
import { giveRoleTo } from './memberships.sql';

export interface Joining extends MemberScope {
  permissions: readonly string[];
  roleIds: readonly string[];
}

/** In every project and place, with nothing that they may do yet. */
export const WITHOUT_RIGHTS: Joining = {
  permissions: [],
  roleIds: [],
  ...NO_LIMIT,
};

/** Throws CONFLICT for somebody who is a member already. */
export async function joinAccount(
  tx: AccountTransaction,
  userId: string,
  joining: Joining,
  how: Readonly<Record<string, unknown>>,
): Promise<void> {
  if ((await insertJoining(tx, userId, joining.permissions, joining)) === 0) {
    throw conflict('You are a member of this account already.');
  }
  for (const roleId of joining.roleIds) await giveRoleTo(tx, userId, roleId);
  await recordChange(tx, {
    subjectType: 'Membership',
    subjectId: userId,
    action: 'CREATE',
    before: null,
    after: { userId, ...joining, ...how },
  });
}
